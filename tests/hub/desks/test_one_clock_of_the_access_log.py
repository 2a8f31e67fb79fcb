"""Every line of the log of access is stamped by the machine's clock: the hub's is set by tests and simulators."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hub
from hub.accounts.access_log import read_access
from hub.database.transactions import reading
from tests.hub.desks.test_desks import CITY, send
from tests.hub.desks.test_own_words import collected
from tests.hub.desks.test_telephones import agreed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hub.gate.conftest import GuardedHub

CODE = Path(hub.__file__).parent
MACHINES = {
    "now_ms()", "self.now()", "self._now()", "self.tried_at()", "book.tried_at()", "reception.now()",
    "self._reception.now()", "pages.reception.now()",
}  # fmt: skip
"""How the code spells the clock of the accounts; `tried_at` is that of whom a code was claimed by."""


def stamps() -> Iterator[tuple[str, str]]:
    """By what each line is stamped, and where; what a function is given is looked for in its file's calls of it."""
    for file in sorted(CODE.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "log_access(" not in text or file.name == "access_log.py":
            continue
        tree = ast.parse(text)
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
        for call in calls_of(tree, "log_access"):
            around = [one for one in functions if one.lineno <= call.lineno <= (one.end_lineno or 0)]
            for said in spelled(tree, around, keyword(call, "now_ms")):
                yield f"{file.relative_to(CODE)}:{call.lineno}", said


def calls_of(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        one for one in ast.walk(tree)
        if isinstance(one, ast.Call) and ast.unparse(one.func).rpartition(".")[2] == name
    ]  # fmt: skip


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def spelled(tree: ast.AST, around: list[ast.FunctionDef | ast.AsyncFunctionDef], value: ast.expr | None) -> list[str]:
    """What a value is, looked for inside out."""
    if not isinstance(value, ast.Name):
        return ["nothing" if value is None else ast.unparse(value)]
    for function in reversed(around):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                (target,) = node.targets
                pairs = (
                    zip(target.elts, node.value.elts, strict=True)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                for one, said in pairs:
                    if isinstance(one, ast.Name) and one.id == value.id:
                        return [ast.unparse(said)]
        named = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
        if value.id in named:
            given = [
                keyword(call, value.id) or at(call, named.index(value.id)) for call in calls_of(tree, function.name)
            ]
            return [ast.unparse(one) if one else "nothing" for one in given] or ["nobody"]
    return [value.id]


def at(call: ast.Call, place: int) -> ast.expr | None:
    return call.args[place] if place < len(call.args) else None


def test_every_line_is_stamped_by_one_clock() -> None:
    found = list(stamps())

    assert len(found) >= 30
    assert [(where, said) for where, said in found if said not in MACHINES] == []


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("GET /stations/ZG-02/amend", "looked_at_taps"), ("GET /people/p1/taps", "looked_at_person"),
        ("POST /people/p1/sign-in-link", "invited"), ("GET /people/p1", "looked_at_telephone"),
        ("GET /city/stations/ZG-02", "looked_at_telephone"), ("GET /city/export.xlsx", "exported"),
        ("GET /kiosks/zg-02-a/log", "looked_at_log"),
    ],
)  # fmt: skip
def test_what_somebody_looks_at_is_stamped_by_the_clock_of_who_came_in(
    desks: GuardedHub, monkeypatch: pytest.MonkeyPatch, asked: str, what: str
) -> None:
    agreed(desks)
    key, method, path = desks.session("wang", CITY), *asked.split()
    assert desks.reception is not None
    with desks.ask(key) as client:
        send(client, "/city/stations/ZG-02/telephones", telephone="0355-2000123")
        if path.endswith("/log"):
            collected(desks)
        standing = desks.reception.now() + 1
        monkeypatch.setattr(desks.reception, "now", lambda: standing)
        answer = send(client, path) if method == "POST" else client.get(path)
    assert answer.status_code == 200

    with reading(desks.engine) as connection:
        assert [one.at_ms for one in read_access(connection, 1, {what})] == [standing]
