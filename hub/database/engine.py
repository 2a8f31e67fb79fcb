"""Opening the hub's database the one way that makes a commit durable."""

import contextlib
import os
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from station.errors import ConfigError

BUSY_TIMEOUT_S = 5.0  # an import of a whole city holds the write lock for about as long
LOG_BYTES = 64 << 20  # what the log keeps on the disk after a long reading or a backup made it grow
LOG_PAGES = 4000  # from then on a commit moves them itself; `checkpoints` is before it where a hub runs
CACHE_KIB = 4096  # of pages a connection: the ends of 1,000 runs


def open_engine(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine whose commits are on the disk when they return.

    Args:
        url: SQLAlchemy's address of the database.
        busy_timeout_s: how long a statement waits for another process to finish writing.

    Raises:
        ConfigError: the address cannot be understood, or names a database that this version does not work with.
    """
    try:
        address = make_url(url)
    except ArgumentError as exc:
        raise ConfigError(
            f"database: {exc}; wanted is an address like sqlite:////var/lib/zaigang/zaigang.sqlite"
        ) from exc
    if address.get_backend_name() != "sqlite":
        raise ConfigError(f"database: {address.get_backend_name()} is not supported yet; wanted is sqlite:///PATH")
    if address.database in {None, "", ":memory:"}:
        raise ConfigError(f"database: {url} names no file, and would keep nothing; wanted is sqlite:///PATH")
    engine = create_engine(url, connect_args={"timeout": busy_timeout_s})
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _make_durable)
    return engine


def open_copy(file: Path) -> Engine:
    """An engine that only reads a backup, which nobody writes any more; for one thread."""
    return create_engine(f"sqlite:///file:{quote(str(file))}?mode=ro&immutable=1&uri=true", poolclass=StaticPool)


def _make_private(_dialect: object, _record: object, arguments: list[str], _options: object) -> None:
    """See to it that the file is its owner's alone: volunteers' names are in it. Its log gets the same mode.

    A file that is there is never opened here: closing it would drop every lock that this process has on it (fcntl(2)),
    and the next process to leave the database would take itself for the last one and throw the log away.
    """
    path = arguments[0]
    with contextlib.suppress(OSError):  # SQLite says better what is wrong with the place
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.chmod(path, 0o600)  # noqa: PTH101 -- as it came from SQLAlchemy


def _make_durable(connection: object, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # DBAPI's, which has no type
    cursor.execute("PRAGMA journal_mode=WAL")  # readers never wait for the intake
    cursor.execute("PRAGMA synchronous=FULL")  # WAL alone loses the last commits with the power
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    cursor.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")
    cursor.close()
