"""What a journal knows of the run before: how far it came, and what it knew of the time.

A record is a sign of life as good as the one that a run gives while it has nothing to record; the later of the two
counts. Where that sign says that a time service kept the clock, it kept it until the last record: its end is signed.
"""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from edge.bodies import read_body, text_of
from station.names import Epoch
from station.records import AnyRecord, Unreadable


@dataclass(frozen=True, slots=True)
class RunBefore:
    """How far it came, and when since boot its clock was last kept by a time service."""

    epoch: Epoch
    boot: str
    is_clean: bool
    alive_at: datetime | None
    alive_mono_ms: int | None
    synced_mono_ms: int | None


def read_run_before(database: sqlite3.Connection) -> RunBefore | None:
    """The last run there; None in a new journal."""
    row = database.execute(
        "SELECT ord, epoch, boot, clean, alive_at, alive_mono_ms, synced_mono_ms FROM epochs ORDER BY ord DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    ord_, epoch, boot, clean, alive_at, alive_mono_ms, synced_mono_ms = row
    at = None if alive_at is None else datetime.fromisoformat(alive_at)
    signed = RunBefore(epoch, boot, bool(clean), at, alive_mono_ms, synced_mono_ms)
    last = _last_record(database, ord_)
    return signed if last is None else _later(signed, last)


def _later(signed: RunBefore, last: AnyRecord) -> RunBefore:
    """The run as its last record knows it, where that is later than its sign of life."""
    if signed.alive_mono_ms is not None and signed.alive_mono_ms >= last.mono_ms:
        return signed
    is_kept = signed.synced_mono_ms is not None and signed.synced_mono_ms == signed.alive_mono_ms
    synced_mono_ms = last.mono_ms if is_kept else signed.synced_mono_ms
    return replace(signed, alive_at=last.at, alive_mono_ms=last.mono_ms, synced_mono_ms=synced_mono_ms)


def _last_record(database: sqlite3.Connection, ord_: int) -> AnyRecord | None:
    """The last that can be read: the disk may have spoilt some; as bytes, since what is no text has none."""
    rows = database.execute("SELECT seq, CAST(body AS BLOB) FROM records WHERE ord = ? ORDER BY seq DESC", (ord_,))
    for seq, body in rows:
        record = read_body(text_of(body), seq)
        if not isinstance(record, Unreadable):
            return record
    return None
