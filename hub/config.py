"""The hub's settings: TOML, then `ZAIGANG_HUB_*` variables; read once, in `__main__`, and handed down in parts."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.saying import as_said, said_by, say
from station.errors import ConfigError
from station.settings import WANTED_HOST, is_host, read_settings
from station.tidy import decode

DEFAULT_FILE: Final = Path("/etc/zaigang/hub.toml")
DATABASE_FILE: Final = "zaigang.sqlite"
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_MAX_PORT: Final = 65535
_HTTPS_PORT: Final = 443
_ACCESS_DAYS: Final = (183, 3650)  # half a year by law; ten years is no time for who looked at whom


@dataclass(frozen=True, slots=True)
class HubBrokerConfig:
    """Where the messages pass."""

    host: str = "127.0.0.1"
    """The broker's address."""

    port: int = 1883
    """The broker's port; with `embedded`, the one that it listens on."""

    embedded: bool = False
    """Run a broker inside the hub, on 127.0.0.1 only: nothing to install, nothing kept across a restart."""

    username: str = ""
    """The hub's login at the broker; empty for none."""

    password_file: Path | None = None
    """A file with that login's password."""

    tls_port: int = 8883
    """Where kiosks come in over TLS, of a Mosquitto that is set up by `zaigang-hub broker config`."""

    directory: Path | None = None
    """Where that writes Mosquitto's files; empty for `broker` in `data_dir`."""


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """Where the pages and the API are served."""

    host: str = "127.0.0.1"
    """The address to listen on; any but this machine's own needs a certificate."""

    port: int = 8080
    """The port to listen on."""

    names: tuple[str, ...] = ()
    """By which names browsers ask for the hub, as `zaigang.example.cn`; a request for another one is refused. Those of
    this machine always do. With one, nobody sees anything without signing in."""

    certificate: Path | None = None
    """A file with the certificate and those above it, PEM: the pages are served by HTTPS."""

    private_key: Path | None = None
    """A file with the certificate's key, PEM."""

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it, and nobody asks for it by a name of its own."""
        return self.host in LOOPBACK and not self.names

    @property
    def address(self) -> str:
        """Where a browser finds the pages."""
        scheme = "https" if self.certificate or self.names else "http"
        if self.names:
            port = f":{self.port}" if self.certificate and self.port != _HTTPS_PORT else ""
            return f"{scheme}://{self.names[0]}{port}/"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}/"


@dataclass(frozen=True, slots=True)
class OidcConfig:
    """A city's own identity service (OpenID Connect), by which people sign in instead of by a password."""

    issuer: str = ""
    """Its address, sign by sign as it calls itself: `https://id.example.cn`; empty for none."""

    client_id: str = ""
    """What it calls this hub. It is to send browsers back to https://NAME/sign-in/issuer/back."""

    secret_file: Path | None = None
    """A file with the secret that it gave this hub; none for a client without one (PKCE proves it all the same)."""


@dataclass(frozen=True, slots=True)
class BackupConfig:
    """The hub's own backups. A kiosk whose disk is full frees what the newest one holds."""

    directory: Path | None = None
    """Where they lie, best on another disk; it must be there. Without one, none are made. Those of PostgreSQL are made
    by `pg_dump`, of the package `postgresql-client`."""

    every_h: float = 24.0
    """Hours from one to the next."""

    keep: int = 7
    """How many are kept; older ones are deleted."""

    @property
    def kept_days(self) -> int | None:
        """How many days a backup is there at most, while the hub makes new ones; None where it makes none."""
        return None if self.directory is None else ceil(self.every_h * (self.keep + 1) / 24)


@dataclass(frozen=True, slots=True)
class KeepConfig:
    """What is kept for a time only."""

    access_days: int = 365
    """Days for which the log of access is kept: who came in, whom they looked at, what was refused; and what channels
    were sent of an alarm, and answered. No fewer than 183: the Cybersecurity Law (网络安全法) wants logs of half a
    year. A year has the reviews of one in it, and no more."""


@dataclass(frozen=True, slots=True)
class HubConfig:
    """All of the hub's settings; each has a default."""

    data_dir: Path = Path("/var/lib/zaigang")
    """Where the database and the site key are kept."""

    database: str = ""
    """SQLAlchemy's address of the database: `postgresql+psycopg://USER@HOST/NAME`, or `sqlite:///PATH`; empty for
    SQLite in `data_dir`. PostgreSQL takes the password from `~/.pgpass`, so that it need not stand here."""

    zone: str = "Asia/Shanghai"
    """The city's time zone: its days and opening hours are of it, and pages show times in it."""

    broker: HubBrokerConfig = field(default_factory=HubBrokerConfig)
    http: HttpConfig = field(default_factory=HttpConfig)
    backup: BackupConfig = field(default_factory=BackupConfig)
    oidc: OidcConfig = field(default_factory=OidcConfig)
    keep: KeepConfig = field(default_factory=KeepConfig)

    @property
    def city_zone(self) -> ZoneInfo:
        """The zone itself.

        Raises:
            ConfigError: there is none of that name.
        """
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:  # a folder of zones, as Asia
            raise ConfigError(say("zone is {zone!r}; wanted is a zone like Asia/Shanghai", zone=self.zone)) from exc

    @property
    def broker_folder(self) -> Path:
        """Where Mosquitto's files are written."""
        return self.broker.directory or self.data_dir / "broker"

    @property
    def database_url(self) -> str:
        """The database's address, the default one spelled out."""
        return self.database or f"sqlite:///{self.data_dir / DATABASE_FILE}"


