"""Colours by meaning alone: what a class of duty is painted with is used for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub import web

SHEETS = sorted((Path(web.__file__).parent / "static").glob("*.css"))
RULES = re.compile(r"([^{}]+)\{([^{}]*)\}")
MEANINGS = {"met": "met|level-[2-4]", "minimum": "minimum|level-1", "vacant": "vacant|level-0|partial"}


@pytest.mark.parametrize("duty_class", MEANINGS)
def test_the_colour_of_a_class_is_that_of_nothing_else(duty_class: str) -> None:
    painted = [
        selector.strip()
        for sheet in SHEETS
        for selector, body in RULES.findall(
            re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        )
        if re.search(rf"var\(--(fill-|on-)?{duty_class}\)", body)
    ]

    assert len(painted) > 2
    assert [selector for selector in painted if not re.search(MEANINGS[duty_class], selector)] == []
