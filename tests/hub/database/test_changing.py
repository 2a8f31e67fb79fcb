"""Two who look and then write over what they saw: one after the other, on either database."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import hub
from hub.database.transactions import changing, reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT_ONCE, EACH = 6, 10
BESIDE = {
    "alarms.courses": "rows of the keeper's own, which is one of a hub",
    "alarms.postman": "rows by their numbers, and what was taken back meanwhile stays so",
    "alarms.writing_down": "locks the alarms that it changes",
    "asking.dispatch": "forgets what expired long ago",
    "clearing": "deletes what nobody changes any more",
    "coverage.keeper": "rows of its own; what became due meanwhile stays due",
    "database.origin": "one row, at the start and after a backup",
    "database.transactions": "what `changing` goes by",
    "finding_log": "rows of its own",
    "importing.importer": "adds what cards are called, as kiosks do",
    "intake.store": "locks the runs that it changes",
    "ledger.known": "rows of the ledger's owner, which is one of a hub",
    "rebuilding.rebuilding": "where nobody else may write",
    "rebuilding.rereading": "where nobody else may write",
}
"""Who writes by `writing`, and why that goes beside `changing`: whoever looks at what others change goes by that."""


def test_what_one_looked_at_is_so_until_it_is_written_over(engine: Engine) -> None:
    with changing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE counted (n integer)")
        connection.exec_driver_sql("INSERT INTO counted VALUES (0)")

    def count(_: int) -> None:
        for _again in range(EACH):
            with changing(engine) as connection:
                (found,) = connection.exec_driver_sql("SELECT n FROM counted").scalars()
                connection.exec_driver_sql(f"UPDATE counted SET n = {found + 1}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(count, range(AT_ONCE)))

    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT n FROM counted").scalar_one() == AT_ONCE * EACH


def test_whoever_writes_beside_those_who_change_things_has_a_reason() -> None:
    root = Path(hub.__file__).parent
    found = {
        ".".join(file.relative_to(root).with_suffix("").parts)
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and "writing" in {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}
    }

    assert found == set(BESIDE)
