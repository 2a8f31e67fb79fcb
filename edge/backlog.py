"""The journal as the uplink reads it: by a connection of its own, so that no tap ever waits for a reader."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from edge.bodies import fault_of, read_body, stand_in, text_of
from edge.journal import KioskJournal
from edge.journal_schema import connect as connect_file
from edge.journal_schema import translated
from station.names import Epoch, Seq
from station.records import AnyRecord, ClockState, Tap, Unreadable
from station.strict import spell_moment
from station.wire.codec import record_fields, spell
from station.wire.messages import MAX_RECORDS, Kept

MOST_DOUBTED: Final = 2_000  # records looked through for a clock that was right: about a week of pulses
# A damaged body is no JSON, and SQLite would refuse the whole statement for it; CASE looks no further than it must.
_TAPS_SINCE: Final = """
    SELECT epoch, seq, body FROM records JOIN epochs USING (ord)
    WHERE kind = 'tap' AND (
        at >= ? OR records.boot = ? AND CASE WHEN json_valid(body) THEN json_extract(body, '$.mono_ms') >= ? END
    )
    ORDER BY ord, seq
"""
# The runs of a boot follow each other; a boot that has none yet is looked for in no record.
_LAST_OF_BOOT: Final = """
    SELECT seq, body FROM records
    WHERE boot = ? AND ord >= (SELECT min(ord) FROM epochs WHERE boot = ?)
    ORDER BY ord DESC, seq DESC LIMIT ?
"""


class OwnTap(NamedTuple):
    """A tap of this kiosk, and the epoch that its seq belongs to."""

    epoch: Epoch
    tap: Tap


class Backlog:
    """Reads records that are stored, in order. Calls may come from any thread, one at a time."""

    def __init__(self, journal: KioskJournal, *, connect: Callable[[Path], sqlite3.Connection] = connect_file) -> None:
        self._journal = journal
        with translated():
            self._database = connect(journal.path)
        self._database.text_factory = text_of

    def kept(self) -> dict[Epoch, Kept]:
        """What is here, by epoch, in the order the epochs began."""
        return self._journal.kept()

    def texts(self, epoch: Epoch, after: int, limit: int = MAX_RECORDS) -> tuple[str, ...]:
        """The records that follow `after`, without a gap, each as JSON.

        One that cannot be read is a note in its place, so that it blocks nothing behind it.

        Raises:
            JournalError: the disk cannot be read.
        """
        found: list[str] = []
        for seq, body in self._rows(epoch, after, limit):
            if seq != after + len(found) + 1:
                break
            fault = fault_of(body, seq)
            found.append(spell(record_fields(stand_in(seq, fault))) if fault else body)
        return tuple(found)

    def read(self, epoch: Epoch, after: int, limit: int = MAX_RECORDS) -> tuple[AnyRecord, ...]:
        """As `texts`, but as records.

        Raises:
            JournalError: the disk cannot be read.
        """
        texts = self.texts(epoch, after, limit)
        return tuple(_record_of(Seq(seq), text) for seq, text in enumerate(texts, after + 1))

    def taps_since(self, at: datetime, boot: str, mono_ms: int) -> list[OwnTap]:
        """The taps from that moment on, in order.

        Args:
            at: that moment, by the clock that stamped them, whatever the boot.
            boot: whose taps are also told where their clock stood otherwise ...
            mono_ms: ... from this moment on, in milliseconds since it began.

        Raises:
            JournalError: the disk cannot be read.
        """
        with self._journal.minded():
            rows = self._database.execute(_TAPS_SINCE, (spell_moment(at), boot, mono_ms)).fetchall()
        records = [(epoch, _record_of(Seq(seq), body)) for epoch, seq, body in rows]
        return [OwnTap(epoch, record) for epoch, record in records if isinstance(record, Tap)]

    def last_clock(self, boot: str) -> ClockState | None:
        """How far the last record of that boot trusted its clock; None if it has none.

        Raises:
            JournalError: the disk cannot be read.
        """
        with self._journal.minded():
            row = self._database.execute(_LAST_OF_BOOT, (boot, boot, 1)).fetchone()
        return None if row is None else _record_of(*row).clock

    def right_clock(self, boot: str) -> tuple[datetime, int] | None:
        """A moment of that boot, and since it began, at which the clock was trusted: the last; None if it never was.

        Raises:
            JournalError: the disk cannot be read.
        """
        with self._journal.minded():
            rows = self._database.execute(_LAST_OF_BOOT, (boot, boot, MOST_DOUBTED)).fetchall()
        records = (_record_of(*row) for row in rows)
        return next(((one.at, one.mono_ms) for one in records if one.clock is ClockState.SYNCED), None)

    def checkpoint(self) -> None:
        """Move what the log holds into the file; nobody waits for it.

        Raises:
            JournalError: the disk takes it not now.
        """
        with self._journal.minded():
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _rows(self, epoch: Epoch, after: int, limit: int) -> list[tuple[Seq, str]]:
        shelf = self._journal.shelves.get(epoch)
        if shelf is None:
            return []
        with self._journal.minded():
            return self._database.execute(
                "SELECT seq, body FROM records WHERE ord = ? AND seq > ? ORDER BY seq LIMIT ?",
                (shelf.ord, after, limit),
            ).fetchall()


def _record_of(seq: Seq, body: str) -> AnyRecord:
    record = read_body(body, seq)
    return stand_in(seq, record.reason) if isinstance(record, Unreadable) else record
