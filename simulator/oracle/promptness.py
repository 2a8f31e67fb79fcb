"""Holds when a beep became known at the hub against how its kiosk and the hub stood: with both well, it is soon."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from simulator.oracle.stretches import Stretch, common, laid_out, spelled

CALM_MS: Final = 240_000  # before: what a bad line held back has gone
SOON_MS: Final = 60_000
_AWAY: Final = {"state": "away"}


def beeps_are_known_soon(evidence: Mapping[str, Any]) -> Iterator[str]:
    """What is recorded while all is well, is settled and so on the board within a minute of being sent."""
    beeps = evidence.get("beeps", ())
    if not beeps or "stood" not in evidence:
        return
    calm = _calm(evidence)
    for beep in beeps:
        lasts = Stretch(beep["at_ms"] - CALM_MS, beep["at_ms"] + evidence["gathers_ms"] + SOON_MS)
        is_calm = any(common(lasts, one) == lasts for one in calm)
        if is_calm and not (beep["known_ms"] is not None and beep["known_ms"] <= lasts.until_ms):
            name = f"record {beep['seq']} of {beep['kiosk']} {beep['epoch']}"
            yield f"{name} is not known soon, though all was well from {spelled(lasts)}"


def _calm(evidence: Mapping[str, Any]) -> list[Stretch]:
    since_ms, until_ms = evidence["since_ms"], evidence["until_ms"]
    up = [
        [one.stretch for one in laid_out(evidence[key], since_ms, until_ms, _AWAY) if one.figures["state"] == "up"]
        for key in ("stood", "hub")
    ]
    return [both for one in up[0] for other in up[1] if (both := common(one, other)) is not None]
