"""What a stored record says: of its time, of a reader, of the run before its own. Pure.

Presence and ledger both read it here, so that they never take a record for two different things.
"""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from hub.intake.rows import RecordRow
from station.milliseconds import ms_of
from station.names import Epoch
from station.records import ClockSet, ClockState, ReaderChange, Started
from station.truetime import TimeMark

_MONO_MOST_MS: Final = 10**12  # thirty years since boot; beyond, a moment could not be told


class ReaderSaid(NamedTuple):
    """How a reader is from then on."""

    reader: str
    state: str


class Predecessor(NamedTuple):
    """What a run's `started`, of that seq, says of the one before it."""

    seq: int
    before: Epoch
    alive_ms: int | None
    alive_mono_ms: int | None


def time_mark_of(row: RecordRow, epoch: Epoch) -> TimeMark:
    """What it says of its time; a moment before 1970 says nothing."""
    mono_ms = max(-_MONO_MOST_MS, min(row.mono_ms, _MONO_MOST_MS))
    if row.at_ms < 0:
        return TimeMark(epoch, 0, ClockState.UNSET, row.boot, mono_ms, received_ms=row.stored_ms)
    is_sync = row.kind == ClockSet.KIND
    return TimeMark(epoch, row.at_ms, ClockState(row.clock), row.boot, mono_ms, is_sync, row.stored_ms)


def reader_of(row: RecordRow) -> ReaderSaid | None:
    """What it says of a reader, if anything."""
    if row.kind != ReaderChange.KIND:
        return None
    body = _body_of(row)
    return ReaderSaid(body["reader"], body["state"])


def begun_of(row: RecordRow) -> Predecessor | None:
    """What it says of the run before, if anything."""
    body = _body_of(row) if row.kind == Started.KIND else {}
    if "before" not in body:
        return None
    alive_at = body.get("last_alive_at")
    alive_ms = None if alive_at is None else ms_of(datetime.fromisoformat(alive_at))
    return Predecessor(row.seq, Epoch(body["before"]), alive_ms, body.get("last_alive_mono_ms"))


def alive_until(alive_ms: int | None, alive_mono_ms: int | None, *, last_ms: int, last_mono_ms: int) -> int | None:
    """Until when a run was alive, as the next one says; None where it does not.

    Args:
        alive_ms: by the wall clock, which may have been wrong.
        alive_mono_ms: since boot.
        last_ms: when its last record was really made.
        last_mono_ms: and what that says since boot.
    """
    return alive_ms if alive_mono_ms is None else last_ms + alive_mono_ms - last_mono_ms


def _body_of(row: RecordRow) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.body or "{}")
    return found
