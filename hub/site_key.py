"""The site key: the secret that turns card numbers into tokens, made once by the hub and kept in one file.

Whoever holds it can find the number behind a token, so the file is its owner's alone (mode 0600), and a wider
one is refused. Once made it is never overwritten here: another key would make strangers of all cards.
"""

import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hub.data_dir import make_data_dir
from hub.errors import HubError
from station.token import KEY_BYTES, key_in

FILE_NAME: Final = "site.key"


class SiteKeyError(HubError):
    """The site key cannot be used; the text says what a person must do."""


def read_or_make_site_key(data_dir: Path, make: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The key of this data directory, made where there is none yet.

    Raises:
        SiteKeyError: the file is open to others, holds no key, or cannot be written or read.
        DataDirError: there is no such directory, and none can be made.
    """
    path = data_dir / FILE_NAME
    make_data_dir(data_dir)
    try:
        if not path.exists():
            _write_new(path, make(KEY_BYTES))
    except OSError as exc:
        raise SiteKeyError(f"the site key cannot be written to {path}: {exc.strerror}") from exc
    return read_site_key(path)


def read_site_key(path: Path) -> bytes:
    """The key in that file.

    Raises:
        SiteKeyError: there is none, it is open to others than its owner, or it holds no key.
    """
    try:
        with path.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read(KEY_BYTES * 8)
    except OSError as exc:
        raise SiteKeyError(f"the site key {path} cannot be read: {exc.strerror}") from exc
    if mode & 0o077:
        raise SiteKeyError(f"the site key {path} has mode {mode:04o}, open to others; wanted is 0600: chmod 600 {path}")
    key = key_in(content)
    if key is None:
        raise SiteKeyError(f"{path} holds no site key; wanted are {KEY_BYTES * 2} hex digits. Restore it from a backup")
    return key


def _write_new(path: Path, key: bytes) -> None:
    """Put the whole key there durably, or, where another process was first, leave that one's."""
    descriptor, temporary = tempfile.mkstemp(  # of mode 0600 from the first moment on
        prefix=f".{FILE_NAME}.", dir=path.parent
    )
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(key.hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(temporary, path)  # unlike a rename, it never takes the place of a key
        except FileExistsError:
            return
        _sync_directory(path.parent)
    finally:
        Path(temporary).unlink()


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
