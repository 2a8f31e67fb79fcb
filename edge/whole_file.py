"""A small file that is replaced whole and synced: power may fail at any moment, and one of the two is there."""

import os
from pathlib import Path

from edge.journal_schema import sync_directory


def write_whole(path: Path, content: bytes) -> None:
    """Let that be in the file, for the agent's own user alone.

    Raises:
        OSError: the disk does not take it; what was there before stands.
    """
    fresh = path.with_name(f"{path.name}.fresh")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(fd)
    fresh.replace(path)
    sync_directory(path.parent)
