"""The site key: the secret that turns card numbers into tokens, made once by the hub and kept in one file.

```
site.key            the one that holds
site-next.key       the one that is to come, while the city changes it (`hub.fleet.rotating`)
site-retired.keys   those that held before, the newest first: cards of which a list has the number are known by them
```
Whoever holds one can find the number behind a token, so each file is its owner's alone (mode 0600), and a wider
one is refused. Once made a key is never lost here: without it all cards would be strangers.
"""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.data_dir import make_data_dir
from hub.durable_file import sync_directory, write_new, write_over
from hub.errors import HubError
from hub.saying import as_said, say
from station.token import KEY_BYTES, fingerprint_of, key_in

FILE_NAME: Final = "site.key"
NEXT_FILE: Final = "site-next.key"
RETIRED_FILE: Final = "site-retired.keys"


@dataclass(frozen=True, slots=True)
class OtherKeys:
    """The keys beside the one that holds.

    Attributes:
        coming: the one that is to come.
        retired: those that held before, the newest first.
    """

    coming: bytes | None = field(default=None, repr=False)
    retired: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def first(self) -> bytes | None:
        """The city's first key, where another holds now: what is no card keeps its name under that one."""
        return self.retired[-1] if self.retired else None


ONE_KEY: Final = OtherKeys()
"""Of a city whose key was never changed."""


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
        raise SiteKeyError(
            say("the site key cannot be written to {path}: {why}", path=path, why=as_said(exc.strerror or str(exc)))
        ) from exc
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
        raise SiteKeyError(
            say("the site key {path} cannot be read: {why}", path=path, why=as_said(exc.strerror or str(exc)))
        ) from exc
    if mode & 0o077:
        raise SiteKeyError(
            say(
                "the site key {path} has mode {mode:04o}, open to others; wanted is 0600: chmod 600 {path}",
                path=path,
                mode=mode,
            )
        )
    key = key_in(content)
    if key is None:
        raise SiteKeyError(
            say(
                "{path} holds no site key; wanted are {digits} hex digits. Restore it from a backup",
                path=path,
                digits=KEY_BYTES * 2,
            )
        )
    return key


def read_other_keys(data_dir: Path) -> OtherKeys:
    """The keys beside the one that holds.

    Raises:
        SiteKeyError: a file of them cannot be read, is open to others, or holds none.
    """
    coming, retired = data_dir / NEXT_FILE, data_dir / RETIRED_FILE
    return OtherKeys(read_site_key(coming) if coming.exists() else None, _keys_in(retired) if retired.exists() else ())


def first_key(data_dir: Path) -> bytes:
    """The city's first key, by which people are named and known again.

    Raises:
        SiteKeyError: it cannot be read.
    """
    return read_other_keys(data_dir).first or read_site_key(data_dir / FILE_NAME)


def make_next_key(data_dir: Path, make: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The key that is to come; the same again while it does not hold."""
    write_new(data_dir / NEXT_FILE, make(KEY_BYTES).hex().encode() + b"\n")
    return read_site_key(data_dir / NEXT_FILE)


def let_next_key_hold(data_dir: Path) -> None:
    """The one that held is kept among the retired ones, then the next takes its place; can be done again."""
    old, others = read_site_key(data_dir / FILE_NAME), read_other_keys(data_dir)
    if others.coming is None:
        return
    retired = dict.fromkeys(key.hex() for key in (old, *others.retired) if key != others.coming)
    write_over(data_dir / RETIRED_FILE, "".join(f"{key}\n" for key in retired).encode())
    (data_dir / NEXT_FILE).replace(data_dir / FILE_NAME)
    sync_directory(data_dir)


def _keys_in(path: Path) -> tuple[bytes, ...]:
    try:
        mode, content = stat.S_IMODE(path.stat().st_mode), path.read_bytes()
    except OSError as exc:
        raise SiteKeyError(
            say("{path} cannot be read: {why}", path=path, why=as_said(exc.strerror or str(exc)))
        ) from exc
    if mode & 0o077:
        raise SiteKeyError(
            say("{path} has mode {mode:04o}, open to others; wanted is 0600: chmod 600 {path}", path=path, mode=mode)
        )
    keys = [key_in(line) for line in content.splitlines()]
    if not keys or None in keys:
        raise SiteKeyError(
            say(
                "{path} holds no site keys; wanted are {digits} hex digits a line",
                path=path,
                digits=KEY_BYTES * 2,
            )
        )
    return tuple(key for key in keys if key is not None)


class KeyMark:
    """The fingerprint of a data directory's key, for who serves: it may be made later, and changed."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._seen: tuple[int, int] | None = None
        self._mark = ""

    def __call__(self) -> str:
        """It; empty while there is no key that can be used."""
        with suppress(SiteKeyError, OSError):  # whoever enters cards is told
            found = self._path.stat()
            seen = found.st_ino, found.st_mtime_ns
            if seen != self._seen:
                self._mark, self._seen = fingerprint_of(read_site_key(self._path)), seen
        return self._mark
