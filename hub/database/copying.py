"""Moving a hub from one database to another, with everything in it: all of it, or nothing.

HubError
`-- CopyError    a person must act; the text says how, and nothing was written
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from sqlalchemy import Connection, Engine, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from hub.database.dialect import dialect_of, place_of
from hub.database.schema import METADATA, prepare_schema
from hub.database.sole_hub import sole_hub
from hub.database.transactions import changing, snapshot, trouble_said
from hub.errors import HubError
from hub.saying import say

ROWS_AT_ONCE = 1000
PlainRows = list[dict[str, object]]


class CopyError(HubError):
    """The hub cannot be moved there; nothing was written."""


class CopyProgress(Protocol):
    """Shows how far a long work has come."""

    def __call__(self, rows: Iterable[PlainRows], name: str, total: int) -> Iterable[PlainRows]:
        """The same rows of that table, counted as they are taken."""


def copy(source: Engine, target: Engine, shown: CopyProgress) -> dict[str, int]:
    """Copy all tables into an empty database.

    Returns:
        How many rows each table has, on both sides.

    Raises:
        CopyError: the other is not empty, or does not take a row.
        TakenError: a hub serves one of them.
        SchemaError: one of them has other tables than this version works with.
        StoreTroubleError: one of them cannot be used.
    """
    if source.url == target.url:
        raise CopyError(
            say("{place} is the hub's own database; wanted is the address of another", place=place_of(source))
        )
    prepare_schema(source)
    with sole_hub(source):
        dialect_of(target).make_place(target.url)
        prepare_schema(target)
        with sole_hub(target), snapshot(source) as read, changing(target) as write:
            _require_empty(write)
            return {table.name: _copy_table(read, write, table, shown) for table in METADATA.sorted_tables}


def _require_empty(connection: Connection) -> None:
    for table in METADATA.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            place = place_of(connection.engine)
            raise CopyError(
                say(
                    "{place} is not empty: there are rows of {name}; wanted is a new database",
                    place=place,
                    name=table.name,
                )
            )


def _copy_table(read: Connection, write: Connection, table: Table, shown: CopyProgress) -> int:
    wanted = _count(read, table)
    try:
        for rows in shown(_rows_of(read, table), table.name, wanted):
            write.execute(insert(table), rows)
        dialect_of(write).continue_numbers(write, table)
    except SQLAlchemyError as exc:
        raise CopyError(
            say("a row of {name} is not taken there: {why}", name=table.name, why=trouble_said(exc))
        ) from exc
    found = _count(write, table)
    if found != wanted:
        raise CopyError(
            say("of {wanted} rows of {name} {found} are there", wanted=wanted, name=table.name, found=found)
        )
    return found


def _rows_of(read: Connection, table: Table) -> Iterator[PlainRows]:
    found = read.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
    for part in found.mappings().partitions():
        yield [dict(row) for row in part]


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
