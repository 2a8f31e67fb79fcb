"""Writing to the ledger what was found out, as part of the caller's transaction."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, update
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
from hub.database.transactions import upsert
from hub.ledger.journal import LEDGER_TAP, STINT, WATCHED
from hub.ledger.kiosks import KioskChange
from hub.ledger.persons import PersonChange

_UNWATCH: Final = delete(WATCHED).where(WATCHED.c.run == bindparam("of_run"), WATCHED.c.joint == bindparam("is_joint"))
_VOID: Final = delete(STINT).where(
    STINT.c.person == bindparam("of"), STINT.c.tapped_ms.between(bindparam("since_ms"), bindparam("until_ms"))
)
_MARK: Final = (
    update(LEDGER_TAP)
    .where(LEDGER_TAP.c.run == bindparam("of_run"), LEDGER_TAP.c.seq == bindparam("at_seq"))
    .values(mark=bindparam("as"))
)


def write_kiosks(connection: Connection, change: KioskChange) -> None:
    """Taps in their places, watching, and how far the runs are folded."""
    _put(connection, LedgerRun, (outline.columns for outline in change.outlines))
    _put(connection, LedgerTap, (tap.columns for tap in change.taps))
    if change.unwatched:
        gone = [{"of_run": run, "is_joint": is_joint} for run, is_joint in change.unwatched]
        connection.execute(_UNWATCH, gone)
    _put(connection, WatchedRow, (stretch._asdict() for stretch in change.watched))


def write_persons(connection: Connection, change: PersonChange) -> None:
    """Stints in the place of those that were, and the marks of taps."""
    if change.void:
        connection.execute(
            _VOID, [{"of": void.person, "since_ms": void.since_ms, "until_ms": void.until_ms} for void in change.void]
        )
    _put(connection, StintRow, change.stints)
    if change.marks:
        connection.execute(
            _MARK, [{"of_run": run, "at_seq": seq, "as": mark} for (run, seq), mark in change.marks.items()]
        )
    _put(connection, LedgerCard, change.cards.values())


def write_edition(connection: Connection, edition: int, weeks: Mapping[str, str]) -> None:
    """Say that the ledger follows that edition of the city, these stations by new hours."""
    _put(connection, LedgerStation, ({"station": code, "weeks": text} for code, text in weeks.items()))
    _put(connection, LedgerEdition, [{"id": 1, "number": edition}])


def _put(connection: Connection, model: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        upsert(connection, model, rows)
