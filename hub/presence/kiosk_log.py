"""What the hub remembers of its kiosks' journals, and when each record of theirs was really made.

The rule is `station.truetime`'s. A kiosk whose clock was always right costs nothing here; where there is doubt, a
record that comes can move earlier ones of the kiosk: `retime` says which.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.intake.runs import KnownRun
from hub.intake.said import alive_until
from hub.presence.pieces import Row, Sure
from hub.presence.run_log import RunLog
from station.names import Epoch, KioskId
from station.records import ReaderState
from station.succession import Begun, in_order
from station.truetime import Mark, place
from station.watching import KioskWatch

_UP: Final = ReaderState.UP.value


class Moved(NamedTuple):
    """Records of one run, from seq to seq, that are found to have been made at another time than was thought."""

    run: RunLog
    first: int
    last: int


class KioskLog:
    """One kiosk's runs.

    Attributes:
        runs: by epoch.
        is_stale: records came since `retime` that may not be in their place.
    """

    __slots__ = ("_is_plain", "_last", "is_stale", "runs")

    def __init__(self) -> None:
        self.runs: dict[Epoch, RunLog] = {}
        self.is_stale = False
        self._is_plain = True
        self._last: RunLog | None = None

    def take(self, run: KnownRun, rows: Sequence[Row]) -> RunLog:
        """Take new records of one run, in order of seq; what they move shows after `retime`."""
        log = self.runs.get(run.epoch)
        if log is None:
            log = self.runs[run.epoch] = RunLog(run.kiosk, run.epoch, run.station)
        if log.take(rows) or (log is not self._last and not self._is_plain):
            self.is_stale = True
        return log

    def retime(self) -> list[Moved]:
        """Put all records in their place; returns those that were in another."""
        self.is_stale = False
        ordered = self._ordered()
        self._last = ordered[-1]
        self._is_plain = all(run.is_plain for run in ordered)
        if self._is_plain:
            return []
        marks: list[Mark] = []
        begins: list[int] = []
        pieces = [(run, piece) for run in ordered for piece in run.pieces]
        for run, piece in pieces:
            begins.append(len(marks))
            marks.extend(piece.marks(run.epoch))
        placed = place(marks)
        ends = [*begins[1:], len(marks)]
        return [
            Moved(run, piece.first_seq, piece.last_seq)
            for (run, piece), begin, end in zip(pieces, begins, ends, strict=True)
            if piece.heed(placed[begin:end])
        ]

    def watch(self, recalled: str) -> KioskWatch:
        """When it watched; `recalled` is how its readers were where its records no longer tell."""
        found = KioskWatch({epoch: run.watch(recalled) for epoch, run in self.runs.items()})
        for run in self._ordered():
            earlier = self.runs.get(run.begun.before) if run.begun is not None else None
            if run.begun is None or earlier is None:
                continue
            last = earlier.pieces[-1]
            alive_ms = alive_until(
                run.begun.alive_ms, run.begun.alive_mono_ms, last_ms=last.ends_ms, last_mono_ms=last.ends_mono_ms
            )
            if alive_ms is not None and run.pieces[0].first_seq == run.begun.seq:
                found.started(run.pieces[0].begins_ms, earlier.epoch, alive_ms)
        return found

    def forget_before(self, ms: int) -> None:
        """Forget what is older, but for what the time of later records hangs on."""
        kept: dict[Epoch, RunLog] = {}
        for run in reversed(self._ordered()):
            is_needed = bool(kept) and not self._is_plain and not any(map(_is_sure, kept.values()))
            if is_needed or run.pieces[-1].ends_ms >= ms:
                run.forget_before(ms)
                kept[run.epoch] = run
        self.runs = dict(reversed(kept.items()))
        self._last = None

    def _ordered(self) -> list[RunLog]:
        begun = {
            epoch: Begun(None if run.begun is None else run.begun.before, run.pieces[0].first_said_ms)
            for epoch, run in self.runs.items()
        }
        return [self.runs[epoch] for epoch in in_order(begun)]


def _is_sure(run: RunLog) -> bool:
    return any(isinstance(piece, Sure) for piece in run.pieces)


class KioskLogs:
    """All kiosks.

    Attributes:
        moved: what `retime` has found; whoever folds takes it out.
    """

    def __init__(self) -> None:
        self.moved: list[Moved] = []
        self._kiosks: dict[KioskId, KioskLog] = defaultdict(KioskLog)
        self._stale: dict[KioskId, KioskLog] = {}

    def take(self, run: KnownRun, rows: Sequence[Row]) -> RunLog:
        """Take new records of one run, in order of seq."""
        kiosk = self._kiosks[run.kiosk]
        log = kiosk.take(run, rows)
        if kiosk.is_stale:
            self._stale[run.kiosk] = kiosk
        return log

    @property
    def is_stale(self) -> bool:
        """Whether some records may not be in their place."""
        return bool(self._stale)

    def retime(self) -> None:
        """Put the records of one kiosk that is stale in their place."""
        _, kiosk = self._stale.popitem()
        self.moved += kiosk.retime()

    def retime_kiosk(self, kiosk: KioskId) -> None:
        """Put that kiosk's records in their place."""
        log = self._stale.pop(kiosk, None)
        if log is not None:
            self.moved += log.retime()

    def watch(self, kiosk: KioskId, recalled: str = _UP) -> KioskWatch:
        """When that kiosk watched."""
        log = self._kiosks.get(kiosk)
        if log is None:
            return KioskWatch()
        self.retime_kiosk(kiosk)
        return log.watch(recalled)

    def holds(self, run: RunLog) -> bool:
        """Whether that run is still remembered."""
        kiosk = self._kiosks.get(run.kiosk)
        return kiosk is not None and kiosk.runs.get(run.epoch) is run

    def forget_before(self, ms: int) -> None:
        """Forget what is older; nothing may be stale."""
        for kiosk, log in list(self._kiosks.items()):
            log.forget_before(ms)
            if not log.runs:
                del self._kiosks[kiosk]
