"""The files and folders that architecture.md and the how-tos send people to are there."""

import re
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "architecture.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
ROOMS = ("station", "devices", "edge", "hub", "simulator", "deploy", "tests", "docs")
TO_BE_MADE = re.compile(r"NAME|^build/|^\.venv/|^/|=")  # by who follows the page; an address of a hub's page; a setting


def alternatives(said: str) -> list[str]:
    """`a/{b,c}.py` is two files."""
    found = re.fullmatch(r"([^{]*)\{([^{}]*)\}([^{}]*)", said)
    return [said] if found is None else [found[1] + one + found[3] for one in found[2].split(",")]


def named(page: Path) -> list[str]:
    """What looks like a path: in backquotes, with a slash, without blanks."""
    said = re.findall(r"`([^`\s]+/[^`\s]*)`", page.read_text(encoding="utf-8"))
    return [one.rstrip("/") for each in said for one in alternatives(each) if not TO_BE_MADE.search(one)]


@pytest.fixture(scope="module")
def there() -> set[str]:
    """Every path, and every end of one: inside a room its own files are called without it."""
    paths = (path.relative_to(ROOT) for room in ROOMS for path in chain([ROOT / room], (ROOT / room).rglob("*")))
    ends = {"/".join(path.parts[start:]) for path in paths for start in range(len(path.parts))}
    return ends | {end.replace("/templates/", "/") for end in ends}  # as templates call each other


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_sends_people_to_is_there(page: Path, there: set[str]) -> None:
    assert [one for one in named(page) if "*" not in one and one not in there] == []


def test_something_is_looked_at() -> None:
    assert len(named(PAGES[0])) > 100
