"""The site key of this kiosk, from its file; what it is for is `station.token`'s matter.

The key itself appears in no message, log or repr.
"""

import stat
from pathlib import Path
from typing import Final

from edge.errors import KeyFileError
from station.token import KEY_BYTES

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def read_site_key(path: Path) -> bytes:
    """The site key, `KEY_BYTES` long.

    Raises:
        KeyFileError: it is not there, open to others, or no key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as exc:
        raise KeyFileError(f"site_key_file {path} cannot be read: {exc.strerror}") from exc
    if mode & _OTHERS:
        raise KeyFileError(f"site_key_file {path} has mode {stat.S_IMODE(mode):04o}; wanted is 0600")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"site_key_file {path} holds no key; wanted are {2 * KEY_BYTES} hex digits")
    return key
