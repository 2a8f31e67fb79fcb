"""What the ledger keeps of one run beside its taps: all that the places of other records can follow from. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from hub.intake.rows import UNREADABLE, RecordRow
from hub.intake.said import alive_until, begun_of, reader_of, time_mark_of
from station.names import Epoch
from station.records import ClockState, Started
from station.truetime import Placed
from station.watching import RunWatch, WatchStretch


@dataclass(slots=True)
class Outline:
    """One row of `LedgerRun`, where each column is explained."""

    run: int
    folded: int
    last_seq: int
    last_ms: int
    last_mono_ms: int
    last_boot: str
    last_stored_ms: int
    tail_known: bool
    has_doubt: bool
    has_unset: bool
    is_tip: bool
    boots: str
    known_from_ms: int | None
    known_to_ms: int | None
    low_ms: int | None
    high_ms: int | None
    first_ms: int
    started_ms: int | None
    before: str | None
    alive_ms: int | None
    alive_mono_ms: int | None
    readers: str

    @property
    def is_torn(self) -> bool:
        """Whether its last record cannot be read: such a row names no boot."""
        return not self.last_boot

    @property
    def columns(self) -> dict[str, Any]:
        """As a row of `LedgerRun`."""
        return {name: getattr(self, name) for name in OUTLINE_NAMES}


OUTLINE_NAMES: Final = tuple(field.name for field in fields(Outline))


def outline_of(epoch: Epoch, rows: Sequence[RecordRow]) -> Outline:
    """A run as all its records say; what follows from their places, `note_places` adds."""
    first, last = rows[0], rows[-1]
    begun = begun_of(first)
    known = [time_mark_of(row, epoch).is_known for row in rows]
    return Outline(
        run=first.run, folded=len(rows), last_seq=last.seq, last_ms=0, last_mono_ms=last.mono_ms, last_boot=last.boot,
        last_stored_ms=last.stored_ms, tail_known=known[-1], has_doubt=not all(known), has_unset=False, is_tip=False,
        boots=json.dumps(sorted({row.boot for row in rows})), known_from_ms=None, known_to_ms=None, low_ms=None,
        high_ms=None, first_ms=first.at_ms, started_ms=None, before=begun and begun.before,
        alive_ms=begun and begun.alive_ms, alive_mono_ms=begun and begun.alive_mono_ms,
        readers=_readers_after("{}", rows),
    )  # fmt: skip


def note_places(outline: Outline, rows: Sequence[RecordRow], placed: Sequence[Placed]) -> None:
    """Take in where all its records are."""
    known = [one.at_ms for one in placed if one.clock is ClockState.SYNCED]
    outline.known_from_ms, outline.known_to_ms = min(known, default=None), max(known, default=None)
    outline.has_unset = any(one.clock is ClockState.UNSET for one in placed)
    outline.last_ms = placed[-1].at_ms
    outline.started_ms = placed[0].at_ms if rows[0].kind == Started.KIND else None


def carry_on(outline: Outline, new: Sequence[RecordRow], placed: Sequence[Placed]) -> None:
    """Take in records that follow in the last boot and move nothing; all of them are as known as the last was."""
    last = new[-1]
    outline.folded += len(new)
    outline.last_seq, outline.last_mono_ms, outline.last_stored_ms = last.seq, last.mono_ms, last.stored_ms
    outline.last_ms = placed[-1].at_ms
    if outline.tail_known:
        outline.known_to_ms = outline.last_ms
    outline.readers = _readers_after(outline.readers, new)


def watch_after(outline: Outline, stretches: Iterable[WatchStretch] = ()) -> RunWatch:
    """How a run watched after its last folded record, and the stretches before it that may go on."""
    watch = RunWatch([*stretches], outline.last_seq - outline.is_torn, outline.last_ms)
    for reader, state in json.loads(outline.readers).items():
        watch.reader_is(reader, state)
    if outline.is_torn:
        watch.pass_over(outline.last_seq)
    return watch


def watched(watch: RunWatch, rows: Sequence[RecordRow], placed: Iterable[Placed]) -> list[WatchStretch]:
    """When it watched, these records taken as well."""
    for row, one in zip(rows, placed, strict=True):
        if row.kind == UNREADABLE:
            continue  # so the next does not follow the one before
        watch.take(row.seq, one.at_ms)
        said = reader_of(row)
        if said is not None:
            watch.reader_is(*said)
    return watch.stretches


def joint(earlier: Outline | None, later: Outline) -> list[WatchStretch]:
    """The stretch between two runs, if any: while the earlier was alive after its last record, and a restart soon."""
    if earlier is None or later.started_ms is None:
        return []
    alive_ms = alive_until(
        later.alive_ms, later.alive_mono_ms, last_ms=earlier.last_ms, last_mono_ms=earlier.last_mono_ms
    )
    if alive_ms is None:
        return []
    until_ms = watch_after(earlier).until_next(later.started_ms, alive_ms)
    return [WatchStretch(earlier.last_ms, until_ms)] if until_ms > earlier.last_ms else []


def _readers_after(before: str, rows: Iterable[RecordRow]) -> str:
    said = dict(found for row in rows if (found := reader_of(row)) is not None)
    return json.dumps(json.loads(before) | said, sort_keys=True) if said else before
