"""Whether the hub's clock and the kiosks' agree, by what kiosks with a synced clock say in their states.

Kiosks forget by the hub's clock. So it is believed only by who can confirm it, to a day; and where most kiosks
contradict, it is the hub's that is wrong, and an operator must know.
"""

from datetime import timedelta
from typing import Final

from hub.findings import FindingKind, Findings
from hub.intake.rows import ms_of
from hub.intake.sorting import Place
from station.names import KioskId
from station.records import ClockState
from station.wire.messages import State

FAR_OFF: Final = timedelta(days=1)  # small against the 60 that it guards; a message may be hours on its way
_FAR_OFF_MS: Final = FAR_OFF // timedelta(milliseconds=1)
_DAY_MS: Final = 86_400_000
HUB: Final = "hub"  # as a finding's subject; no kiosk is called so


class KioskClocks:
    """What each kiosk's clock says of the hub's. All calls come from one thread."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._agrees: dict[KioskId, bool] = {}
        self._contradicted = 0

    def agree(self, place: Place, state: State, now_ms: int, *, is_old: bool) -> bool:
        """Whether that kiosk's clock confirms the hub's; an old state, or one without a synced clock, tells nothing."""
        if is_old or state.clock is not ClockState.SYNCED:
            return False
        off_ms = now_ms - ms_of(state.at)
        agrees = abs(off_ms) <= _FAR_OFF_MS
        if self._agrees.get(place.kiosk) is not agrees:
            self._note(place, agrees=agrees, off_ms=off_ms)
        return agrees

    def _note(self, place: Place, *, agrees: bool, off_ms: int) -> None:
        before = self._agrees.get(place.kiosk)
        self._agrees[place.kiosk] = agrees
        self._contradicted += (not agrees) - (before is False)
        if agrees:
            self._findings.end(FindingKind.CLOCK, place.kiosk)
        else:
            text = f"its clock and the hub's differ by {abs(off_ms) / _DAY_MS:.1f} days; it is told to forget nothing"
            self._findings.report(FindingKind.CLOCK, place.kiosk, text, station=place.station)
        if 2 * self._contradicted > len(self._agrees):
            way = "ahead" if off_ms > 0 else "behind"
            text = f"the hub's clock is about {abs(off_ms) / _DAY_MS:.1f} days {way}, say most kiosks; set it right"
            self._findings.report(FindingKind.CLOCK, HUB, text)
        else:
            self._findings.end(FindingKind.CLOCK, HUB)
