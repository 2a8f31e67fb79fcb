"""One backup of the hub's database: a copy as of one moment, checked, and only then given its name.

SQLite's own online backup, read from one snapshot a few megabytes at a time: whoever writes does not wait for it. A
file that bears a backup's name is whole and on the disk.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hub.errors import HubError

PATTERN: Final = "zaigang-????????T??????Z.sqlite"
_NAME: Final = "zaigang-%Y%m%dT%H%M%SZ.sqlite"
_ASIDE: Final = ".part"
_PAGES: Final = 1000  # at once: 4 MB
_SPARE_BYTES: Final = 64 << 20  # must be left over where the backup lies


class BackupError(HubError):
    """There is no new backup; the text says why."""


def make_backup(database: Path, directory: Path, at: datetime, pause: Callable[[int, int], None]) -> Path:
    """Copy the database as it is now.

    Args:
        database: the file.
        directory: where backups lie; it must be there, or a disk that is not mounted would be missed by nobody.
        at: by which it is named.
        pause: told how many pages remain, of how many, after each piece; may raise, and then nothing is left behind.

    Raises:
        BackupError: it cannot be made, or the copy is not sound.
    """
    made = directory / at.astimezone(UTC).strftime(_NAME)
    aside = made.with_name(made.name + _ASIDE)
    try:
        _refuse_without_room(database, directory)
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        os.close(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            _copy(database, aside, pause)
            _sync(aside)
            aside.rename(made)
        finally:
            for leftover in (aside, Path(f"{aside}-journal")):
                leftover.unlink(missing_ok=True)
        _sync(directory)
    except OSError as exc:
        raise BackupError(f"{exc.strerror or exc}: {exc.filename or directory}") from exc
    except sqlite3.Error as exc:
        raise BackupError(str(exc)) from exc
    return made


def prune(directory: Path, keep: int, newest: Path) -> None:
    """Delete all backups but the last `keep`, and never the newest.

    Raises:
        BackupError: they cannot be deleted.
    """
    try:
        for old in sorted(directory.glob(PATTERN))[:-keep]:
            if old != newest:
                old.unlink(missing_ok=True)
        for broken_off in directory.glob(PATTERN + _ASIDE):
            broken_off.unlink(missing_ok=True)
    except OSError as exc:
        raise BackupError(f"{exc.strerror}: {exc.filename}") from exc


def _refuse_without_room(database: Path, directory: Path) -> None:
    wanted = _SPARE_BYTES + sum(path.stat().st_size for path in (database, Path(f"{database}-wal")) if path.exists())
    free = shutil.disk_usage(directory).free
    if free < wanted:
        raise BackupError(f"{free >> 20} MB are free in {directory}; wanted are {wanted >> 20}")


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


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
