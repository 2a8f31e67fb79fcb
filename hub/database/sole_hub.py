"""Whose the database is: one hub serves it, and a second one refuses.

A lock on a file beside the database decides, for the system takes it away from a dead process at once. What stands
in the file is for people.
"""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from hub.errors import HubError

TRIES: Final = 10
PAUSE_S: Final = 0.05  # who only looks holds the lock for microseconds


class TakenError(HubError):
    """Another hub serves this database; the text names it."""


@contextmanager
def sole_hub(database: Path) -> Iterator[None]:
    """Be the only hub of that database while the block lasts.

    Raises:
        TakenError: another one is.
    """
    with _lock_file(database).open("a+", encoding="utf-8") as stream:
        if not _is_locked(stream):
            raise TakenError(f"{_holder(stream)} serves {database} already; stop it, or choose another data_dir")
        stream.truncate(0)
        stream.write(whoami())
        stream.flush()
        yield


def is_served(database: Path) -> bool:
    """Whether a hub has it now."""
    try:
        with _lock_file(database).open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def whoami() -> str:
    """This process, for a person."""
    return f"process {os.getpid()} on {socket.gethostname()}"


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
