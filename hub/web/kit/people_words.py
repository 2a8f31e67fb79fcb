"""What desks say of sessions and moments of real time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from station.milliseconds import moment_of

if TYPE_CHECKING:
    from datetime import tzinfo

_NAMES = (
    ("Edg", "Edge"),
    ("MicroMessenger", "微信"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def ms_stamp(ms: int, zone: tzinfo) -> str:
    """A moment with its date, for lists that reach back."""
    return f"{moment_of(ms).astimezone(zone):%Y-%m-%d %H:%M}"


def browser_of(agent: str) -> str:
    """A browser as its owner knows it, by what it says of itself."""
    name = next((shown for sign, shown in _NAMES if re.search(rf"{sign}[/ ]", agent)), "")
    system = next((one for one in _SYSTEMS if one in agent), "")
    return " · ".join(part for part in (name, system) if part) or agent[:40] or "—"
