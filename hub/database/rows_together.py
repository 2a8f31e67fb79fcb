"""Many rows by few statements, so that a thread that writes seldom waits for the others.

Each call of SQLite lets the other threads go on, and comes back only once one of them gives the interpreter up. Row by
row the ledger did so thousands of times a second while it held the database's only pen, and every tap stood behind it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Table

from hub.database.dialect import dialect_of, run_sql

ROWS_AT_ONCE: Final = 64
"""How many rows one statement writes at most: after each the other threads take their turn."""


def pieces(count: int) -> Iterator[slice]:
    """So many rows in pieces whose lengths are few: each length is a statement of its own that SQLite keeps ready."""
    at = 0
    while at < count:
        length = min(ROWS_AT_ONCE, 1 << ((count - at).bit_length() - 1))
        yield slice(at, at + length)
        at += length


def put_rows(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], otherwise: Mapping[str, str] | None = None
) -> None:
    """Insert whole rows, or change those whose keys are there.

    Args:
        connection: in a transaction.
        table: where.
        rows: a value for each column of the table, in its order, as the driver takes it.
        otherwise: to what a column is set where the key is there, in SQL that both databases know; by itself all
            columns are as in the new row.
    """
    told = tuple((otherwise or _as_new(table)).items())
    _run(connection, lambda count: _put(table, told, count), rows)


def delete_each(connection: Connection, table: Table, which: str, values: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows for which a condition holds, in SQL that both databases know, with any of these values for it."""
    _run(connection, lambda count: _delete(table, which, count), values)


def _run(connection: Connection, spell: Callable[[int], str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Run for each row what is spelled for so many at once, as the database likes it."""
    if not dialect_of(connection).takes_rows_together:
        if rows:
            run_sql(connection, spell(1), list(rows))
        return
    for piece in pieces(len(rows)):
        some = rows[piece]
        run_sql(connection, spell(len(some)), tuple(chain.from_iterable(some)))


@cache
def _as_new(table: Table) -> dict[str, str]:
    return {c.name: f'excluded."{c.name}"' for c in table.c if not c.primary_key}


@cache
def _put(table: Table, otherwise: tuple[tuple[str, str], ...], count: int) -> str:
    names = ", ".join(f'"{c.name}"' for c in table.c)
    keys = ", ".join(f'"{c.name}"' for c in table.primary_key)
    marks = ", ".join(["(" + ", ".join("?" * len(table.c)) + ")"] * count)
    changes = ", ".join(f'"{name}" = {value}' for name, value in otherwise)
    told = f"UPDATE SET {changes}" if changes else "NOTHING"
    return f"INSERT INTO {table.name} ({names}) VALUES {marks} ON CONFLICT ({keys}) DO {told}"  # noqa: S608 -- our own columns


@cache
def _delete(table: Table, which: str, count: int) -> str:
    return f"DELETE FROM {table.name} WHERE " + " OR ".join([f"({which})"] * count)  # noqa: S608 -- our own columns
