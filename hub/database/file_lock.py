"""The lock on a file beside a SQLite database by which one hub is alone. What stands in the file is for people."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from hub.database.sole_hub import TakenError, whoami

TRIES: Final = 10
PAUSE_S: Final = 0.05  # who only looks holds the lock for microseconds


@contextmanager
def held(database: Path) -> Iterator[Callable[[], str | None]]:
    """Hold it while the block lasts; nothing takes it away meanwhile.

    Raises:
        TakenError: another process does.
    """
    descriptor = os.open(_lock_file(database), os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "a+", encoding="utf-8") as stream:
        if not _is_locked(stream):
            raise TakenError(_holder(stream), str(database))
        stream.truncate(0)
        stream.write(whoami())
        stream.flush()
        yield lambda: None


def is_held(database: Path) -> bool:
    """Whether somebody has it now."""
    try:
        with _lock_file(database).open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _lock_file(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


def _is_locked(stream: IO[str]) -> bool:
    """Whether the lock could be taken, from whoever just looks too."""
    for _ in range(TRIES):
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_S)
        else:
            return True
    return False


def _holder(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read(200) or "another hub"
