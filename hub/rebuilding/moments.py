"""What the board shows at moments of any day, by the ledger that the connection sees: to compare two of them.

As the ledger has it now, not as it was known then. Liveness is left out: it is of the running hub alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from hub.ledger.past import moments_watched, stints_at, watched_by
from hub.ledger.queries import LEDGER_RUN
from hub.presence.station_day import DayKnown, coverage_of
from hub.register.rulebook import Rulebook
from station.coverage import shift_of, whole_of
from station.milliseconds import moment_of, ms_of
from station.names import StationCode
from station.stints import stint_at


class StationMoment(NamedTuple):
    """A station, and a moment."""

    station: StationCode
    at: datetime


class RowFigures(NamedTuple):
    """A row of the board: the class and since when, how many are there, whether not all kiosks watched."""

    duty_class: str
    since: datetime | None
    on_duty: int
    stepped_out: int
    partial: bool


def some_moments(connection: Connection, book: Rulebook, count: int, random: Random) -> list[StationMoment]:
    """Moments between the first and the last record that is folded, at random stations."""
    first_ms, last_ms = connection.execute(
        select(
            func.min(func.coalesce(LEDGER_RUN.c.known_from_ms, LEDGER_RUN.c.last_ms)), func.max(LEDGER_RUN.c.last_ms)
        )
    ).one()
    stations = sorted(book.stations)
    if first_ms is None or not stations:
        return []
    return [
        StationMoment(random.choice(stations), moment_of(random.randint(max(first_ms, 0), max(last_ms, 0))))
        for _ in range(count)
    ]


def board_at(connection: Connection, book: Rulebook, asked: Iterable[StationMoment]) -> dict[StationMoment, RowFigures]:
    """The rows of these stations at these moments."""
    return {one: _figures(connection, book, one) for one in asked}


def _figures(connection: Connection, book: Rulebook, asked: StationMoment) -> RowFigures:
    station, at = asked
    rules = book.rules_about(at)[station]
    day = rules.calendar.local_day(at)
    whole = whole_of(day, rules.calendar.zone)
    since_ms, until_ms = ms_of(whole.since), ms_of(whole.until)
    stints = stints_at(connection, station, since_ms, until_ms)
    watched = moments_watched(watched_by(connection, book.kiosks_in_service(station, day), since_ms, until_ms))
    bands = coverage_of(DayKnown(day, stints, watched, (), None, at), rules).bands
    shifts = [shift_of(stint_at(one.told, at, rules), at) for one in stints if one.counted and one.stint.began_at <= at]
    last = bands[-1] if bands else None
    return RowFigures(
        "closed" if last is None else last.duty_class.value,
        None if last is None else last.began_at,
        sum(_holds(shift.on, at) for shift in shifts),
        sum(_holds(shift.out, at) for shift in shifts),
        last is not None and last.partial,
    )


def _holds(intervals: Sequence[tuple[datetime, datetime]], at: datetime) -> bool:
    return any(since < at <= until for since, until in intervals)  # up to now: the last instant that is known
