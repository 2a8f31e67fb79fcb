"""The kiosk's own directory: made once, its name synced, and held by one agent at a time."""

import fcntl
import os
from pathlib import Path

from edge.errors import DataHeldError
from edge.journal_schema import sync_directory


class DataDir:
    """A held data directory, until `release`."""

    def __init__(self, path: Path) -> None:
        """Make and hold the directory.

        Raises:
            DataHeldError: another agent holds it.
            OSError: it cannot be made.
        """
        self.path = path
        if not path.is_dir():
            path.mkdir(parents=True, mode=0o700)
            sync_directory(path.parent)
        self._fd = os.open(path / "agent.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(self._fd)
            raise DataHeldError(f"{path} is held by another agent; one agent a data directory is wanted") from exc

    @property
    def journal(self) -> Path:
        """Where the journal is."""
        return self.path / "journal.db"

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
            path = self.path / f"journal.db{suffix}"
            if path.exists():
                path.rename(f"{aside}{suffix}")
        sync_directory(self.path)
        return aside

    def release(self) -> None:
        """Let another agent have it."""
        os.close(self._fd)
