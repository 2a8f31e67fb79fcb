"""Random keys, and what is kept of them: the hash proves a key, and gives none away."""

import hashlib
import secrets

KEY_BYTES = 32  # 256 bits: nobody guesses it, so a quick hash is enough


def new_random_key() -> str:
    """A key for a cookie, a link or a program, fit for an address."""
    return secrets.token_urlsafe(KEY_BYTES)


def new_id() -> str:
    """An opaque id of an account."""
    return secrets.token_hex(8)


def proof_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
