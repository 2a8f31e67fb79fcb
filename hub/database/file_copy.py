"""SQLite's own online backup, read from one snapshot a few megabytes at a time."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from hub.database.backup import BackupError

SUFFIX: Final = ".sqlite"
_PAGES: Final = 1000  # at once: 4 MB


def copy_into(aside: Path, database: Path, pause: Callable[[int, int], None]) -> None:
    """Make that file a sound copy, which says of itself that it is one.

    Raises:
        BackupError: it cannot be made, or is not sound.
    """
    try:
        _copy(database, aside, pause)
    except sqlite3.Error as exc:
        raise BackupError(str(exc)) from exc


def open_copy(file: Path) -> Engine:
    """An engine that only reads a copy, which nobody writes any more; for one thread."""
    return create_engine(f"sqlite:///file:{quote(str(file))}?mode=ro&immutable=1&uri=true", poolclass=StaticPool)


def _copy(database: Path, aside: Path, pause: Callable[[int, int], None]) -> None:
    with (
        contextlib.closing(sqlite3.connect(database, isolation_level=None)) as source,
        contextlib.closing(sqlite3.connect(aside, isolation_level=None)) as target,
    ):
        source.execute("BEGIN")  # one snapshot: else each commit of the hub would make the copying begin anew
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        target.execute("PRAGMA synchronous=OFF")  # synced as a whole, at the end
        source.backup(target, pages=_PAGES, progress=lambda _status, remaining, of: pause(remaining, of))
        source.execute("COMMIT")
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        target.execute("UPDATE origin SET is_copy = 1")
        (found,) = target.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise BackupError(f"the copy is not sound: {found:.100}")
