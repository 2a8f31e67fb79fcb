"""The journal as the uplink reads it: by a connection of its own, so that no tap ever waits for a reader."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from edge.journal import Journal
from edge.journal_schema import connect as connect_file
from edge.journal_schema import translated
from station.names import Epoch, Seq
from station.records import AnyRecord, ClockState, Note, Tap, Unreadable
from station.strict import spell_moment
from station.wire.codec import read_record
from station.wire.messages import MAX_RECORDS, Kept

MAX_RECORDS_BYTES: Final = 56 * 1024  # of a journal message's 64 KiB: its head and the commas take the rest


class OwnTap(NamedTuple):
    """A tap of this kiosk, and the epoch that its seq belongs to."""

    epoch: Epoch
    tap: Tap


class Backlog:
    """Reads records that are stored, in order. Calls may come from any thread, one at a time."""

    def __init__(self, journal: Journal, *, connect: Callable[[Path], sqlite3.Connection] = connect_file) -> None:
        self._journal = journal
        with translated():
            self._database = connect(journal.path)

    def kept(self) -> dict[Epoch, Kept]:
        """What is here, by epoch, in the order the epochs began."""
        return self._journal.kept()

    def read(self, epoch: Epoch, after: int, limit: int = MAX_RECORDS) -> tuple[AnyRecord, ...]:
        """The records that follow `after`, without a gap: at most `limit`, and no more than one message holds.

        A row that cannot be read is a `Note` in its place, so that it blocks nothing behind it.

        Raises:
            JournalError: the disk cannot be read.
        """
        shelf = self._journal.shelves.get(epoch)
        if shelf is None:
            return ()
        with translated():
            rows = self._database.execute(
                "SELECT seq, at, clock, boot, mono_ms, kind, body FROM records"
                " WHERE ord = ? AND seq > ? ORDER BY seq LIMIT ?",
                (shelf.ord, after, limit),
            ).fetchall()
        found: list[AnyRecord] = []
        room = MAX_RECORDS_BYTES
        for row in rows:
            room -= sum(len(str(value).encode()) + 16 for value in row)
            if found and (room < 0 or row[0] != found[-1].seq + 1):
                break
            found.append(_record_of(row))
        return tuple(found)

    def taps_since(self, at: datetime, boot: str) -> list[OwnTap]:
        """The taps from that moment on, by the clock that stamped them, and all of that boot; in order."""
        with translated():
            rows = self._database.execute(
                "SELECT epoch, seq, at, clock, records.boot, mono_ms, kind, body FROM records JOIN epochs USING (ord)"
                " WHERE kind = 'tap' AND (at >= ? OR records.boot = ?) ORDER BY ord, seq",
                (spell_moment(at), boot),
            ).fetchall()
        records = [(epoch, _record_of(row)) for epoch, *row in rows]
        return [OwnTap(epoch, record) for epoch, record in records if isinstance(record, Tap)]

    def last_clock(self, boot: str) -> ClockState | None:
        """How far the last record of that boot trusted its clock."""
        with translated():
            row = self._database.execute(
                "SELECT clock FROM records WHERE boot = ? ORDER BY ord DESC, seq DESC LIMIT 1", (boot,)
            ).fetchone()
        return None if row is None else ClockState(row[0])

    def checkpoint(self) -> None:
        """Move what the log holds into the file; nobody waits for it."""
        with translated():
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _record_of(row: Any) -> AnyRecord:
    seq, at, clock, boot, mono_ms, kind, body = row
    stamp = {"seq": seq, "at": at, "clock": clock, "boot": boot, "mono_ms": mono_ms}
    try:
        fields = {**json.loads(body), **stamp, "kind": kind}
    except (ValueError, TypeError) as exc:
        return _note_of(stamp, Unreadable(seq, "", f"{exc!s:.100}"))
    record = read_record(fields, Seq(seq))
    return _note_of(stamp, record) if isinstance(record, Unreadable) else record


def _note_of(stamp: dict[str, Any], found: Unreadable) -> AnyRecord:
    """A stand-in under the same seq, with as much of the stamp as can be believed."""
    text = f"this record cannot be read at the kiosk: {found.reason:.200}"
    note = read_record({**stamp, "kind": Note.KIND, "text": text, "of": found.seq}, found.seq)
    if isinstance(note, Unreadable):
        at = datetime.fromisoformat("1970-01-01T00:00:00Z")
        return Note(seq=found.seq, at=at, clock=ClockState.UNSET, boot="", mono_ms=0, text=text, of=found.seq)
    assert isinstance(note, Note)
    return note
