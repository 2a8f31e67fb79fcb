"""Whose the database is: one hub serves it, and a second one refuses.

A lock on a file beside the database decides, for the system takes it away from a dead process at once. What stands
in the file is for people.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hub.errors import HubError


class TakenError(HubError):
    """Another hub serves this database; the text names it."""


@contextmanager
def sole_hub(database: Path) -> Iterator[None]:
    """Be the only hub of that database while the block lasts.

    Raises:
        TakenError: another one is.
    """
    path = database.with_name(database.name + ".lock")
    with path.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise TakenError(
                f"{_holder(stream)} serves {database} already; stop it, or choose another data_dir"
            ) from exc
        stream.truncate(0)
        stream.write(whoami())
        stream.flush()
        yield


def whoami() -> str:
    """This process, for a person."""
    return f"process {os.getpid()} on {socket.gethostname()}"


def _holder(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read(200) or "another hub"
