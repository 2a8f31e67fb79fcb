"""The site key: the secret that turns card numbers into tokens, made once by the hub and kept in one file.

Whoever holds it can find the number behind a token, so the file is its owner's alone (mode 0600), and a wider
one is refused. Once made it is never overwritten here: another key would make strangers of all cards.
"""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from hub.data_dir import make_data_dir
from hub.durable_file import write_new
from hub.errors import HubError
from station.token import KEY_BYTES, fingerprint_of, key_in

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
            write_new(path, make(KEY_BYTES).hex().encode() + b"\n")
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


class KeyMark:
    """The fingerprint of a data directory's key, for who serves: the first import may make the key only later."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._mark = ""

    def __call__(self) -> str:
        """It; empty while there is no key that can be used."""
        if not self._mark and self._path.exists():
            with suppress(SiteKeyError):  # whoever enters cards is told
                self._mark = fingerprint_of(read_site_key(self._path))
        return self._mark
