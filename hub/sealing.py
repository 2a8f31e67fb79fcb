"""What nobody may read who has only the database: sealed by AES-256-GCM, under a key in a file beside the site key.

Each text has a nonce of its own and is bound to its row, so that no row can be given another's. The key is made with
the first text and never again: one that is missing is never replaced by another, for then half would be unreadable.

HubError
`-- SealError    a text cannot be sealed or read; the text says what a person must do, and all else goes on
"""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.data_dir import make_data_dir
from hub.durable_file import write_new
from hub.errors import HubError
from hub.saying import Said, say

FILE_NAME: Final = "telephone.key"
KEY_BYTES: Final = 32
_EDITION: Final = b"\x01"
_NONCE_BYTES: Final = 12  # NIST SP 800-38D 8.2.2: random ones do for 2**32 texts under one key


class SealError(HubError):
    """A text cannot be sealed or read."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


class Safe:
    """Seals and opens.

    Args:
        data_dir: where the key lies.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._cipher: AESGCM | None = None

    @property
    def path(self) -> Path:
        """Of the key."""
        return self._data_dir / FILE_NAME

    def make_key(self) -> None:
        """Make a key where there is none; only before anything was sealed.

        Raises:
            SealError: it cannot be written.
        """
        try:
            make_data_dir(self._data_dir)
            write_new(self.path, secrets.token_bytes(KEY_BYTES).hex().encode() + b"\n")
        except (OSError, HubError) as exc:
            why = exc.strerror if isinstance(exc, OSError) else str(exc)
            raise SealError(say("the key {path} cannot be written: {why}", path=self.path, why=why)) from exc

    def seal(self, row: str, text: str) -> bytes:
        """A text as its row keeps it.

        Raises:
            SealError: there is no key that can be used.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _EDITION + nonce + self._key().encrypt(nonce, text.encode(), row.encode())

    def open(self, row: str, sealed: bytes) -> str:
        """What was sealed for that row.

        Raises:
            SealError: there is no key, or it is another one, or the row is not the one it was sealed for.
        """
        cipher = self._key()
        nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, rest, row.encode()).decode()
        except (InvalidTag, ValueError) as exc:
            said = "the key {path} is not the one of this database; put back the one that was kept beside the site key"
            raise SealError(say(said, path=self.path)) from exc

    def _key(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(_read_key(self.path))
        return self._cipher


def _read_key(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            mode, content = stat.S_IMODE(os.fstat(stream.fileno()).st_mode), stream.read(KEY_BYTES * 8)
    except FileNotFoundError as exc:
        said = "the key {path} is not there; put back the one that was kept beside the site key"
        raise SealError(say(said, path=path)) from exc
    except OSError as exc:
        raise SealError(say("the key {path} cannot be read: {why}", path=path, why=exc.strerror)) from exc
    if mode & 0o077:
        said = "the key {path} has mode {mode}, open to others; wanted is 0600"
        raise SealError(say(said, path=path, mode=f"{mode:04o}"))
    try:
        key = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SealError(say("{path} holds no key; put back the one that was kept beside the site key", path=path))
    return key
