"""The hub's settings: TOML, then `ZAIGANG_HUB_*` variables; read once, in `__main__`, and handed down in parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from station.errors import ConfigError
from station.settings import read_settings

DEFAULT_FILE: Final = Path("/etc/zaigang/hub.toml")
DATABASE_FILE: Final = "zaigang.sqlite"
_MAX_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class BrokerConfig:
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


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """Where the pages and the API are served."""

    host: str = "127.0.0.1"
    """The address to listen on; this machine alone, since there is no log-in yet."""

    port: int = 8080
    """The port to listen on."""


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

    broker: BrokerConfig = field(default_factory=BrokerConfig)
    http: HttpConfig = field(default_factory=HttpConfig)
    backup: BackupConfig = field(default_factory=BackupConfig)

    @property
    def city_zone(self) -> ZoneInfo:
        """The zone itself.

        Raises:
            ConfigError: there is none of that name.
        """
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            raise ConfigError(f"zone is {self.zone!r}; wanted is a zone like Asia/Shanghai") from exc

    @property
    def database_url(self) -> str:
        """The database's address, the default one spelled out."""
        return self.database or f"sqlite:///{self.data_dir / DATABASE_FILE}"


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
            text = (file or DEFAULT_FILE).read_text(encoding="utf-8")
        except OSError as exc:
            raise ConfigError(f"{file or DEFAULT_FILE} cannot be read: {exc.strerror}") from exc
        except UnicodeDecodeError as exc:
            raise ConfigError(f"{file or DEFAULT_FILE} cannot be read: it is no UTF-8 text") from exc
    config = read_settings(HubConfig, text, environ, file=str(file or DEFAULT_FILE), room="hub")
    for key, port in (("broker.port", config.broker.port), ("http.port", config.http.port)):
        if not 0 < port <= _MAX_PORT:
            raise ConfigError(f"{file or DEFAULT_FILE}: {key} is {port}; wanted is 1 to {_MAX_PORT}")
    for key, number in (("backup.every_h", config.backup.every_h), ("backup.keep", config.backup.keep)):
        if not number > 0:
            raise ConfigError(f"{file or DEFAULT_FILE}: {key} is {number}; wanted is more than 0")
    return config
