"""What stands in Mosquitto's files, in the words of the version that will read them. Pure.

Two listeners: kiosks come over TLS with a certificate and are known by its name; the hub comes over loopback with a
password. 2.0 has one word for each file of rights and passwords; 2.1 has plugins for them, and warns of the old words,
which go with 3.0.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.wire.messages import MAX_MESSAGE_BYTES
from station.wire.topics import HUB_STATE, ROOT, Leaf

CONFIG: Final = "mosquitto.conf"
RIGHTS: Final = "rights"
PASSWORDS: Final = "passwords"
CA: Final = "ca.crt"
CERTIFICATE: Final = "broker.crt"
KEY: Final = "broker.key"
REVOKED: Final = "revoked.crl"

WITH_PLUGINS: Final = (2, 1)
OLDEST: Final = (2, 0)
MAX_QUEUED: Final = 1_000_000
"""Messages. 0, without end, is wrong in 2.0.16 to 2.0.21: messages were dropped and clients thrown out
(eclipse-mosquitto/mosquitto#2879, #3244)."""
MAX_QUEUED_BYTES: Final = 512_000_000  # of a hub that stands still; kiosks send again what is dropped
MAX_PACKET_BYTES: Final = 2 * MAX_MESSAGE_BYTES
SAID_BY_KIOSK: Final = (Leaf.STATE, Leaf.JOURNAL, Leaf.REPLY)
ITERATIONS: Final = 1000  # of PBKDF2, for a password of 256 random bits
SALT_BYTES: Final = 12  # what 2.0 takes
_MADE: Final = "# Made by zaigang-hub broker config; what is changed here is lost.\n"
_SPOKEN_VERSION: Final = re.compile(r"version (\d+)\.(\d+)(?:\.(\d+))?")
Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """What the broker is to do.

    Attributes:
        port: the hub's, on loopback alone.
        tls_port: the kiosks', on all addresses.
        plugins: where 2.1's plugins lie.
    """

    port: int
    tls_port: int
    plugins: Path = Path("/usr/lib")


def read_version(said: str) -> Version | None:
    """The version in `mosquitto -h` or `$SYS/broker/version`."""
    found = _SPOKEN_VERSION.search(said)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def spell_config(wanted: BrokerSettings, version: Version) -> str:
    """mosquitto.conf. Its files are named as seen from the folder in which Mosquitto is started."""
    files = {"password_file": PASSWORDS, "acl_file": RIGHTS}
    if version >= WITH_PLUGINS:
        ours = [
            line
            for option, path in files.items()
            for line in (f"plugin_load {option} {wanted.plugins}/mosquitto_{option}.so", f"plugin_opt_{option} {path}")
        ]
        of_listener = ["listener_allow_anonymous false", *(f"plugin_use {option}" for option in files)]
    else:
        ours = ["per_listener_settings false", "allow_anonymous false", *(f"{k} {path}" for k, path in files.items())]
        of_listener = []
    return _MADE + "\n".join([
        *ours,
        "persistence false",  # settled comes after the commit at the hub: what a broker keeps proves nothing
        f"max_queued_messages {MAX_QUEUED}",
        f"max_queued_bytes {MAX_QUEUED_BYTES}",
        "max_inflight_messages 0",
        f"max_packet_size {MAX_PACKET_BYTES}",
        "connection_messages true",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
        "",
        f"listener {wanted.port} 127.0.0.1",
        *of_listener,
        "",
        f"listener {wanted.tls_port}",
        *of_listener,
        f"cafile {CA}",
        f"certfile {CERTIFICATE}",
        f"keyfile {KEY}",
        f"crlfile {REVOKED}",
        "tls_version tlsv1.2",
        "require_certificate true",
        "use_identity_as_username true",
        "",
    ])  # fmt: skip


def spell_rights(hub: str, shut_out: Iterable[str], edition: str) -> str:
    """Who may say and hear what: one pattern for all kiosks, the rest is the hub's.

    Args:
        hub: its login.
        shut_out: kiosks that are revoked. The list of certificates keeps them from coming; this silences those that
            are there still.
        edition: of all the files; that the hub may say something under `loaded` shows that the broker has read them.
    """
    lines = [f"user {hub}", f"topic readwrite {ROOT}/#", "topic read $SYS/broker/#", f"topic write {loaded(edition)}"]
    for kiosk in sorted(shut_out):
        lines += ["", f"user {kiosk}", f"topic deny {ROOT}/#"]
    lines += ["", *(f"pattern write {ROOT}/+/%u/{leaf}" for leaf in SAID_BY_KIOSK)]
    lines += [f"pattern read {ROOT}/+/%u/#", f"pattern read {HUB_STATE}"]
    return _MADE + "\n".join(lines) + "\n"


def loaded(edition: str) -> str:
    """Where only a broker lets the hub speak that has read this edition of its files."""
    return f"zaigang-loaded/{edition}"


def edition_said(rights: str) -> str | None:
    """The edition that a file of rights says."""
    found = re.search(rf"^topic write {loaded('')}(.+)$", rights, re.MULTILINE)
    return found[1] if found else None


def spell_password(user: str, password: str, salt: bytes | None = None) -> str:
    """A line of the file of passwords, as `mosquitto_passwd` makes it: PBKDF2 with SHA-512."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    keyed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    spelled = (base64.b64encode(part).decode() for part in (salt, keyed))
    return f"{user}:$7${ITERATIONS}${'$'.join(spelled)}\n"


def is_password(line: str, user: str, password: str) -> bool:
    """Whether that line lets this user in by this password, so that it need not be made anew."""
    parts = line.strip().split("$")
    if len(parts) != len(("user:", "7", "iterations", "salt", "hash")):
        return False
    try:
        salt = base64.b64decode(parts[3], validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(spell_password(user, password, salt).encode(), line.encode())
