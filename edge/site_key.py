"""The secrets of this kiosk, from their files: the site key, and how the broker knows it.

What the key is for is `station.token`'s matter. Neither appears in a message, log or repr.
"""

import stat
from pathlib import Path
from typing import Final

from edge.errors import KeyFileError
from station.saying import as_said, say
from station.tidy import decode
from station.token import KEY_BYTES, key_in

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def read_site_key(path: Path) -> bytes:
    """The site key, `KEY_BYTES` long.

    Raises:
        KeyFileError: it is not there, open to others, or no key.
    """
    key = key_in(read_secret(path, "site_key_file"))
    if key is None:
        raise KeyFileError(
            say("site_key_file {path} holds no key; wanted are {digits} hex digits", path=path, digits=2 * KEY_BYTES)
        )
    return key


def read_password(path: Path) -> str:
    """The broker's password, without the blanks and line end after it.

    Raises:
        KeyFileError: it is not there, open to others, or empty.
    """
    try:
        password = decode(read_secret(path, "broker.password_file")).strip()
    except UnicodeDecodeError as exc:
        raise KeyFileError(
            say("broker.password_file {path} is no text in UTF-8; wanted is the password alone", path=path)
        ) from exc
    if not password:
        raise KeyFileError(say("broker.password_file {path} is empty; wanted is the password alone", path=path))
    return password


def read_secret(path: Path, setting: str) -> bytes:
    """What a secret's file holds.

    Raises:
        KeyFileError: it is not there, or open to others.
    """
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as exc:
        raise KeyFileError(
            say(
                "{setting} {path} cannot be read: {why}",
                setting=setting,
                path=path,
                why=as_said(exc.strerror or str(exc)),
            )
        ) from exc
    if mode & _OTHERS:
        raise KeyFileError(
            say(
                "{setting} {path} has mode {mode:04o}; wanted is 0600",
                setting=setting,
                path=path,
                mode=stat.S_IMODE(mode),
            )
        )
    return content