def add_config(parser: ArgumentParser) -> None:
    """Say where a command finds the settings."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")


def read_config(file: Path | None, environ: Mapping[str, str]) -> HubConfig:
    """The hub's settings.

    Args:
        file: the TOML file; None for `DEFAULT_FILE`, which need not be there.
        environ: where `ZAIGANG_HUB_DATA_DIR`, `ZAIGANG_HUB_BROKER__PORT` and so on may stand.

    Raises:
        ConfigError: a setting cannot stand, or the file cannot be read.
    """
    text = ""
    if file is not None or DEFAULT_FILE.exists():
        try:
            text = decode((file or DEFAULT_FILE).read_bytes())
        except OSError as exc:
            raise ConfigError(
                say(
                    "{file} cannot be read: {why}; wanted is a TOML file",
                    file=file or DEFAULT_FILE,
                    why=as_said(exc.strerror or str(exc)),
                )
            ) from exc
        except UnicodeDecodeError as exc:
            raise ConfigError(say("{file} cannot be read: it is no UTF-8 text", file=file or DEFAULT_FILE)) from exc
    config = read_settings(HubConfig, text, environ, file=str(file or DEFAULT_FILE), room="hub")
    for fault in _faults(config):
        raise ConfigError(say("{file}: {fault}", file=file or DEFAULT_FILE, fault=as_said(fault)))
    return config


def _faults(config: HubConfig) -> Iterator[str]:
    paths = (
        ("data_dir", config.data_dir), ("broker.password_file", config.broker.password_file),
        ("broker.directory", config.broker.directory), ("backup.directory", config.backup.directory),
        ("oidc.secret_file", config.oidc.secret_file),
    )  # fmt: skip
    for key, path in paths:
        if path is not None and not path.is_absolute():  # what it is would depend on where a command is typed
            found = as_said("nothing") if path == Path() else repr(str(path))
            yield say("{key}: {found}; wanted is a path from the root on, as /var/lib/zaigang", key=key, found=found)
    broker, http, backup = config.broker, config.http, config.backup
    least, most = _ACCESS_DAYS
    yield from (
        say("{key}: {host!r}; {wanted}", key=key, host=host, wanted=as_said(WANTED_HOST))
        for key, host in (("broker.host", broker.host), ("http.host", http.host))
        if not is_host(host)
    )
    for key, number, is_sound, wanted in (
        ("broker.port", broker.port, 0 < broker.port <= _MAX_PORT, say("{first} to {last}", first=1, last=_MAX_PORT)),
        (
            "broker.tls_port",
            broker.tls_port,
            0 < broker.tls_port <= _MAX_PORT,
            say("{first} to {last}", first=1, last=_MAX_PORT),
        ),
        ("http.port", http.port, 0 < http.port <= _MAX_PORT, say("{first} to {last}", first=1, last=_MAX_PORT)),
        ("backup.every_h", backup.every_h, backup.every_h > 0, "more than 0"),
        ("backup.keep", backup.keep, backup.keep > 0, "more than 0"),
        (
            "keep.access_days",
            config.keep.access_days,
            least <= config.keep.access_days <= most,
            say("{first} to {last}", first=least, last=most),
        ),
    ):
        if not is_sound:
            yield say("{key} is {number}; wanted is {wanted}", key=key, number=number, wanted=as_said(wanted))
    if (http.certificate is None) != (http.private_key is None):
        yield "http.certificate and http.private_key: one without the other; wanted are both, or none"
    if http.host not in LOOPBACK and http.certificate is None:
        yield (
            say(
                "http.host: {host!r} is reached from other machines; wanted are http.certificate and "
                "http.private_key, or 127.0.0.1 behind a proxy that has them",
                host=http.host,
            )
        )
    if http.host not in LOOPBACK and not http.names:
        yield say(
            "http.names: none, though other machines reach {host!r}; wanted is the name that browsers ask for",
            host=http.host,
        )
    if broker.password_file is not None and not broker.username:
        yield "broker.password_file: a password without a name; wanted is broker.username beside it"
    yield from _oidc_faults(config.oidc)
    try:
        config.city_zone  # noqa: B018 -- whether there is one
    except ConfigError as exc:
        yield said_by(exc)


def _oidc_faults(oidc: OidcConfig) -> Iterator[str]:
    if not oidc.issuer:
        if oidc.client_id or oidc.secret_file:
            yield "oidc.issuer: none, though the rest of [oidc] is set; wanted is an address like https://id.example.cn"
        return
    if not oidc.issuer.startswith(("https://", *(f"http://{host}:" for host in ("127.0.0.1", "localhost")))):
        yield say("oidc.issuer: {issuer!r}; wanted is an address like https://id.example.cn", issuer=oidc.issuer)
    if not oidc.client_id:
        yield "oidc.client_id: none; wanted is what the issuer calls this hub"
