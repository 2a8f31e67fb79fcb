"""A draft's difference to the tables, written; and the lines of history. The transaction is the caller's."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from hub.changing.draft import Draft, TableDraft
from hub.changing.effects import Row
from hub.database.edition import raise_edition
from hub.database.history_table import ChangeRow
from hub.database.transactions import table_of


def save(draft: Draft, history: Sequence[Row], connection: Connection) -> None:
    """Write what differs, and raise the edition, so that a serving hub reads the tables again."""
    if not history:
        return
    for model, rows in reversed(draft.tables.items()):
        _delete(connection, table_of(model), rows)
    for model, rows in draft.tables.items():
        _insert(connection, table_of(model), rows)
        _update(connection, table_of(model), rows)
    edition = raise_edition(connection)
    connection.execute(insert(ChangeRow), [{**line, "edition": edition} for line in history])


def note_change(
    connection: Connection, what: str, before: Mapping[str, Any], after: Mapping[str, Any], *,
    by: str, now_ms: int, station: str = "",
) -> None:  # fmt: skip
    """A line of history of what is no table of the city's."""
    told = {name: json.dumps(side, ensure_ascii=False) if side else "" for name, side in
            (("before", before), ("after", after))}  # fmt: skip
    line = {
        "at_ms": now_ms, "by": by, "what": what, "why": "", "edition": raise_edition(connection), "station": station,
        "kiosk": "", "person": "", "token": "", "day_from": None, **told,
    }  # fmt: skip
    connection.execute(insert(ChangeRow), [line])


def _delete(connection: Connection, table: Table, rows: TableDraft) -> None:
    gone = [key for key, row in rows.touched.items() if row is None and key in rows.before]
    if gone:
        statement = delete(table).where(*(table.c[name] == bindparam(f"the_{name}") for name in rows.keys))
        connection.execute(statement, [_named(rows, key) for key in gone])


def _insert(connection: Connection, table: Table, rows: TableDraft) -> None:
    new = [row for key, row in rows.touched.items() if row is not None and key not in rows.before]
    if new:
        connection.execute(insert(table), new)


def _update(connection: Connection, table: Table, rows: TableDraft) -> None:
    others = [name for name in table.c.keys() if name not in rows.keys]  # noqa: SIM118 -- a collection of columns
    altered = [(key, row) for key, row in rows.touched.items() if row is not None and rows.before.get(key, row) != row]
    if altered and others:
        statement = update(table).where(*(table.c[name] == bindparam(f"the_{name}") for name in rows.keys))
        values = statement.values({name: bindparam(name) for name in others})
        connection.execute(values, [_named(rows, key) | {name: row[name] for name in others} for key, row in altered])


def _named(rows: TableDraft, key: tuple[object, ...]) -> Row:
    return {f"the_{name}": value for name, value in zip(rows.keys, key, strict=True)}
