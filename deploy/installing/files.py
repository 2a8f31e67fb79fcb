"""Files that are whole at every moment: power may fail between any two lines."""

import os
import stat
from pathlib import Path


def put(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Make a file what it should be; one that is so already is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content and stat.S_IMODE(path.stat().st_mode) == mode:
        return
    part = path.with_name(f".{path.name}.part")
    write(part, content, mode)
    part.replace(path)
    sync(path.parent)


def write(path: Path, content: bytes, mode: int) -> None:
    """Write a file, down to the disk."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(fd, "wb") as file:
        os.fchmod(fd, mode)
        file.write(content)
        file.flush()
        os.fsync(fd)


def link(path: Path, target: Path) -> None:
    """Point a symbolic link there, in one step."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have a folder's names on the disk."""
    fd = os.open(folder, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)
