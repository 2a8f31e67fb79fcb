"""Writing to the ledger what was found out, as part of the caller's transaction."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Delete, Table, Update, and_, bindparam, delete, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert
from sqlmodel import SQLModel

from hub.database.ledger_tables import (
    LedgerCard,
    LedgerEdition,
    LedgerRun,
    LedgerStation,
    LedgerTap,
    StintRow,
    WatchedRow,
)
from hub.database.transactions import table_of
from hub.ledger.journal import LEDGER_TAP, WATCHED
from hub.ledger.kiosks import KioskChange
from hub.ledger.persons import PersonChange, Stretch
from hub.ledger.stints import TapName

STINT: Final = table_of(StintRow)


def write_kiosk(connection: Connection, change: KioskChange) -> None:
    """Taps in their places, watching, and how far the runs are folded."""
    _put(connection, LedgerRun, [outline.model_dump() for outline in change.outlines])
    _put(connection, LedgerTap, [tap.row for tap in change.taps])
    for run in change.anew:
        connection.execute(delete(WATCHED).where(WATCHED.c.run == run, ~WATCHED.c.joint))
    for run in change.joints:
        connection.execute(delete(WATCHED).where(WATCHED.c.run == run, WATCHED.c.joint))
    _put(connection, WatchedRow, watched_rows(change))


def watched_rows(change: KioskChange) -> list[dict[str, Any]]:
    """The stretches of a change as rows."""
    joints = {run: [stretch] for run, stretch in change.joints.items() if stretch is not None}
    return [
        {"run": run, "joint": joint, "since_ms": stretch.since_ms, "until_ms": stretch.until_ms}
        for joint, found in ((False, change.watched), (True, joints))
        for run, stretches in found.items()
        for stretch in stretches
    ]


def write_persons(connection: Connection, change: PersonChange) -> None:
    """Stints in the place of those that were, and the marks of taps."""
    _remove(connection, [stretch for stretch in change.void if stretch.since_ms is not None], _OF_A_TIME)
    _remove(connection, [stretch for stretch in change.void if stretch.since_ms is None], _OF_ALL_TIMES)
    _put(connection, StintRow, list(change.stints.values()))
    if change.marks:
        connection.execute(_MARKING, mark_rows(change.marks))
    _put(connection, LedgerCard, change.cards)


def marking(taps: Table) -> Update:
    """The statement that sets the marks of taps in a table."""
    tap = and_(taps.c.run == bindparam("of_run"), taps.c.seq == bindparam("at_seq"))
    return update(taps).where(tap).values(mark=bindparam("as"))


def mark_rows(marks: Mapping[TapName, str | None] | Mapping[TapName, str]) -> list[dict[str, Any]]:
    """What `marking` wants."""
    return [{"of_run": name.run, "at_seq": name.seq, "as": mark} for name, mark in marks.items()]


def write_edition(connection: Connection, edition: int, weeks: Mapping[str, str]) -> None:
    """Say that the ledger follows that edition of the city, these stations by new hours."""
    _put(connection, LedgerStation, [{"station": code, "weeks": text} for code, text in weeks.items()])
    _put(connection, LedgerEdition, [{"id": 1, "number": edition}])


def _remove(connection: Connection, stretches: list[Stretch], statement: Delete) -> None:
    if stretches:
        connection.execute(statement, [stretch._asdict() for stretch in stretches])


def _put(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_UPSERTS[model], rows)


def _upsert(model: type[SQLModel]) -> Insert:
    """Made once: building it costs as much as writing a dozen rows."""
    table = table_of(model)
    statement = sqlite.insert(table)
    others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)


_UPSERTS: Final[dict[type[SQLModel], Insert]] = {
    model: _upsert(model)
    for model in (LedgerRun, LedgerTap, WatchedRow, StintRow, LedgerCard, LedgerStation, LedgerEdition)
}
_MARKING: Final = marking(LEDGER_TAP)
_OF_ALL_TIMES: Final = delete(STINT).where(STINT.c.person == bindparam("person"))
_OF_A_TIME: Final = _OF_ALL_TIMES.where(STINT.c.tapped_ms.between(bindparam("since_ms"), bindparam("until_ms")))
