"""What `pip install` resolves to is what is tested here: the bounds in pyproject.toml lie close around the lock."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED = {
    name.lower(): Version(version)
    for name, version in re.findall(
        r"^([\w.-]+)(?:\[\w+\])?==([^\s;]+)", (ROOT / "locks/dev.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
}
NEEDED = [
    needed
    for line in (*PROJECT["dependencies"], *(one for more in PROJECT["optional-dependencies"].values() for one in more))
    if (needed := Requirement(line)).name != PROJECT["name"]
]
DATA = {"tzdata"}  # no code; the newest is right
PRIVATE_NAMES_USED = {"paho-mqtt", "sqlalchemy"}  # or what it takes for its own: the next minor version may break us


@pytest.mark.parametrize("needed", NEEDED, ids=lambda needed: needed.name)
def test_the_lock_lies_at_the_lower_bound(needed: Requirement) -> None:
    (lowest,) = (Version(bound.version) for bound in needed.specifier if bound.operator == ">=")
    locked = LOCKED[needed.name.lower()]

    assert needed.specifier.contains(locked)
    assert lowest.release[: _steady(needed, locked)] == locked.release[: _steady(needed, locked)]


@pytest.mark.parametrize("needed", [one for one in NEEDED if one.name not in DATA], ids=lambda needed: needed.name)
def test_nothing_resolves_past_what_a_library_may_break(needed: Requirement) -> None:
    locked = LOCKED[needed.name.lower()]
    steady = locked.release[: _steady(needed, locked)]

    assert not needed.specifier.contains(Version(".".join(map(str, (*steady[:-1], steady[-1] + 1)))))


def _steady(needed: Requirement, locked: Version) -> int:
    """How many parts of a version stand for what it promises: one, but of 0.x and of private names two, of 0.0.x three."""
    zeros = next((at for at, part in enumerate(locked.release) if part), 0)
    return max(zeros + 1, 2 if needed.name in PRIVATE_NAMES_USED else 1)
