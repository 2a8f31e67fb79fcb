"""All that a kiosk keeps on its disk, opened together and held by one agent.

A journal that cannot be read is set aside, for somebody to look at, and another begun: the kiosk must go on recording.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.ages import Ages
from edge.backlog import Backlog
from edge.data_dir import DataDir
from edge.errors import JournalBrokenError, JournalError, JournalLaterError
from edge.files_there import loss_of
from edge.journal import KioskJournal
from edge.journal_schema import connect as connect_file
from edge.retention import Retention
from edge.told import ToldFiles


@dataclass(frozen=True, slots=True)
class KioskStore:
    """A kiosk's files; `loss` says what had become of the journal, for a note; mostly nothing."""

    home: DataDir
    journal: KioskJournal
    backlog: Backlog
    retention: Retention
    told: ToldFiles
    loss: str

    def close(self) -> None:
        """Let go of all of them."""
        self.backlog.close()
        self.journal.close()
        self.home.release()


def open_store(path: Path, connect: Callable[[Path], sqlite3.Connection] = connect_file) -> KioskStore:
    """Open or make everything in that directory.

    Raises:
        DataPlaceError: it is a file.
        DataHeldError: another agent holds it.
        JournalError: the journal can be neither opened nor made.
        OSError: the directory cannot be used.
    """
    home = DataDir(path)
    try:
        loss = loss_of(home.journal, was_used=home.was_used) if connect is connect_file else ""
        journal, aside = _open_with_room(home, connect)
        backlog = Backlog(journal, connect=connect)
    except BaseException:
        home.release()
        raise
    retention = Retention(journal, home.ballast, Ages(journal))
    journal.make_room = retention.make_room
    if aside is not None:
        loss = f"the journal was damaged and is kept as {aside.name}; a new one began"
    return KioskStore(home, journal, backlog, retention, ToldFiles(path), loss)


def _open_with_room(home: DataDir, connect: Callable[[Path], sqlite3.Connection]) -> tuple[KioskJournal, Path | None]:
    """Opening needs a little room too: on a full disk the ballast goes, so that what is not settled can be sent."""
    try:
        return _open_journal(home, connect)
    except JournalLaterError:
        raise
    except JournalError:
        if not home.ballast.exists():
            raise
        home.ballast.unlink()
        return _open_journal(home, connect)


def _open_journal(home: DataDir, connect: Callable[[Path], sqlite3.Connection]) -> tuple[KioskJournal, Path | None]:
    try:
        return KioskJournal(home.journal, connect=connect), None
    except JournalBrokenError:
        aside = home.set_journal_aside()
        return KioskJournal(home.journal, connect=connect), aside
