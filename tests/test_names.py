"""One meaning a word: no two public classes, types or aliases of the product bear one name.

Whoever reads `Journal` shall not have to look up which one it is. A second meaning gets a word of its own, mostly the
word of its room before it: `KioskJournal`, `SimCity`, `HistoryLine`.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
ROOMS: Final = ("station", "devices", "edge", "hub", "simulator", "deploy")
ALLOWED: Final = {
    "Day": "a date, where the type's own name is that of a field beside it",
}


def _types(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _types(node.body)
            case (
                ast.ClassDef(name=name)
                | ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name):
                    yield name
            case _:
                pass


def _homes() -> dict[str, list[str]]:
    homes: dict[str, list[str]] = defaultdict(list)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for name in _types(ast.parse(path.read_text(encoding="utf-8")).body):
                homes[name].append(str(path.relative_to(ROOT)))
    return homes


def test_a_name_means_one_thing_in_the_whole_product() -> None:
    homes = _homes()

    assert "HubCore" in homes
    assert {name: found for name, found in homes.items() if len(found) > 1 and name not in ALLOWED} == {}


def test_no_name_is_allowed_twice_that_stands_once() -> None:
    homes = _homes()

    assert [name for name in ALLOWED if len(homes[name]) < 2] == []
