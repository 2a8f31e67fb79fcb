"""Mosquitto's files, written where it reads them, and the sign that it has to read them again.

The folder is the hub's alone; in service the broker's unit gives Mosquitto a copy, since it wants to own what it reads.
Nothing in it is needed to make it again. All files are put there first and `changed` last, which names their edition:
who watches that one (a systemd path unit) finds the others whole.
"""

import secrets
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from hub.certificates.cabinet import Cabinet, CertificateError
from hub.config import HubConfig
from hub.data_dir import make_data_dir
from hub.durable_file import write_new, write_over
from hub.link.connection import read_password
from hub.mosquitto import dialect
from hub.mosquitto.dialect import BrokerSettings, Version
from hub.saying import say
from station.errors import ConfigError

CHANGED: Final = "changed"
_SOURCES: Final = "usr/lib", "usr/lib64", "usr/local/lib"


class BrokerFilesError(ConfigError):
    """Mosquitto's files cannot be made; the text says what a person must do."""


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_files` did.

    Attributes:
        edition: of the files as they are now.
        changed: the names of those that were otherwise before.
    """

    edition: str
    changed: tuple[str, ...]


def find_mosquitto() -> tuple[Path, Version]:
    """Where Mosquitto is, and its version; Debian keeps it out of a user's path.

    Raises:
        BrokerFilesError: it is not installed, or too old.
    """
    path = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise BrokerFilesError("mosquitto is not installed; wanted is: apt install mosquitto")
    command = [path, "-h"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout  # noqa: S603
    except subprocess.TimeoutExpired as exc:
        raise BrokerFilesError(say("{path} -h does not end; wanted is Mosquitto 2.0 or later", path=path)) from exc
    version = dialect.read_version(said)
    if version is None or version < dialect.OLDEST:
        raise BrokerFilesError(
            say(
                "{path} says {said}; wanted is Mosquitto 2.0 or later",
                path=path,
                said=said.splitlines()[:1],
            )
        )
    return Path(path), version


def write_files(config: HubConfig, cabinet: Cabinet, shut_out: Iterable[str]) -> Written:
    """Write all of them.

    Raises:
        BrokerFilesError: the hub has no login at the broker, or Mosquitto is not there.
        CertificateError: there is no CA, or the broker has no certificate.
        OSError: they cannot be written.
    """
    shut_out = sorted(shut_out)
    (user, password), (path, version) = look_at_wants(config, cabinet)
    folder = config.broker_folder
    make_data_dir(folder)
    wanted = BrokerSettings(config.broker.port, config.broker.tls_port, _plugins_of(path))
    contents = {
        dialect.CONFIG: dialect.spell_config(wanted, version).encode(),
        dialect.PASSWORDS: _passwords(folder / dialect.PASSWORDS, user, password),
        dialect.CA: cabinet.certificate_file.read_bytes(),
        dialect.CERTIFICATE: cabinet.broker_file.read_bytes(),
        dialect.KEY: cabinet.broker_key_file.read_bytes(),
        dialect.REVOKED: cabinet.revoked_file.read_bytes(),
    }
    digest = sha256(b"".join(contents.values()) + repr(shut_out).encode())
    edition = digest.hexdigest()[:16]
    contents[dialect.RIGHTS] = dialect.spell_rights(user, shut_out, edition).encode()
    changed = [name for name, content in contents.items() if write_over(folder / name, content)]
    write_over(folder / CHANGED, f"{edition}\n".encode())
    return Written(edition, tuple(changed))


def look_at_wants(config: HubConfig, cabinet: Cabinet) -> tuple[tuple[str, str], tuple[Path, Version]]:
    """The hub's login, and Mosquitto; without these and a certificate there are no files.

    Raises:
        BrokerFilesError: the hub has no login at the broker, or Mosquitto is not there.
        CertificateError: there is no CA, or the broker has no certificate.
    """
    login = login_of(config)
    if cabinet.broker() is None:
        raise CertificateError("the broker has no certificate; first: zaigang-hub ca issue-broker NAME")
    return login, find_mosquitto()


def edition_in(folder: Path) -> str | None:
    """Which edition was written there last; None where none was."""
    try:
        return dialect.edition_said((folder / dialect.RIGHTS).read_text())
    except FileNotFoundError:
        return None


def login_of(config: HubConfig) -> tuple[str, str]:
    """The hub's own; a password is made where its file is not there."""
    file = config.broker.password_file
    if not config.broker.username or file is None:
        wanted = say(
            "{one} and {other} under {table}", table="[broker]", one='username = "hub"',
            other='password_file = "/var/lib/zaigang/broker.password"',
        )  # fmt: skip
        raise BrokerFilesError(
            say("the hub has no login at the broker; wanted in its settings is {wanted}", wanted=wanted)
        )
    if not file.exists():
        write_new(file, secrets.token_urlsafe(32).encode() + b"\n")
    return config.broker.username, read_password(file) or ""


def _passwords(file: Path, user: str, password: str) -> bytes:
    before = file.read_text() if file.exists() else ""
    kept = dialect.is_password(before, user, password)
    return (before if kept else dialect.spell_password(user, password)).encode()


def _plugins_of(mosquitto: Path) -> Path:
    """Where 2.1 keeps its plugins: beside the program's own libraries, in Debian under the machine's kind."""
    root = Path(mosquitto.anchor)
    found = (
        path.parent
        for source in _SOURCES
        for pattern in ("mosquitto_acl_file.so", "*/mosquitto_acl_file.so")
        for path in (root / source).glob(pattern)
    )
    return next(found, root / _SOURCES[0])
