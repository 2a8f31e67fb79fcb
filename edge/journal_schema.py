"""The tables of a kiosk's journal, and how its file is opened: WAL, and every commit synced to the disk.

A new form comes in two versions of the agent: one that opens it (`OPENS`), and only after that one that makes it
(`VERSION`). A version on trial may be taken back, and the one before must open what it finds; installer and updater
ask both for these two numbers (`deploy.kiosk.installer.journals`), and refuse who would skip the first.
The directory is synced once the file is there: else a power cut could leave records in a file without a name.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from edge.errors import JournalBrokenError, JournalError, JournalFullError, JournalLaterError

VERSION: Final = 1  # that a new journal gets, and an earlier one is brought to
OPENS: Final = 1  # the latest that this agent can work with, as it is
# Checkpoints are made aside, in calm minutes (`Journal.tend`); this is for a process in which nobody does.
_AUTOCHECKPOINT_PAGES: Final = 4000
_PRIMARY: Final = 0xFF  # the low byte of an extended result code

_TABLES: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS epochs (
    ord INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch TEXT NOT NULL UNIQUE,
    boot TEXT NOT NULL,
    kept_from INTEGER NOT NULL DEFAULT 1,
    alive_at TEXT,
    alive_mono_ms INTEGER,
    synced_mono_ms INTEGER,
    clean INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS records (
    ord INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    boot TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (ord, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guard (
    person TEXT PRIMARY KEY,
    seen_s REAL NOT NULL,
    boot TEXT NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open a journal's file as the agent does; may be used by several threads, one at a time."""
    # psow=0: a card that garbles the neighbours of what it writes when power fails must not take a commit with it
    return sqlite3.connect(f"file:{quote(str(path))}?psow=0", uri=True, isolation_level=None, check_same_thread=False)


def prepare(database: sqlite3.Connection) -> None:
    """Make a connection durable, and the tables where there are none.

    Raises:
        JournalLaterError: a later agent made it.
        JournalError: it cannot be used.
    """
    with translated():
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT_PAGES}")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > OPENS:
            raise JournalLaterError(f"the journal is of version {version}, made by a later agent; {OPENS} is wanted")
        if version < VERSION:
            database.executescript(_TABLES)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what sqlite3 raises into this room's errors."""
    try:
        yield
    except sqlite3.Error as exc:
        raise error_of(exc) from exc


def error_of(exc: sqlite3.Error) -> JournalError:
    """What this room calls what sqlite3 raised."""
    code = getattr(exc, "sqlite_errorcode", 0) & _PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return JournalFullError("the disk is full")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return JournalBrokenError(f"the journal cannot be read: {exc}")
    return JournalError(f"the journal was not written: {exc}")
