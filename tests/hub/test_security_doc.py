"""docs/security.md names a test for each item; each is there."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_each_test_that_the_list_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (PROJECT / "docs/security.md").read_text(encoding="utf-8")))
    written = "".join(file.read_text(encoding="utf-8") for file in (PROJECT / "tests/hub").rglob("test_*.py"))

    assert named
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []


def test_each_item_names_a_test_or_the_one_above() -> None:
    lines = (PROJECT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    items = [line for line in lines if line.startswith("| ") and not line.startswith("| item")]

    assert [line for line in items if "`test_" not in line and "as above" not in line] == []
