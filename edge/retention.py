"""When a record may be forgotten: settled 60 days ago by the hub's clock, and again just now (protocol, Settling 6).

A session's word may rise or fall. What outlives sessions are marks, about one a day and epoch: "at this moment of the
hub's, everything up to here was settled". On a full disk what is settled goes earlier, but only as far as the hub's
newest backup holds it. All of it is the network thread's, but for `make_room`.
"""

import shutil
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from edge.errors import JournalError
from edge.journal import Journal, Shelf
from edge.journal_schema import sync_directory
from station.names import Epoch, Seq
from station.strict import spell_moment
from station.wire.messages import Through

KEEP: Final = timedelta(days=60)
MARK_EVERY: Final = timedelta(days=1)
_BATCH: Final = 200  # rows forgotten in one transaction: a tap waits for at most one
_BALLAST_BYTES: Final = 1 << 18  # enough log to forget a batch or two in
_ROOM_BYTES: Final = 64 << 20


class Retention:
    """What the hub said it holds, and what follows from it for this kiosk's disk.

    Attributes:
        is_short: the disk is so full that the ballast had to go, or cannot be laid.
    """

    def __init__(self, journal: Journal, ballast: Path | None = None) -> None:
        """Begin with nothing settled.

        Args:
            journal: whose records are kept or forgotten.
            ballast: a file that is there only to be given up when the disk is full: forgetting needs a little room too.
        """
        self._journal = journal
        self._ballast = ballast
        self._said: dict[Epoch, tuple[Through, datetime]] = {}
        self._marked: dict[Epoch, tuple[datetime, int]] = {}
        self.is_short = False

    def begin_session(self) -> None:
        """Believe nothing of what an earlier session said."""
        self._said = {}

    def settle(self, epochs: Mapping[Epoch, Through], at: datetime) -> None:
        """Take in the hub's word, given at that moment of its clock.

        Raises:
            JournalError: the mark was not stored; nothing is forgotten by it.
        """
        for epoch, told in epochs.items():
            shelf = self._journal.shelves.get(epoch)
            if shelf is None:
                continue
            self._said = {**self._said, epoch: (told, at)}
            self._mark(epoch, shelf, min(told.through, shelf.last), at)

    def forget_old(self) -> int:
        """Forget what may be; tells how many records went.

        Each epoch's 60 days end at the answer that named it last: between an older answer and now the hub may have
        been put back from a backup that does not hold the epoch.

        Raises:
            JournalError: some of it is still there.
        """
        gone = 0
        for epoch, (told, said_at) in self._said.items():
            shelf = self._journal.shelves.get(epoch)
            if shelf is not None:
                gone += self._forget(shelf, min(told.through, self._marked_before(shelf, said_at - KEEP)))
        self._drop_empty()
        return gone

    def make_room(self) -> bool:
        """The disk is full: forget what is settled and in the hub's backup; true where trying again is worth it."""
        is_eased = self._drop_ballast()
        try:
            for epoch, (told, _) in self._said.items():
                shelf = self._journal.shelves.get(epoch)
                if shelf is not None:
                    is_eased |= self._forget(shelf, min(told.through, told.backed)) > 0
            self._journal.checkpoint()
        except JournalError:
            return is_eased
        return is_eased

    def lay_ballast(self) -> None:
        """Put the ballast back where there is room for it."""
        if self._ballast is None or self._ballast.exists():
            return
        self.is_short = shutil.disk_usage(self._ballast.parent).free < _ROOM_BYTES
        if self.is_short:
            return
        try:
            self._ballast.write_bytes(bytes(_BALLAST_BYTES))
            sync_directory(self._ballast.parent)
        except OSError:
            self._ballast.unlink(missing_ok=True)
            self.is_short = True

    def _drop_ballast(self) -> bool:
        if self._ballast is None or not self._ballast.exists():
            return False
        self._ballast.unlink(missing_ok=True)
        self.is_short = True
        return True

    def _mark(self, epoch: Epoch, shelf: Shelf, through: int, at: datetime) -> None:
        marked_at, marked = self._marked.get(epoch) or self._last_mark(shelf)
        if through < marked:
            with self._journal.transaction() as database:
                database.execute("UPDATE marks SET through = min(through, ?) WHERE ord = ?", (through, shelf.ord))
        elif through == marked or at - marked_at < MARK_EVERY:
            self._marked[epoch] = marked_at, marked
            return
        else:
            with self._journal.transaction() as database:
                _insert_mark(database, shelf, at, through)
        self._marked[epoch] = at, through

    def _last_mark(self, shelf: Shelf) -> tuple[datetime, int]:
        with self._journal.transaction() as database:
            row = database.execute(
                "SELECT at, through FROM marks WHERE ord = ? ORDER BY at DESC LIMIT 1", (shelf.ord,)
            ).fetchone()
        return _NEVER if row is None else (datetime.fromisoformat(row[0]), row[1])

    def _marked_before(self, shelf: Shelf, at: datetime) -> int:
        with self._journal.transaction() as database:
            (through,) = database.execute(
                "SELECT max(through) FROM marks WHERE ord = ? AND at <= ?", (shelf.ord, spell_moment(at))
            ).fetchone()
        return through or 0

    def _forget(self, shelf: Shelf, through: int) -> int:
        gone = 0
        while count := self._forget_some(shelf, through):
            gone += count
        return gone

    def _forget_some(self, shelf: Shelf, through: int) -> int:
        with self._journal.held:
            upto = min(through, shelf.last, shelf.kept_from + _BATCH - 1)
            count = upto + 1 - shelf.kept_from
            if count <= 0:
                return 0
            kept_from = Seq(upto + 1)
            with self._journal.transaction() as database:
                database.execute("DELETE FROM records WHERE ord = ? AND seq <= ?", (shelf.ord, upto))
                database.execute("UPDATE epochs SET kept_from = ? WHERE ord = ?", (kept_from, shelf.ord))
            shelf.kept_from = kept_from
        return count

    def _drop_empty(self) -> None:
        """Forget ended epochs of which nothing is left; the last two stay, for `started.before`."""
        for epoch, shelf in list(self._journal.shelves.items())[:-2]:
            if shelf.kept_from > shelf.last:
                with self._journal.transaction() as database:
                    database.execute("DELETE FROM marks WHERE ord = ?", (shelf.ord,))
                    database.execute("DELETE FROM epochs WHERE ord = ?", (shelf.ord,))
                del self._journal.shelves[epoch]


_NEVER: Final = (datetime.fromisoformat("1970-01-01T00:00:00Z"), 0)


def _insert_mark(database: sqlite3.Connection, shelf: Shelf, at: datetime, through: int) -> None:
    database.execute(
        "INSERT OR REPLACE INTO marks (ord, at, through) VALUES (?, ?, ?)", (shelf.ord, spell_moment(at), through)
    )
