"""The kiosk's own directory: made once, its name synced, and held by one agent at a time."""

import fcntl
import os
import tempfile
from pathlib import Path
from typing import Final

from edge.errors import DataHeldError, DataPlaceError
from edge.journal_schema import sync_directory
from station.saying import say

JOURNAL: Final = "journal.db"
LOCK: Final = "agent.lock"


class DataDir:
    """A held data directory, until `release`."""

    def __init__(self, path: Path) -> None:
        """Make and hold the directory.

        Raises:
            DataPlaceError: it is a file.
            DataHeldError: another agent holds it.
            OSError: it cannot be made.
        """
        self.path = path
        check_place(path)
        missing = [each for each in (path, *path.parents) if not each.exists()]
        if missing:
            path.mkdir(parents=True, mode=0o700)
        for each in missing:
            sync_directory(each.parent)
        self.was_used = (path / LOCK).exists()
        """Whether an agent has worked here before."""
        self._fd = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(self._fd)
            raise DataHeldError(
                say("{path} is held by another agent; one agent a data directory is wanted", path=path)
            ) from exc

    @property
    def journal(self) -> Path:
        """Where the journal is."""
        return self.path / JOURNAL

    @property
    def ballast(self) -> Path:
        """What is given up first when the disk is full."""
        return self.path / "ballast"

    def set_journal_aside(self) -> Path:
        """Move a broken journal out of the way, for somebody to look at; tells where it is now."""
        number = 1
        while (aside := self.path / f"journal-broken-{number}.db").exists():
            number += 1
        for suffix in ("-wal", "-shm", ""):
            path = self.path / f"{JOURNAL}{suffix}"
            if path.exists():
                path.rename(f"{aside}{suffix}")
        sync_directory(self.path)
        return aside

    def release(self) -> None:
        """Let another agent have it."""
        os.close(self._fd)


def check_place(path: Path) -> None:
    """See whether a data directory is, or can be, there.

    Raises:
        DataPlaceError: a file is, or the kernel's own tree, as /proc.
        OSError: it cannot be seen.
    """
    there = next(each for each in (path, *path.parents) if each.exists())
    if not there.is_dir():
        raise DataPlaceError(say("data_dir {path}: {there} is a file; wanted is a directory", path=path, there=there))
    if os.statvfs(there).f_blocks == 0 and not _takes_a_directory(there):
        raise DataPlaceError(
            say("data_dir {path}: {there} keeps no files; wanted is a directory on a disk", path=path, there=there)
        )


def refuse_stranger(path: Path, command: str) -> None:
    """See that who typed a command may look in: else a kiosk at work seems to be beyond use.

    Raises:
        DataPlaceError: it is there, and another user's alone.
    """
    try:
        is_closed = path.is_dir() and not os.access(path, os.R_OK | os.X_OK)
    except PermissionError:  # one above it is closed already
        is_closed = True
    if is_closed:
        found = "this user may not look into {path}, and sees nothing of the kiosk; wanted is root: {typed}"
        raise DataPlaceError(say(found, path=path, typed=f"sudo zaigang-edge {command}"))


def _takes_a_directory(there: Path) -> bool:
    """Tried out, since memory without a limit has no blocks to tell of either."""
    try:
        Path(tempfile.mkdtemp(dir=there)).rmdir()
    except OSError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether an agent holds that directory, as far as this user can see; makes nothing."""
    try:
        fd = os.open(path / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False
