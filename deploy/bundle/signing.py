"""The key by which an installed kiosk or hub knows that the next version comes from where the first came from.

Ed25519. It is made at its first use and is for its owner alone; who loses it must bring a first version everywhere
once more, by hand.
"""

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def default_key() -> Path:
    """Beside the builder's other secrets, not in the tree."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "zaigang" / "release.key"


def key_at(path: Path) -> Ed25519PrivateKey:
    """The key in that file, made where there is none."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(made)
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise SystemExit(f"{path} has mode {mode:04o}, open to others; wanted is 0600: chmod 600 {path}")
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{path} is no Ed25519 key; wanted is the one by which earlier bundles were signed")
    return key


def public(key: Ed25519PrivateKey) -> bytes:
    """Its other half, PEM."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PrivateKey) -> str:
    """What two people compare on the telephone."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    digest = hashlib.sha256(raw).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
