"""When the city's kiosks watched in the last two days, as the ledger has it; the rule is `station.watching`'s.

Belongs to the event loop. A vacancy that nobody watched is unknown, whatever the taps say. After a kiosk's last record
it watched for as long as it is heard, and no longer than a pulse takes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hub.ledger.change import Change, WatchedStretch
from hub.ledger.outlines import Outline, watch_after
from hub.ledger.past import FoldedRun
from station.coverage import Interval
from station.milliseconds import moment_of, ms_of
from station.names import KioskId
from station.watching import APART_MS, WatchStretch


@dataclass(slots=True)
class _Kiosk:
    """One kiosk's stretches by run, and whether they lie between two runs; and how each run ended so far."""

    stretches: dict[tuple[int, bool], dict[int, int]] = field(default_factory=dict)
    tails: dict[int, tuple[int, bool]] = field(default_factory=dict)


class Watching:
    """All kiosks'."""

    def __init__(self) -> None:
        self._kiosks: dict[KioskId, _Kiosk] = defaultdict(_Kiosk)

    def recall(self, runs: Iterable[FoldedRun], stretches: Iterable[WatchedStretch]) -> None:
        """Take what the ledger has, in place of all that is here."""
        self._kiosks.clear()
        kiosks: dict[int, KioskId] = {}
        for name, _, outline in runs:
            kiosks[name.id] = name.kiosk
            self._kiosks[name.kiosk].tails[name.id] = _tail_of(outline)
        for one in stretches:
            self._put(kiosks[one.run], one)

    def apply(self, change: Change) -> None:
        """Take what is otherwise in the ledger."""
        for outline in change.outlines:
            self._kiosks[change.runs[outline.run].kiosk].tails[outline.run] = _tail_of(outline)
        for run, is_joint in change.unwatched:
            self._kiosks[change.runs[run].kiosk].stretches.pop((run, is_joint), None)
        for one in change.watched:
            self._put(change.runs[one.run].kiosk, one)

    def watched_by(self, kiosk: KioskId, now: datetime, *, is_heard: bool) -> list[Interval]:
        """When that kiosk watched, up to now."""
        known, now_ms = self._kiosks.get(kiosk), ms_of(now)
        if known is None:
            return []
        found = [
            WatchStretch(since_ms, until_ms)
            for stretches in known.stretches.values()
            for since_ms, until_ms in stretches.items()
        ]
        last_ms, is_watching = max(known.tails.values(), default=(0, False))
        if is_heard and is_watching and 0 < now_ms - last_ms <= APART_MS:
            found.append(WatchStretch(last_ms, now_ms))
        return [  # up to this very moment, where a millisecond has begun
            Interval(moment_of(one.since_ms), now if one.until_ms == now_ms else moment_of(one.until_ms))
            for one in found
        ]

    def forget_before(self, at: datetime) -> None:
        """Forget what was over by then."""
        ms = ms_of(at)
        for kiosk, known in list(self._kiosks.items()):
            known.tails = {run: tail for run, tail in known.tails.items() if tail[0] >= ms}
            known.stretches = {
                name: kept
                for name, stretches in known.stretches.items()
                if (kept := {since_ms: until_ms for since_ms, until_ms in stretches.items() if until_ms >= ms})
            }
            if not known.tails and not known.stretches:
                del self._kiosks[kiosk]

    def _put(self, kiosk: KioskId, one: WatchedStretch) -> None:
        self._kiosks[kiosk].stretches.setdefault((one.run, one.joint), {})[one.since_ms] = one.until_ms


def _tail_of(outline: Outline) -> tuple[int, bool]:
    """When its last record was made, and whether it watched right after."""
    return outline.last_ms, watch_after(outline).is_watching
