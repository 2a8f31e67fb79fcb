"""Reading and writing the database, with its errors told as the hub's own.

StoreTroubleError    the database is locked, full or broken: settle nothing, try again later
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from hub.database.write_lock import begin_writing
from hub.errors import HubError


class StoreTroubleError(HubError):
    """The database cannot be read or written now; the text is its own reason."""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read by.

    Raises:
        StoreTroubleError: the database cannot be read.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as exc:
        raise _trouble(exc) from exc


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first look, whatever is written meanwhile.

    Raises:
        StoreTroubleError: the database cannot be read.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "sqlite":  # Python's driver begins no transaction to read
            connection.exec_driver_sql("BEGIN")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, on the disk once the block has ended.

    Raises:
        StoreTroubleError: nothing of it is stored.
    """
    try:
        with engine.begin() as connection:
            begin_writing(connection)
            yield connection
    except SQLAlchemyError as exc:
        raise _trouble(exc) from exc


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for Core."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]  # SQLModel adds it to table models


def upsert(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows, or set them anew where their keys are there; all rows name the same columns."""
    connection.execute(_upsert_of(model, tuple(rows[0])), rows)


@cache
def _upsert_of(model: type[SQLModel], names: tuple[str, ...]) -> sqlite.Insert:
    """Made once for each table: making it takes longer than running it."""
    statement = sqlite.insert(table_of(model))
    keys = [column.name for column in table_of(model).primary_key]
    others = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def _trouble(exc: SQLAlchemyError) -> StoreTroubleError:
    return StoreTroubleError(str(getattr(exc, "orig", None) or exc).partition("\n")[0])
