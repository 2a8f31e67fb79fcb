"""Opening the hub's database the one way that makes a commit durable."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from hub.database import dump, file_copy
from hub.database.dialect import BACKENDS, dialect_named
from hub.saying import as_said, say
from station.errors import ConfigError

BUSY_TIMEOUT_S: Final = 5.0  # whoever writes holds the lock for a tenth of a second; a slow disk for longer
_WANTED: Final = "wanted is sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"


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
        raise ConfigError(say("database: {exc}; {wanted}", exc=exc, wanted=as_said(_WANTED))) from exc
    except ValueError as exc:
        raise ConfigError(say("database: its port is no number; {wanted}", wanted=as_said(_WANTED))) from exc
    backend = address.get_backend_name()
    if backend not in BACKENDS:
        raise ConfigError(
            say("database: {backend} is not supported; {wanted}", backend=backend, wanted=as_said(_WANTED))
        )
    return dialect_named(backend).open(address, busy_timeout_s)


@contextmanager
def opened_engine(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Iterator[Engine]:
    """The same, for as long as the block lasts."""
    engine = open_engine(url, busy_timeout_s=busy_timeout_s)
    try:
        yield engine
    finally:
        engine.dispose()


def open_backup(file: Path) -> Engine:
    """An engine that only reads what a backup says of runs; for one thread.

    Raises:
        SQLAlchemyError: it cannot be read; for some, only the first statement tells.
    """
    return dump.open_dump(file) if file.suffix == dump.SUFFIX else file_copy.open_copy(file)
