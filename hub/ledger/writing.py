"""Writing to the ledger what was found out, as part of the caller's transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, update
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
from hub.database.transactions import table_of, upsert
from hub.ledger.journal import LEDGER_TAP, WATCHED
from hub.ledger.kiosks import KioskChange
from hub.ledger.persons import PersonChange, Stretch

STINT = table_of(StintRow)


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
    for stretch in change.void:
        connection.execute(delete(STINT).where(*_within(stretch)))
    _put(connection, StintRow, list(change.stints.values()))
    if change.marks:
        connection.execute(
            update(LEDGER_TAP)
            .where(and_(LEDGER_TAP.c.run == bindparam("of_run"), LEDGER_TAP.c.seq == bindparam("at_seq")))
            .values(mark=bindparam("as")),
            [{"of_run": name.run, "at_seq": name.seq, "as": mark} for name, mark in change.marks.items()],
        )
    _put(connection, LedgerCard, change.cards)


def write_edition(connection: Connection, edition: int, weeks: Mapping[str, str]) -> None:
    """Say that the ledger follows that edition of the city, these stations by new hours."""
    _put(connection, LedgerStation, [{"station": code, "weeks": text} for code, text in weeks.items()])
    _put(connection, LedgerEdition, [{"id": 1, "number": edition}])


def _within(stretch: Stretch) -> Iterable[Any]:
    yield STINT.c.person == stretch.person
    if stretch.since_ms is not None:
        yield STINT.c.tapped_ms.between(stretch.since_ms, stretch.until_ms)


def _put(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        upsert(connection, model, rows)
