"""Clocks for tests that read no moment of the day off the machine.

What commands read goes on from one command to the next, and its minute stays.

`ZAIGANG_CLOCK` without an anchor begins anew in every command, so the second of two could be the earlier one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from station.clock import VARIABLE, Clock, boottime_s, read_clock

if TYPE_CHECKING:
    import pytest

_RATE = "0.1"  # ten minutes of a slow machine are the first minute still


def set_clock(patch: pytest.MonkeyPatch, moment: str) -> None:
    """Every command from now on reads `moment`, as in 2026-03-05T07:50+08:00, and what has passed since."""
    patch.setenv(VARIABLE, read_clock({VARIABLE: f"{moment}@{_RATE}"}).spell())


def last_noon() -> Clock:
    """Half past twelve in Shanghai, of today or yesterday, at the world's pace: for what goes by the machine's date too.

    No shift of the invented cities is near, and no day ends.
    """
    now = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    noon = now.replace(hour=12, minute=30, second=0, microsecond=0)
    return Clock(began_at=(noon if noon <= now else noon - timedelta(days=1)).astimezone(UTC), anchor_s=boottime_s())
