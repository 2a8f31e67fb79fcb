"""The records of one kiosk, on disk, in the order they were made: what is appended here is safe to beep for.

Power may fail between any two lines. One thread at a time writes, and never for longer than one small commit; the
uplink reads through `backlog` without waiting for anybody. A record leaves only by `retention`.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from edge.errors import JournalBrokenError, JournalError, JournalFullError
from edge.files_there import FilesThere
from edge.journal_schema import connect as connect_file
from edge.journal_schema import error_of, prepare, sync_directory, translated
from edge.run_before import read_run_before
from edge.timekeeping import Stamp
from station.names import Epoch, PersonId, Seq, Token
from station.records import AnyRecord
from station.strict import spell_moment
from station.wire.codec import record_fields, spell
from station.wire.messages import Kept

R = TypeVar("R", bound=AnyRecord)
_ADD: Final = "INSERT INTO records (ord, seq, kind, at, boot, body) VALUES (?, ?, ?, ?, ?, ?)"
_SEE: Final = "INSERT OR REPLACE INTO guard (person, seen_s, boot) VALUES (?, ?, ?)"
_SIGN: Final = "UPDATE epochs SET alive_at = ?, alive_mono_ms = ?, synced_mono_ms = ?, clean = ? WHERE ord = ?"


class Seen(NamedTuple):
    """A card of that person was seen at that CLOCK_BOOTTIME, in that boot."""

    person: PersonId | Token
    seen_s: float
    boot: str


@dataclass(slots=True)
class Shelf:
    """The records of one epoch that are still here: `kept_from` to `last`; none where last < kept_from."""

    ord: int
    kept_from: Seq
    last: int


class KioskJournal:
    """A kiosk's journal, open for writing.

    Attributes:
        shelves: by epoch, in the order the epochs began.
        before: the run before, or None in a new journal.
        held: whoever writes holds it, for one small transaction.
        trouble: why a write failed; empty once a record was stored again.
        is_broken: the file proved damaged at work; only opening it anew says what is left of it.
        on_append: called after every commit of a record; must not wait.
        make_room: called outside any lock where the disk is full; true says that trying again is worth it.
    """

    def __init__(
        self,
        path: Path,
        *,
        connect: Callable[[Path], sqlite3.Connection] = connect_file,
        sync_names: Callable[[Path], None] = sync_directory,
    ) -> None:
        """Open the journal, making it where there is none.

        Raises:
            JournalBrokenError: what is there is no journal.
            JournalError: it cannot be opened.
        """
        self.path = path
        self.make_room: Callable[[], bool] = lambda: False
        self.trouble = ""
        self.is_broken = False
        self.on_append: Callable[[], object] = lambda: None
        self.held = threading.RLock()
        with translated():
            self._database = connect(path)
        try:
            prepare(self._database)
            self._check()
            self.shelves = self._read_shelves()
            with translated():
                self.before = read_run_before(self._database)
        except BaseException:
            self._database.close()
            raise
        sync_names(path.parent)
        self._files = FilesThere(path)
        self._running: Shelf | None = None
        self.last_mono_ms: int | None = None

    def begin(self, epoch: Epoch, boot: str, draft: Callable[[Seq], R]) -> R:
        """Begin a run: its epoch and its first record, in one transaction.

        Raises:
            JournalError: nothing of it is stored.
        """
        try:
            return self._begin(epoch, boot, draft)
        except JournalFullError:
            if not self.make_room():
                raise
            return self._begin(epoch, boot, draft)

    def append(self, draft: Callable[[Seq], R], seen: Seen | None = None) -> R:
        """Store one more record of this run; when this returns, no power cut takes it away.

        Args:
            draft: makes the record that has this seq.
            seen: the guard's row, stored with it.

        Raises:
            JournalFullError: there is no room, even after what may be forgotten was.
            JournalError: it is not stored.
        """
        try:
            record = self._append(draft, seen)
        except JournalFullError:
            if not self.make_room():
                raise
            record = self._append(draft, seen)
        self.on_append()
        return record

    def touch(self, seen: Seen) -> None:
        """Keep the guard's row up to date while a card is lying there."""
        with self.transaction() as database:
            database.execute(_SEE, seen)

    def note_alive(self, stamp: Stamp, synced_mono_ms: int | None, *, is_clean: bool = False) -> None:
        """Keep for the next run how far this one came without a record; `is_clean` at an orderly end.

        Raises:
            JournalError: it is not stored.
        """
        with self.held:
            row = spell_moment(stamp.at), stamp.mono_ms, synced_mono_ms, is_clean, self._shelf.ord
            self._write((_SIGN, row))

    def kept(self) -> dict[Epoch, Kept]:
        """What is here, by epoch, in the order the epochs began."""
        return {epoch: Kept(shelf.kept_from, shelf.last) for epoch, shelf in list(self.shelves.items())}

    def guard_rows(self, boot: str) -> list[Seen]:
        """Who was seen in that boot; the rows of other boots are void, and forgotten."""
        with self.transaction() as database:
            database.execute("DELETE FROM guard WHERE boot <> ?", (boot,))
            rows = database.execute("SELECT person, seen_s, boot FROM guard").fetchall()
        return [Seen(*row) for row in rows]

    def checkpoint(self) -> bool:
        """Move what the log holds into the file; true where all of it is, and the log's own room is used again.

        Raises:
            JournalError: the disk takes it not now.
        """
        with self.held, self.minded():
            _, in_log, moved = self._database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return bool(in_log == moved > 0)

    def spare_pages(self) -> int:
        """How many pages of the file are free.

        Raises:
            JournalError: the disk cannot be read.
        """
        with self.held, self.minded():
            (spare,) = self._database.execute("PRAGMA freelist_count").fetchone()
        return int(spare)

    def close(self) -> None:
        """Let go of the file."""
        with self.held:
            self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One short write: all of it or nothing.

        Raises:
            JournalError: nothing of it is stored.
        """
        with self.held, self.minded():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def minded(self) -> Iterator[None]:
        """As `translated`, and bears in mind where the file proved damaged, whoever met it."""
        try:
            yield
        except sqlite3.Error as exc:
            raise self._heed(exc) from exc

    def _heed(self, exc: sqlite3.Error) -> JournalError:
        error = error_of(exc)
        self.is_broken |= isinstance(error, JournalBrokenError)
        return error

    def _write(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Store all of them or none; one alone is a transaction by itself. Trouble is kept for the hub to be told."""
        execute = self._database.execute
        try:
            self._files.look()
            if len(statements) == 1:
                execute(*statements[0])
            else:
                execute("BEGIN IMMEDIATE")
                for statement in statements:
                    execute(*statement)
                execute("COMMIT")
            self._files.look()
        except JournalBrokenError as exc:
            self.trouble, self.is_broken = str(exc), True
            raise
        except sqlite3.Error as exc:
            self._roll_back()
            error = self._heed(exc)
            self.trouble = str(error)
            raise error from exc
        except BaseException:
            self._roll_back()
            raise

    @property
    def _shelf(self) -> Shelf:
        assert self._running is not None, "begin comes first"
        return self._running

    def _begin(self, epoch: Epoch, boot: str, draft: Callable[[Seq], R]) -> R:
        first = Seq(1)
        record = draft(first)
        with self.transaction() as database:
            added = database.execute("INSERT INTO epochs (epoch, boot) VALUES (?, ?)", (epoch, boot))
            assert added.lastrowid is not None
            shelf = Shelf(added.lastrowid, first, 0)
            database.execute(_ADD, _row_of(shelf, record))
        shelf.last = first
        self.shelves[epoch] = shelf
        self._running = shelf
        self.last_mono_ms = record.mono_ms
        return record

    def _append(self, draft: Callable[[Seq], R], seen: Seen | None) -> R:
        with self.held:
            shelf = self._shelf
            record = draft(Seq(shelf.last + 1))
            added = _ADD, _row_of(shelf, record)
            if seen is None:
                self._write(added)
            else:
                self._write(added, (_SEE, seen))
            shelf.last = record.seq
            self.last_mono_ms = record.mono_ms
            self.trouble = ""
        return record

    def _roll_back(self) -> None:
        if self._database.in_transaction:
            with suppress(sqlite3.Error):  # what led here is raised; SQLite rolls back by itself at the latest now
                self._database.execute("ROLLBACK")

    def _check(self) -> None:
        with translated():
            (found,) = self._database.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise JournalBrokenError(f"the journal is damaged: {found:.100}")

    def _read_shelves(self) -> dict[Epoch, Shelf]:
        with translated():
            rows = self._database.execute(
                "SELECT epoch, ord, kept_from, (SELECT max(seq) FROM records WHERE records.ord = epochs.ord)"
                " FROM epochs ORDER BY ord"
            ).fetchall()
        return {epoch: Shelf(ord_, kept_from, last or kept_from - 1) for epoch, ord_, kept_from, last in rows}


def _row_of(shelf: Shelf, record: AnyRecord) -> tuple[object, ...]:
    """The body is the record as the wire has it; the columns beside it are what it is looked up by."""
    fields = record_fields(record)
    return shelf.ord, record.seq, fields["kind"], fields["at"], record.boot, spell(fields)
