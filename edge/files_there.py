"""Whether the files of an open journal are still the ones that it was opened with: somebody may delete or empty them.

SQLite goes on writing into files that have no name any more, and everything would be lost with the process. Files of
a simulated disk never have a name here, and are not looked at again.
"""

from pathlib import Path
from typing import Final

from edge.errors import JournalBrokenError

_LOG_HEAD_BYTES: Final = 32  # SQLite's file format, 4.1
_LOG_MAGIC: Final = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")


class FilesThere:
    """The journal's file and its log."""

    def __init__(self, path: Path) -> None:
        self._paths: tuple[Path, ...] = (path, log_of(path))
        self._seen: dict[Path, tuple[int, int]] = {}

    def look(self) -> None:
        """See whether they are there, whole, as at the last look.

        Raises:
            JournalBrokenError: one of them is not.
        """
        for place, path in enumerate(self._paths):
            number, size = self._seen.get(path, (0, 0))
            try:
                found = path.stat()
            except OSError as exc:
                if number:
                    raise JournalBrokenError(f"{path.name} was taken away at work") from exc
                if place == 0:
                    self._paths = ()
                continue
            if number and (found.st_ino != number or found.st_size < size):
                raise JournalBrokenError(f"{path.name} was emptied or replaced at work")
            self._seen[path] = found.st_ino, found.st_size


def log_of(path: Path) -> Path:
    """Where SQLite keeps the log of a file."""
    return path.with_name(f"{path.name}-wal")


def loss_of(path: Path, *, was_used: bool) -> str:
    """What is not as an agent leaves it, as a note says it; empty where nothing is. To be asked before it is opened.

    Args:
        path: the journal's file.
        was_used: an agent has worked there before.
    """
    if was_used and not (path.exists() and path.stat().st_size):
        return "the journal was deleted or emptied; a new one began, and what was not settled is lost"
    log = log_of(path)
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        head = stream.read(_LOG_HEAD_BYTES)
    if head.startswith(_LOG_MAGIC) and len(head) == _LOG_HEAD_BYTES:
        return ""
    return "the journal's log was emptied or damaged; records of the run before may be missing"
