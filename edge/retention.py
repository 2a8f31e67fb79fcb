"""When a record may be forgotten: when the hub says that it has held it for long enough (protocol, Settling 6).

Only the word of this session counts, and it may rise or fall. On a full disk what is settled goes earlier, but only as
far as the hub's newest backup holds it. All of it is the network thread's, but for `make_room`.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from edge.ages import Ages
from edge.errors import JournalError
from edge.journal import KioskJournal, Shelf
from edge.journal_schema import sync_directory
from station.names import Epoch, Seq
from station.wire.messages import Through

_BATCH: Final = 200  # rows forgotten in one transaction: a tap waits for at most one
_BALLAST_BYTES: Final = 1 << 18  # enough log to forget a batch or two in
_BATCHES: Final = 5  # at once on a full disk: a tap waits for them, and the room of a thousand records lasts
_SPARE_PAGES: Final = 64  # 256 KiB
_ROOM_BYTES: Final = 64 << 20


class Retention:
    """What the hub said it holds, and what follows from it for this kiosk's disk.

    Attributes:
        is_short: the disk is so full that the ballast had to go, or cannot be laid.
    """

    def __init__(self, journal: KioskJournal, ballast: Path | None = None, ages: Ages | None = None) -> None:
        """Begin with nothing settled.

        Args:
            journal: whose records are kept or forgotten.
            ballast: a file that is there only to be given up when the disk is full: forgetting needs a little room too.
            ages: what is old enough by the kiosk's own count; without it, the hub's word is taken for it.
        """
        self._journal = journal
        self._ballast = ballast
        self._ages = ages
        self._said: dict[Epoch, Through] = {}
        self.is_short = False

    @property
    def said(self) -> Mapping[Epoch, Through]:
        """The hub's word in this session."""
        return self._said

    def begin_session(self) -> None:
        """Believe nothing of what an earlier session said."""
        self._said = {}

    def settle(self, epochs: Mapping[Epoch, Through]) -> None:
        """Take in the hub's word."""
        self._said = {**self._said, **{name: told for name, told in epochs.items() if name in self._journal.shelves}}

    def forget_old(self) -> int:
        """Forget what may be; tells how many records went.

        Raises:
            JournalError: some of it is still there.
        """
        gone = 0
        if self._ages is not None:
            self._ages.pass_time()
        for epoch, told in self._said.items():
            shelf = self._journal.shelves.get(epoch)
            if shelf is not None:
                grown = told.aged if self._ages is None else self._ages.grown(shelf)
                gone += self._forget(shelf, min(told.through, told.aged, grown))
        self._drop_empty()
        return gone

    def make_room(self) -> bool:
        """The disk is full: forget what is settled and in the hub's backup; true where trying again is worth it.

        Forgetting fills the log, and a log that cannot be emptied takes no record: it is emptied between batches.
        """
        is_eased = self._drop_ballast()
        with suppress(JournalError):
            is_eased |= self._journal.checkpoint()
            for _ in range(_BATCHES):
                if not self._forget_backed():
                    break
                is_eased = True
                self._journal.checkpoint()
        return is_eased

    def keep_spare_pages(self) -> None:
        """While the disk is nearly full, keep room inside the journal: once all is full, nothing can be forgotten.

        Raises:
            JournalError: there is none.
        """
        if self.is_short and self._journal.spare_pages() < _SPARE_PAGES:
            for _ in range(_BATCHES):
                self._forget_backed()

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

    def _forget_backed(self) -> bool:
        """Forget one batch, of the oldest run that has one in the hub's backup."""
        for epoch, shelf in list(self._journal.shelves.items()):
            told = self._said.get(epoch)
            if told is not None and self._forget_some(shelf, min(told.through, told.backed)):
                return True
        return False

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
                    database.execute("DELETE FROM epochs WHERE ord = ?", (shelf.ord,))
                del self._journal.shelves[epoch]
