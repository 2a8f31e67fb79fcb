"""Reading and writing the database, with its errors told as the hub's own.

StoreTroubleError    the database is locked, full or broken: settle nothing, try again later
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, select, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from hub.database.dialect import Insert, dialect_named, dialect_of
from hub.errors import HubError

TAKEN_AWAY: Final = (
    "its file was deleted or replaced while the hub serves it; stop the hub, put the newest backup back, start it again"
)
_PLAINER: Final = {  # by PostgreSQL's codes
    "25006": "the server may only be read now, as a standby is; wanted is the primary",
    "55P03": "somebody else holds what is to be written, for too long",
    "53100": "the server's disk is full; wanted is room on it: df -h",
}
_FROM_SERVER: Final = re.compile(r"failed: \w+:  ")  # "FATAL:  ...", in the server's language: it runs, and refuses
_OF_ONES_OWN: Final = ("no password supplied", "invalid port number")  # its client says so without having asked
_IS_IT_RUNNING: Final = "; is PostgreSQL running? systemctl status postgresql"
_WITHOUT_ROOM: Final = {"database or disk is full": "; wanted is room on the disk: df -h"}  # as SQLite says it


class StoreTroubleError(HubError):
    """The database cannot be read or written now; the text is its own reason."""


@contextmanager
def told_as_trouble() -> Iterator[None]:
    """Tell the database's errors as the hub's own.

    Raises:
        StoreTroubleError: the database cannot be used.
    """
    try:
        yield
    except SQLAlchemyError as exc:
        raise StoreTroubleError(trouble_said(exc)) from exc


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read by.

    Raises:
        StoreTroubleError: the database cannot be read.
    """
    with told_as_trouble(), engine.connect() as connection:
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first look, whatever is written meanwhile.

    Raises:
        StoreTroubleError: the database cannot be read.
    """
    with reading(engine) as connection:
        dialect_of(connection).begin_snapshot(connection)
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, on the disk once the block has ended.

    Raises:
        StoreTroubleError: nothing of it is stored.
    """
    with told_as_trouble(), engine.begin() as connection:
        dialect_of(connection).begin_storing(connection)
        yield connection
        if not dialect_of(connection).is_itself(connection):
            raise StoreTroubleError(TAKEN_AWAY)


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """The same, and nobody else changes anything by this meanwhile: what was looked at is so until it is written over.

    On SQLite any `writing` is so; on PostgreSQL transactions go beside each other, and two of them would both find a
    code not used yet. Whoever stores what kiosks record goes by `writing`; an answer of theirs may change the city.

    Raises:
        StoreTroubleError: nothing of it is stored.
    """
    with writing(engine) as connection:
        dialect_of(connection).begin_changing(connection)
        yield connection


@contextmanager
def trying(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind; nobody else writes meanwhile.

    Raises:
        StoreTroubleError: the database cannot be used.
    """
    with told_as_trouble(), engine.connect() as connection:
        dialect_of(connection).begin_changing(connection)
        yield connection
        connection.rollback()


class Database:
    """A way to read and write one database.

    Args:
        engine: its.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reading(self) -> AbstractContextManager[Connection]:
        """As the function."""
        return reading(self._engine)

    def snapshot(self) -> AbstractContextManager[Connection]:
        """As the function."""
        return snapshot(self._engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """As the function."""
        return writing(self._engine)


class OneConnection:
    """All reading and writing by one connection, within what it has begun.

    Args:
        connection: whose block outlives this.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reading(self) -> AbstractContextManager[Connection]:
        """As `Database` has it; so are the others."""
        return nullcontext(self._connection)

    snapshot = writing = reading


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for Core."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]  # SQLModel adds it to table models


def delete_some(connection: Connection, model: type[SQLModel], where: ColumnElement[bool], most: int) -> int:
    """Delete at most so many of the rows for which something holds; returns how many those were."""
    table = table_of(model)
    keys = tuple(table.primary_key.columns)
    found = connection.execute(select(*keys).where(where).limit(most)).all()
    if found:
        (one, *more), rows = keys, [tuple(row) for row in found]
        is_one_of = tuple_(*keys).in_(rows) if more else one.in_([row[0] for row in rows])
        connection.execute(delete(table).where(is_one_of))
    return len(found)


def upsert(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows, or set them anew where their keys are there; all rows name the same columns."""
    connection.execute(_upsert_of(connection.dialect.name, model, tuple(rows[0])), rows)


@cache
def _upsert_of(dialect: str, model: type[SQLModel], names: tuple[str, ...]) -> Insert:
    """Made once for each table: making it takes longer than running it."""
    statement = dialect_named(dialect).insert(table_of(model))
    keys = [column.name for column in table_of(model).primary_key]
    others = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def trouble_said(exc: SQLAlchemyError) -> str:
    """What the database said, in one line and without the values that it was given: they may be names."""
    said = getattr(exc, "orig", None)
    plainer = _PLAINER.get(getattr(said, "sqlstate", None) or "")
    plain = plainer or str(said or type(exc).__name__).partition("\n")[0]
    return plain + (_IS_IT_RUNNING if _is_away(said) else _WITHOUT_ROOM.get(plain, ""))


def _is_away(said: object) -> bool:
    """Whether a server does not answer at all: its client says so without a code, and the server where it ends."""
    is_of_server = type(said).__name__ == "OperationalError" and hasattr(said, "sqlstate")
    code, text = getattr(said, "sqlstate", None) or "", str(said)
    if not code and (_FROM_SERVER.search(text) or any(own in text for own in _OF_ONES_OWN)):
        return False
    return is_of_server and (not code or code.startswith("57P"))
