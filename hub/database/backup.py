"""One backup of the hub's database: a copy as of one moment, checked, and only then given its name.

How the copy is made is each `dialect`'s affair; whoever writes meanwhile does not wait for it. A file that bears a
backup's name is whole and on the disk.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hub.database.dialect import dialect_of
from hub.database.transactions import trouble_said
from hub.errors import HubError

PATTERN: Final = "zaigang-????????T??????Z"
"""Of the names, before the suffix, which says by which database it was made."""
_NAME: Final = "zaigang-%Y%m%dT%H%M%SZ"
_ASIDE: Final = ".part"
_LOST: Final = 2  # times as large as all that are newer
_SPARE_BYTES: Final = 64 << 20  # must be left over where the backup lies


class BackupError(HubError):
    """There is no new backup; the text says why."""


def make_backup(engine: Engine, directory: Path, at: datetime, pause: Callable[[int, int], None]) -> Path:
    """Copy the database as it is now.

    Args:
        engine: the database.
        directory: where backups lie; it must be there, or a disk that is not mounted would be missed by nobody.
        at: by which it is named.
        pause: told how many pages remain, of how many, again and again; may raise, and then nothing is left behind.

    Raises:
        BackupError: it cannot be made, or the copy is not sound.
    """
    dialect = dialect_of(engine)
    made = directory / (at.astimezone(UTC).strftime(_NAME) + dialect.backup_suffix)
    aside = made.with_name(made.name + _ASIDE)
    try:
        _refuse_without_room(dialect.size_of(engine), directory)
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        os.close(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            dialect.copy_into(aside, engine, pause)
            _sync(aside)
            aside.rename(made)
        finally:
            for leftover in (aside, Path(f"{aside}-journal")):
                leftover.unlink(missing_ok=True)
        _sync(directory)
    except OSError as exc:
        raise BackupError(f"{exc.strerror or exc}: {exc.filename or directory}") from exc
    except SQLAlchemyError as exc:
        raise BackupError(trouble_said(exc)) from exc
    return made


def newest_of(directory: Path) -> Path | None:
    """The newest backup that lies there, by its name; None where none does."""
    found = [path for path in directory.glob(PATTERN + "*") if path.suffix != _ASIDE]
    return max(found, default=None, key=lambda path: path.name)


def prune(directory: Path, keep: int, newest: Path) -> Path | None:
    """Delete all backups but the last `keep` of the sort of the newest, and never that one, nor the last good one.

    A hub's database only grows: where those that would be left are less than half of an older one, something was
    lost, and the newest such one stays until a person takes it away.

    Returns:
        The old one that stays so; None where none does.

    Raises:
        BackupError: they cannot be deleted.
    """
    pattern = PATTERN + newest.suffix
    try:
        found = sorted(directory.glob(pattern))
        left, older = {*found[-keep:], newest}, [one for one in found[:-keep] if one != newest]
        largest = max(one.stat().st_size for one in left)
        good = next((one for one in reversed(older) if one.stat().st_size > _LOST * largest), None)
        for old in older:
            if old != good:
                old.unlink(missing_ok=True)
        for broken_off in directory.glob(pattern + _ASIDE):
            broken_off.unlink(missing_ok=True)
    except OSError as exc:
        raise BackupError(f"{exc.strerror}: {exc.filename}") from exc
    return good


def _refuse_without_room(size: int, directory: Path) -> None:
    wanted, free = _SPARE_BYTES + size, shutil.disk_usage(directory).free
    if free < wanted:
        raise BackupError(f"{free >> 20} MB are free in {directory}; wanted are {wanted >> 20}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
