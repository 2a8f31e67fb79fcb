"""When each record of a kiosk was really made, from as few of its records as that takes. Pure.

`station.truetime` places all records of a kiosk at once. Here runs that nothing new can move stand in by the earliest
and the latest moment that is known in them: all that the bounds in other runs are made of. A run is read whole where
the time of a record in it is in doubt, and with it all that share a boot with it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.database.ledger_tables import LedgerRun
from station.names import Epoch
from station.records import ClockSet, ClockState
from station.succession import Begun, in_order
from station.truetime import Mark, Placed, place

_MONO_MOST_MS: Final = 10**12  # thirty years since boot; beyond, a moment could not be told


class Line(NamedTuple):
    """One record, as far as the ledger needs it: columns of `JournalRecord`."""

    seq: int
    kind: str
    at_ms: int
    clock: str
    boot: str
    mono_ms: int
    token: str | None
    action: str | None
    of_seq: int | None
    body: str | None
    stored_ms: int

    def mark(self, epoch: Epoch) -> Mark:
        """What it says of its time; a moment before 1970 says nothing."""
        mono_ms = max(-_MONO_MOST_MS, min(self.mono_ms, _MONO_MOST_MS))
        if self.at_ms < 0:
            return Mark(epoch, 0, ClockState.UNSET, self.boot, mono_ms, received_ms=self.stored_ms)
        is_sync = self.kind == ClockSet.KIND
        return Mark(epoch, self.at_ms, ClockState(self.clock), self.boot, mono_ms, is_sync, self.stored_ms)


class Bounds(NamedTuple):
    """What a kiosk's other runs bound a run's doubts by."""

    low_ms: int | None
    high_ms: int | None


def ordered(outlines: Mapping[Epoch, LedgerRun]) -> list[Epoch]:
    """A kiosk's epochs in the order they were made."""
    return in_order(
        {
            epoch: Begun(Epoch(outline.before) if outline.before else None, outline.first_ms)
            for epoch, outline in outlines.items()
        }
    )


def bounds(outlines: Sequence[LedgerRun]) -> list[Bounds]:
    """For each of a kiosk's runs, in their order: the latest moment known before it, the earliest known after it."""
    lows: list[int | None] = []
    low: int | None = None
    for outline in outlines:
        lows.append(low)
        if outline.known_to_ms is not None:
            low = outline.known_to_ms if low is None else max(low, outline.known_to_ms)
    highs: list[int | None] = []
    high: int | None = None
    for outline in reversed(outlines):
        highs.append(high)
        if outline.known_from_ms is not None:
            high = outline.known_from_ms if high is None else min(high, outline.known_from_ms)
    return [Bounds(*pair) for pair in zip(lows, reversed(highs), strict=True)]


def note_tip(outlines: Sequence[LedgerRun]) -> None:
    """Mark the one of a kiosk's runs, in their order, that may be followed without a look at the others, if any may.

    It is the last, and no doubt in another run lies further on in its boot.
    """
    for outline in outlines:
        outline.is_tip = False
    last = outlines[-1]
    last.is_tip = last.tail_known and all(
        other.last_mono_ms <= last.last_mono_ms
        for other in outlines
        if other.has_doubt and last.last_boot in json.loads(other.boots)
    )


def placed_with(wanted: Iterable[int], outlines: Sequence[LedgerRun]) -> set[int]:
    """The runs that must be read whole to place these.

    They, all that share a boot with any of them, and, with a boot that was never synced, all such: each can only have
    begun after the one before it.
    """
    boots = {outline.run: frozenset(json.loads(outline.boots)) for outline in outlines}
    unset = {outline.run for outline in outlines if outline.has_unset}
    found, waiting = set[int](), set(wanted)
    while waiting:
        found |= waiting
        theirs = frozenset[str]().union(*(boots[run] for run in waiting))
        sharing = {run for run in boots if boots[run] & theirs}
        waiting = (sharing | (unset if waiting & unset else set())) - found
    return found


def place_whole(
    runs: Sequence[tuple[Epoch, LedgerRun]], whole: Mapping[int, Sequence[Line]]
) -> dict[int, list[Placed]]:
    """The corrected times of runs that were read whole.

    Args:
        runs: all runs of the kiosk, in their order.
        whole: by run, all its records in order of seq.
    """
    marks: list[Mark] = []
    begins: dict[int, int] = {}
    for epoch, outline in runs:
        if outline.run in whole:
            begins[outline.run] = len(marks)
            marks.extend(line.mark(epoch) for line in whole[outline.run])
        else:
            marks.extend(_standing_in(epoch, outline))
    placed = place(marks)
    return {run: placed[begin : begin + len(whole[run])] for run, begin in begins.items()}


def _standing_in(epoch: Epoch, outline: LedgerRun) -> list[Mark]:
    boot = f"\0 of run {outline.run}"  # no record has it: those are printable
    known = [ms for ms in (outline.known_from_ms, outline.known_to_ms) if ms is not None]
    return [Mark(epoch, ms, ClockState.SYNCED, boot, mono_ms) for mono_ms, ms in enumerate(known)]
