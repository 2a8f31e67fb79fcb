"""Colours by meaning alone: what a class of duty is painted with is used for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub import web

STATIC = Path(web.__file__).parent / "static"
SHEETS = sorted(STATIC.glob("*.css"))
RULES = re.compile(r"([^{}]+)\{([^{}]*)\}")
OF_OUR_OWN = [
    path for path in STATIC.parent.rglob("*")
    if path.suffix in {".css", ".js", ".html", ".py"} and not {"vendor", "swagger"} & {*path.parts}
]  # fmt: skip
BY_LIGHT = re.compile(r"prefers-color-scheme|light-dark\(|color-?scheme", re.IGNORECASE)
ROOT, DARK = r":root \{([^{}]*)\}", r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}"
COLOUR = re.compile(r"\s*(--[\w-]+): #(?:[0-9a-f]{3}|[0-9a-f]{6})\s*")
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


def test_in_the_dark_nothing_differs_but_colours() -> None:
    """What axe-core finds by day it would find in the dark, but for its rules about colours: so those alone are run."""
    told = {
        path.relative_to(STATIC.parent).as_posix(): BY_LIGHT.findall(path.read_text(encoding="utf-8"))
        for path in OF_OUR_OWN
    }
    sheet = (STATIC / "zaigang.css").read_text(encoding="utf-8")
    light, dark = (re.search(block, sheet) for block in (ROOT, DARK))

    assert {name: found for name, found in told.items() if found} == {
        "kit/templates/page.html": ["color-scheme"],  # light dark: what the browser draws itself
        "static/zaigang.css": ["prefers-color-scheme"],
    }
    assert light is not None
    assert dark is not None
    by_day, in_the_dark = ([COLOUR.fullmatch(one) for one in block[1].split(";")[:-1]] for block in (light, dark))
    assert all(by_day)
    assert all(in_the_dark)
    assert {one[1] for one in in_the_dark if one} <= {one[1] for one in by_day if one}
