"""When each record of a kiosk was really made, from as few of its records as that takes. Pure.

`station.truetime` places all records of a kiosk at once. Here runs that nothing new can move stand in by the earliest
and the latest moment that is known in them: all that the bounds in other runs are made of. A run is read whole where
the time of a record in it is in doubt, and with it all that share a boot with it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hub.intake.rows import RecordRow
from hub.intake.said import time_mark_of
from hub.ledger.outlines import Outline
from station.names import Epoch
from station.records import ClockState
from station.succession import Begun, in_order
from station.truetime import Placed, TimeMark, place


class Bounds(NamedTuple):
    """What a kiosk's other runs bound a run's doubts by."""

    low_ms: int | None
    high_ms: int | None


def ordered(outlines: Mapping[Epoch, Outline]) -> dict[Epoch, Outline]:
    """A kiosk's runs in the order they were made."""
    begun = {
        epoch: Begun(Epoch(outline.before) if outline.before else None, outline.first_ms)
        for epoch, outline in outlines.items()
    }
    return {epoch: outlines[epoch] for epoch in in_order(begun)}


def bounds(outlines: Iterable[Outline]) -> dict[int, Bounds]:
    """For each of a kiosk's runs, in their order: the latest moment known before it, the earliest known after it."""
    outlines = tuple(outlines)
    lows: list[int | None] = [None]
    highs: list[int | None] = [None]
    for outline in outlines[:-1]:
        lows.append(max((ms for ms in (lows[-1], outline.known_to_ms) if ms is not None), default=None))
    for outline in outlines[:0:-1]:
        highs.append(min((ms for ms in (highs[-1], outline.known_from_ms) if ms is not None), default=None))
    return {outline.run: Bounds(low, high) for outline, low, high in zip(outlines, lows, reversed(highs), strict=True)}


def note_tip(outlines: Iterable[Outline]) -> None:
    """Mark the one of a kiosk's runs, in their order, that may be followed without a look at the others, if any may.

    It is the last, and no other run lies further on in its boot.
    """
    *others, last = outlines
    for outline in others:
        outline.is_tip = False
    last.is_tip = all(
        other.last_mono_ms <= last.last_mono_ms for other in others if last.last_boot in json.loads(other.boots)
    )


def placed_with(wanted: Iterable[int], outlines: Iterable[Outline]) -> set[int]:
    """The runs that must be read whole to place these.

    They, all that share a boot with any of them, and, with a boot that was never synced, all such: each can only have
    begun after the one before it.
    """
    outlines = tuple(outlines)
    boots = {outline.run: frozenset(json.loads(outline.boots)) for outline in outlines}
    unset = {outline.run for outline in outlines if outline.has_unset}
    found, waiting = set[int](), set(wanted)
    while waiting:
        found |= waiting
        theirs = frozenset[str]().union(*(boots[run] for run in waiting))
        sharing = {run for run in boots if boots[run] & theirs}
        waiting = (sharing | (unset if waiting & unset else set())) - found
    return found


def place_whole(runs: Mapping[Epoch, Outline], whole: Mapping[int, Sequence[RecordRow]]) -> dict[int, list[Placed]]:
    """The corrected times of runs that were read whole.

    Args:
        runs: all runs of the kiosk, in their order.
        whole: by run, all its records in order of seq.
    """
    marks: list[TimeMark] = []
    begins: dict[int, int] = {}
    for epoch, outline in runs.items():
        if outline.run in whole:
            begins[outline.run] = len(marks)
            marks.extend(time_mark_of(row, epoch) for row in whole[outline.run])
        else:
            marks.extend(standing_in(epoch, outline.known_from_ms, outline.known_to_ms))
    placed = place(marks)
    return {run: placed[begin : begin + len(whole[run])] for run, begin in begins.items()}


def standing_in(epoch: Epoch, *known_ms: int | None) -> list[TimeMark]:
    """Moments of a run, in order, that are known and date nothing in any boot."""
    boot = f"\0{epoch}"  # no record has it: those are printable
    known = [ms for ms in known_ms if ms is not None]
    return [TimeMark(epoch, ms, ClockState.SYNCED, boot, mono_ms) for mono_ms, ms in enumerate(known)]
