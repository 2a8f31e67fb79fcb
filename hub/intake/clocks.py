"""Whether the hub's clock and the kiosks' agree, by what kiosks with a synced clock say in their states.

Kiosks forget by the hub's clock. So it is believed only by who can confirm it, to a day; and where most kiosks
contradict, it is the hub's that is wrong, and an operator must know. A hub that is behind by minutes would take the
taps of all for taps by wrong clocks; so, where most say so, what they send is received by their time.
"""

from collections import Counter
from datetime import timedelta
from statistics import median_low
from typing import Final, NamedTuple

from hub.findings import FindingKind, Findings
from hub.intake.sorting import TopicOwner
from station.milliseconds import ms_of
from station.names import KioskId
from station.records import FROM_HUB, ClockState
from station.truetime import AHEAD_MS
from station.wire.messages import State

FAR_OFF: Final = timedelta(days=1)  # small against the 60 that it guards; a message may be hours on its way
FEW: Final = 3  # fewer kiosks may be wrong together
HUB: Final = "hub"  # as a finding's subject; no kiosk is called so
_FAR_OFF_MS: Final = FAR_OFF // timedelta(milliseconds=1)
_DAY_MS: Final = 86_400_000
_MINUTE_MS: Final = 60_000


class _Doubt(NamedTuple):
    """What one kiosk's clock holds against the hub's."""

    is_far: bool
    is_behind: bool


class KioskClocks:
    """What each kiosk's clock says of the hub's. All calls come from one thread.

    Attributes:
        behind_ms: how far the hub's clock is behind, as most kiosks say; 0 where they do not.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._off_ms: dict[KioskId, int] = {}  # of the hub's clock, forward positive
        self._doubts = Counter[_Doubt]()  # kept, not counted anew: a city of kiosks speaks at once
        self.behind_ms = 0

    def agree(self, place: TopicOwner, state: State, now_ms: int, *, is_old: bool) -> bool:
        """Whether that kiosk's clock confirms the hub's; an old state, or one without a synced clock, tells nothing.

        Nor does one that has its time from the hub.
        """
        if is_old or state.clock is not ClockState.SYNCED:
            return False
        if state.source == FROM_HUB:
            self._forget(place.kiosk)
            return False
        off_ms = now_ms - ms_of(state.at)
        before_ms = self._off_ms.get(place.kiosk)
        self._off_ms[place.kiosk] = off_ms
        if before_ms is None or _is_far(before_ms) is not _is_far(off_ms):
            self._tell_kiosk(place, off_ms)
        if before_ms is None or _doubt(before_ms) != _doubt(off_ms):
            self._doubts[_doubt(off_ms)] += 1
            if before_ms is not None:
                self._doubts[_doubt(before_ms)] -= 1
            self._judge_hub()
        return not _is_far(off_ms)

    def _forget(self, kiosk: KioskId) -> None:
        off_ms = self._off_ms.pop(kiosk, None)
        if off_ms is not None:
            self._doubts[_doubt(off_ms)] -= 1
            self._findings.end(FindingKind.CLOCK, kiosk)
            self._judge_hub()

    def _tell_kiosk(self, place: TopicOwner, off_ms: int) -> None:
        if _is_far(off_ms):
            text = f"its clock and the hub's differ by {abs(off_ms) / _DAY_MS:.1f} days; it is told to forget nothing"
            self._findings.report(FindingKind.CLOCK, place.kiosk, text, station=place.station)
        else:
            self._findings.end(FindingKind.CLOCK, place.kiosk)

    def _judge_hub(self) -> None:
        """What comes late makes the hub seem ahead, so of minutes only those count by which it is behind."""
        far = sum(count for doubt, count in self._doubts.items() if doubt.is_far)
        behind = sum(count for doubt, count in self._doubts.items() if doubt.is_behind)
        is_behind = 2 * behind > len(self._off_ms) >= FEW
        offs_ms = self._off_ms.values()
        self.behind_ms = median_low(-off_ms for off_ms in offs_ms if _doubt(off_ms).is_behind) if is_behind else 0
        if 2 * far > len(offs_ms):
            first_ms = next(filter(_is_far, offs_ms))
            self._report(f"{abs(first_ms) / _DAY_MS:.1f} days {'ahead' if first_ms > 0 else 'behind'}")
        elif is_behind:
            self._report(f"{self.behind_ms / _MINUTE_MS:.0f} min behind")
        else:
            self._findings.end(FindingKind.CLOCK, HUB)

    def _report(self, how_far: str) -> None:
        text = f"the hub's clock is about {how_far}, say most kiosks; set it right"
        self._findings.report(FindingKind.CLOCK, HUB, text)


def _is_far(off_ms: int) -> bool:
    return abs(off_ms) > _FAR_OFF_MS


def _doubt(off_ms: int) -> _Doubt:
    return _Doubt(_is_far(off_ms), off_ms < -AHEAD_MS)
