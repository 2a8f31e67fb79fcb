"""Which days of which stations a change of the ledger tells of: those are to be reckoned anew.

Written down with the change itself, so that nothing is forgotten; who reckons takes it away (`hub.coverage`).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.database.coverage_tables import CoverageDue
from hub.database.rows_together import put_rows
from hub.database.transactions import table_of
from hub.ledger.change import Change
from hub.ledger.stint_rows import LedgerStint

DUE: Final = table_of(CoverageDue)
TouchedDay = tuple[str, date]
_DAY: Final = timedelta(days=1)
_RISEN: Final = {"number": "coverage_due.number + 1", "why": "excluded.why"}
_MOST_DAYS: Final = 400  # of one stretch: a kiosk does not run for longer without a start


class DueWhy(StrEnum):
    """Why a day is to be reckoned anew."""

    RECORDS = "records"
    CITY = "city"
    AMENDED = "amended"
    DAY = "day"
    """It has come, or is over."""


def touched_by(change: Change, before_ms: dict[int, int], zone: ZoneInfo) -> Iterator[TouchedDay]:
    """The days that a change tells of.

    Args:
        change: it.
        before_ms: up to when runs were known before it; what they watched until then is as it was.
        zone: where days begin.
    """
    for one in (*change.stints, *change.gone):
        yield from _days_of(one, zone)
    for tap in (*change.before, *change.marked):  # whether it waits for a review may be all that is otherwise
        yield tap.station, datetime.fromtimestamp(tap.at_ms / 1000, zone).date()
    for run, joint, since_ms, until_ms in change.watched:
        name = change.runs.get(run)
        if name is not None:
            known_ms = since_ms if joint or (run, joint) in change.unwatched else before_ms.get(run, since_ms)
            yield from ((name.station, day) for day in days_between(max(since_ms, known_ms), until_ms, zone))


def _days_of(one: LedgerStint, zone: ZoneInfo) -> Iterator[TouchedDay]:
    first, last = one.stint.began_at.astimezone(zone).date(), one.ended_at.astimezone(zone).date()
    return ((one.stint.station, first + n * _DAY) for n in range((last - first).days + 1))


def days_between(since_ms: int, until_ms: int, zone: ZoneInfo) -> Iterator[date]:
    """The local days from one moment to another, the latest of them where they are too many."""
    first, last = (datetime.fromtimestamp(ms / 1000, zone).date() for ms in (since_ms, until_ms))
    count = min((last - first).days, _MOST_DAYS)
    return (last - n * _DAY for n in range(count, -1, -1))


def note_due(connection: Connection, days: Iterable[TouchedDay], why: DueWhy) -> None:
    """Let these be reckoned anew, as part of the connection's transaction."""
    rows = [(station, day.isoformat(), 1, why.value) for station, day in dict.fromkeys(days)]
    put_rows(connection, DUE, rows, _RISEN)
