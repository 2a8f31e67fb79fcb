"""A site key on its way to one kiosk, which alone can open it: ECDH on P-256, then HKDF and HMAC of SHA-256 (RFC 5869).

Here is what both ends do once they share a secret; the ECDH is theirs. The pad is used for one key, since the hub makes
another ephemeral key for each letter; the tag tells a letter that is for somebody else, or was touched on the way.
"""

import binascii
import hmac
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Final, NamedTuple

from station.token import KEY_BYTES

_TAG_BYTES: Final = 16
_SALT: Final = b"zaigang site key v1"


class KeyLetter(NamedTuple):
    """What travels.

    Attributes:
        ephemeral: the sender's public key for this letter, DER (SubjectPublicKeyInfo).
        sealed: the key under the pad, then the tag.
    """

    ephemeral: bytes
    sealed: bytes

    def spelled(self) -> str:
        """As it stands in a command."""
        return f"{b64encode(self.ephemeral).decode()}.{b64encode(self.sealed).decode()}"


def read_key_letter(text: str) -> KeyLetter | None:
    """The letter that is spelled so; None where none is."""
    try:
        ephemeral, sealed = (b64decode(part, validate=True) for part in text.split("."))
    except (ValueError, binascii.Error):
        return None
    return KeyLetter(ephemeral, sealed) if len(sealed) == KEY_BYTES + _TAG_BYTES else None


def seal(key: bytes, shared: bytes, ephemeral: bytes, kiosk: str) -> KeyLetter:
    """Close a letter with a site key in it.

    Args:
        key: what is to travel, `KEY_BYTES` long.
        shared: the secret of this ephemeral key and the kiosk's.
        ephemeral: its public half, DER.
        kiosk: whom it is for.
    """
    pad, mac_key = _keys_of(shared, ephemeral, kiosk)
    hidden = bytes(a ^ b for a, b in zip(key, pad, strict=True))
    return KeyLetter(ephemeral, hidden + _tag(mac_key, hidden))


def unseal(letter: KeyLetter, shared: bytes, kiosk: str) -> bytes | None:
    """The key in a letter; None where it is for somebody else, or not as it was closed."""
    pad, mac_key = _keys_of(shared, letter.ephemeral, kiosk)
    hidden, tag = letter.sealed[:KEY_BYTES], letter.sealed[KEY_BYTES:]
    if not hmac.compare_digest(tag, _tag(mac_key, hidden)):
        return None
    return bytes(a ^ b for a, b in zip(hidden, pad, strict=True))


def _tag(mac_key: bytes, hidden: bytes) -> bytes:
    return hmac.digest(mac_key, hidden, "sha256")[:_TAG_BYTES]


def _keys_of(shared: bytes, ephemeral: bytes, kiosk: str) -> tuple[bytes, bytes]:
    """Pad and key of the tag: two blocks of HKDF."""
    info = sha256(ephemeral).digest() + kiosk.encode()
    secret = hmac.digest(_SALT, shared, "sha256")
    first = hmac.digest(secret, info + b"\x01", "sha256")
    return first, hmac.digest(secret, first + info + b"\x02", "sha256")
