"""Files that are there whole or not at all, whenever the power fails: keys, certificates, what the broker reads."""

import os
import tempfile
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def write_new(path: Path, content: bytes) -> bool:
    """Put a file there for its owner alone; False, and nothing is changed, where there is one already.

    Raises:
        OSError: it cannot be written.
    """
    temporary = _write_beside(path, content, PRIVATE)
    try:
        os.link(temporary, path)  # unlike a rename, it never takes the place of a key
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    sync_directory(path.parent)
    return True


def write_over(path: Path, content: bytes, mode: int = PRIVATE) -> bool:
    """Put a file there in the place of the one before; False where that one says the same already.

    Raises:
        OSError: it cannot be written; the one before is as it was.
    """
    if path.exists() and path.read_bytes() == content:
        path.chmod(mode)
        return False
    temporary = _write_beside(path, content, mode)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
    sync_directory(path.parent)
    return True


def sync_directory(directory: Path) -> None:
    """Let what was put into it outlive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_beside(path: Path, content: bytes, mode: int) -> Path:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 from the first moment
    except OSError as exc:
        raise OSError(exc.errno, exc.strerror, str(path)) from exc  # nobody asked for the temporary name
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)
