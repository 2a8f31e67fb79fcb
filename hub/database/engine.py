"""Opening the hub's database the one way that makes a commit durable."""

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from station.errors import ConfigError

BUSY_TIMEOUT_S = 5.0  # an import of a whole city holds the write lock for about as long
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
        dialect = make_url(url).get_backend_name()
    except ArgumentError as exc:
        raise ConfigError(
            f"database: {exc}; wanted is an address like sqlite:////var/lib/zaigang/zaigang.sqlite"
        ) from exc
    if dialect != "sqlite":
        raise ConfigError(f"database: {dialect} is not supported yet; wanted is sqlite:///PATH")
    engine = create_engine(url, connect_args={"timeout": busy_timeout_s})
    event.listen(engine, "connect", _make_durable)
    return engine


def _make_durable(connection: object, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # DBAPI's, which has no type
    cursor.execute("PRAGMA journal_mode=WAL")  # readers never wait for the intake
    cursor.execute("PRAGMA synchronous=FULL")  # WAL alone loses the last commits with the power
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.close()
