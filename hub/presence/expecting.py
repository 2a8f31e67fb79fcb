"""Who is expected at a station now by the duty roster (值班表), and who of them has not come. Pure."""

from collections.abc import Container, Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hub.presence.board_view import ExpectedOne
from hub.register.directory import Directory
from station.hours import DAY_MINUTES, Calendar, Period, Span, moment_on
from station.names import PersonId, StationCode


class Attendance(NamedTuple):
    """Somebody's stint at a station, as far as it matters to who waits for them."""

    person: str
    began_at: datetime
    ended_at: datetime


def awaited_period(
    directory: Directory, station: StationCode, calendar: Calendar, at: datetime, opens_at: datetime | None
) -> Period | None:
    """The period whose people are awaited, or of a long one the shift.

    Args:
        directory: the city.
        station: whose people.
        calendar: its own.
        at: now.
        opens_at: when the next one opens, where it is closed now.

    Returns:
        The one that runs, or the one that opens at `opens_at`; None for neither.
    """
    moment = at if opens_at is None else opens_at
    period = next((one for one in calendar.periods_on(calendar.local_day(moment)) if one.contains(moment)), None)
    if period is None:
        return None
    day, span = span_of(period, directory.zone)
    parts = (
        Period(*(moment_on(day, minutes, directory.zone) for minutes in (part.opens_min, part.closes_min)))
        for part in directory.shift_parts(station, day, span)
    )
    return next((one for one in parts if one.contains(moment)), period)


def span_of(period: Period, zone: ZoneInfo) -> tuple[date, Span]:
    """The day on which a period opens, and its minutes of that day."""
    opens, closes = (moment.astimezone(zone) for moment in (period.opens_at, period.closes_at))
    closes_min = closes.hour * 60 + closes.minute if closes.date() == opens.date() else DAY_MINUTES
    return opens.date(), Span(opens.hour * 60 + opens.minute, closes_min)


def come_for(period: Period, stints: Iterable[Attendance], at: datetime) -> frozenset[str]:
    """Who has come for a period: was there at some moment of it, or is there now while it has not begun."""
    since = min(period.opens_at, at)
    return frozenset(one.person for one in stints if one.began_at <= at and one.ended_at > since)


def expected_ones(
    directory: Directory, station: StationCode, period: Period, come: Container[str]
) -> tuple[ExpectedOne, ...]:
    """Whom the roster expects in a period, those first who have not come."""
    day, span = span_of(period, directory.zone)
    people: tuple[PersonId, ...] = directory.expected(station, day, span)
    found = [ExpectedOne(person, directory.people[person].name, person in come) for person in people]
    return tuple(sorted(found, key=lambda one: (one.has_come, one.name, one.person)))
