"""The keyed name of a card: what is stored and sent instead of its number.

A token hides the number from whoever reads the wire or the database, not from who holds the site key.
"""

import hmac
from hashlib import sha256
from typing import Final

from station.names import Token
from station.tidy import decode, tidy_key

KEY_BYTES: Final = 32
TECHNOLOGIES: Final = ("iso14443a", "em4100")  # how a number is read, never the chip model


def token_of(site_key: bytes, technology: str, number: bytes) -> Token:
    """Name a card.

    Args:
        site_key: the secret shared by the hub and its kiosks, `KEY_BYTES` long.
        technology: one of `TECHNOLOGIES`.
        number: the card's number as the reader gives it, most significant byte first.

    Returns:
        The first 16 bytes of HMAC-SHA256(site_key, technology + ":" + number), 32 lower hex digits.

    Raises:
        ValueError: a key of another length, an unknown technology or an empty number.
    """
    if len(site_key) != KEY_BYTES:
        raise ValueError(f"the site key is {len(site_key)} bytes long, {KEY_BYTES} are wanted")
    if technology not in TECHNOLOGIES or not number:
        raise ValueError(f"no card of technology {technology!r} with a number of {len(number)} bytes")
    keyed = hmac.new(site_key, technology.encode() + b":" + number, sha256)
    return Token(keyed.digest()[:16].hex())


def fingerprint_of(site_key: bytes) -> str:
    """By which two machines see whether they have the same key: 16 lower hex digits, from which nobody gets the key."""
    return hmac.new(site_key, b"fingerprint", sha256).digest()[:8].hex()


def key_in(content: bytes) -> bytes | None:
    """The site key that a file's content spells in hex; None where it spells none."""
    try:
        key = bytes.fromhex(tidy_key(decode(content)))
    except ValueError:  # UnicodeDecodeError is one
        return None
    return key if len(key) == KEY_BYTES else None
