"""The clock that commands read in a test: it goes on from one command to the next, and its minute stays.

`ZAIGANG_CLOCK` without an anchor begins anew in every command, so the second of two could be the earlier one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.clock import VARIABLE, read_clock

if TYPE_CHECKING:
    import pytest

_RATE = "0.1"  # ten minutes of a slow machine are the first minute still


def set_clock(patch: pytest.MonkeyPatch, moment: str) -> None:
    """Every command from now on reads `moment`, as in 2026-03-05T07:50+08:00, and what has passed since."""
    patch.setenv(VARIABLE, read_clock({VARIABLE: f"{moment}@{_RATE}"}).spell())
