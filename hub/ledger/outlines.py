"""What the ledger keeps of one run beside its taps: made from all its records, or carried on by the next ones. Pure.

Both ways give the same, which the ledger's tests hold them to.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from hub.database.ledger_tables import LedgerRun
from hub.intake.rows import ms_of
from hub.ledger.placing import Line
from station.names import Epoch
from station.records import ClockState, ReaderChange, Started
from station.truetime import Placed
from station.watching import KioskWatch, RunWatch, Stretch

_EARLIER: Final = Epoch("0" * 16)


def outline_of(run: int, epoch: Epoch, lines: Sequence[Line]) -> LedgerRun:
    """A run before its times are corrected; `finish` adds what follows from those."""
    first, last = lines[0], lines[-1]
    started = _body(first) if first.kind == Started.KIND else {}
    known = [line.mark(epoch).is_known for line in lines]
    return LedgerRun(
        run=run,
        folded=len(lines),
        last_seq=last.seq,
        last_ms=0,
        last_mono_ms=last.mono_ms,
        last_boot=last.boot,
        last_stored_ms=last.stored_ms,
        tail_known=known[-1],
        has_doubt=not all(known),
        has_unset=False,
        is_tip=False,
        boots=json.dumps(sorted({line.boot for line in lines})),
        first_ms=first.at_ms,
        before=started.get("before"),
        alive_ms=_alive_ms(started),
        alive_mono_ms=started.get("last_alive_mono_ms"),
        readers="{}",
    )


def note_places(outline: LedgerRun, placed: Sequence[Placed]) -> None:
    """Add to an outline what other runs' places follow from."""
    known = [one.at_ms for one in placed if one.clock is ClockState.SYNCED]
    outline.known_from_ms, outline.known_to_ms = min(known, default=None), max(known, default=None)
    outline.has_unset = any(one.clock is ClockState.UNSET for one in placed)


def finish(outline: LedgerRun, lines: Sequence[Line], placed: Sequence[Placed]) -> RunWatch:
    """Add to an outline what follows from the corrected times of all its records; returns when it watched."""
    watch = RunWatch()
    _watch(watch, lines, [one.at_ms for one in placed])
    outline.last_ms = placed[-1].at_ms
    outline.started_ms = placed[0].at_ms if lines[0].kind == Started.KIND else None
    outline.readers = _spell_readers({}, lines)
    return watch


def is_plain(outline: LedgerRun, epoch: Epoch, new: Sequence[Line]) -> bool:
    """Whether records that follow are known one by one, and move none of those before them."""
    if not outline.tail_known or outline.known_to_ms is None:
        return False
    first = new[0]
    return (
        all(line.boot == outline.last_boot and line.mark(epoch).is_known for line in new)
        and first.at_ms >= max(outline.known_to_ms, outline.last_ms)
        and first.mono_ms >= outline.last_mono_ms
        and first.stored_ms >= outline.last_stored_ms
        and all(
            one.at_ms <= two.at_ms and one.mono_ms <= two.mono_ms and one.stored_ms <= two.stored_ms
            for one, two in pairwise(new)
        )
    )


def carry_on(outline: LedgerRun, new: Sequence[Line], last_stretch: Stretch | None) -> RunWatch:
    """Take plain records that follow; returns the stretches that are new or longer."""
    watch = RunWatch([] if last_stretch is None else [last_stretch], outline.last_seq, outline.last_ms)
    readers = json.loads(outline.readers)
    for reader, state in readers.items():
        watch.reader_is(reader, state)
    _watch(watch, new, [line.at_ms for line in new])
    last = new[-1]
    outline.folded += len(new)
    outline.last_seq, outline.last_ms, outline.last_mono_ms = last.seq, last.at_ms, last.mono_ms
    outline.last_stored_ms = last.stored_ms
    outline.known_to_ms = last.at_ms
    outline.readers = _spell_readers(readers, new)
    return watch


def joint(earlier: LedgerRun | None, later: LedgerRun) -> Stretch | None:
    """The stretch between two runs: while the earlier was alive after its last record, and a restart soon after."""
    if earlier is None or later.started_ms is None:
        return None
    alive_ms = later.alive_ms
    if later.alive_mono_ms is not None:  # steadier than the wall clock, which may have been wrong
        alive_ms = earlier.last_ms + later.alive_mono_ms - earlier.last_mono_ms
    if alive_ms is None:
        return None
    watch = RunWatch(last_seq=earlier.last_seq, last_ms=earlier.last_ms)
    for reader, state in json.loads(earlier.readers).items():
        watch.reader_is(reader, state)
    kiosk = KioskWatch({_EARLIER: watch})
    kiosk.started(later.started_ms, _EARLIER, alive_ms)
    found = kiosk.stretches(0, is_heard=False)
    if not found or found[-1].until_ms <= earlier.last_ms:
        return None
    return Stretch(earlier.last_ms, found[-1].until_ms)


def _watch(watch: RunWatch, lines: Sequence[Line], times_ms: Sequence[int]) -> None:
    for line, at_ms in zip(lines, times_ms, strict=True):
        watch.take(line.seq, at_ms)
        if line.kind == ReaderChange.KIND:
            body = _body(line)
            watch.reader_is(body["reader"], body["state"])


def _spell_readers(before: dict[str, str], lines: Sequence[Line]) -> str:
    readers = dict(before)
    for line in lines:
        if line.kind == ReaderChange.KIND:
            body = _body(line)
            readers[body["reader"]] = body["state"]
    return json.dumps(readers, sort_keys=True)


def _alive_ms(started: dict[str, Any]) -> int | None:
    text = started.get("last_alive_at")
    return None if text is None else ms_of(datetime.fromisoformat(text))


def _body(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line.body or "{}")
    return found
