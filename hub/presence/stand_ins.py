"""Who of a station's people could come now: trained, on duty nowhere, first who should, then who often does."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import col, or_, select

from hub.database.ledger_tables import StintRow
from hub.database.people_tables import Membership, Volunteer
from hub.intake.rows import moment_of, ms_of
from hub.presence.board_row import SOON
from hub.register.shifts_ahead import read_shifts_ahead
from station.names import StationCode

LOOK_BACK: Final = timedelta(weeks=4)
MOST: Final = 8  # more are no help to who has to call


class WhoCouldCome(NamedTuple):
    """One who could come.

    Attributes:
        times: on how many of the last 28 days they were there at this hour.
        is_expected: whether the duty roster has them in this period, or in the one that is about to open.
    """

    person: str
    full_name: str
    times: int
    is_expected: bool


def read_stand_ins(connection: Connection, station: str, now: datetime) -> list[WhoCouldCome]:
    """Who could come to a station now, at most eight.

    Args:
        connection: to read by.
        station: its code.
        now: in the zone of the city.
    """
    today, now_ms = now.date(), ms_of(now)
    busy = select(StintRow.person).where(col(StintRow.began_ms) <= now_ms, col(StintRow.ended_ms) > now_ms)
    found = connection.execute(
        select(col(Volunteer.person), col(Volunteer.full_name))
        .join(Membership, col(Membership.person) == col(Volunteer.person))
        .where(
            col(Membership.station) == station,
            col(Membership.from_day) <= today,
            or_(col(Membership.until_day).is_(None), col(Membership.until_day) > today),
            col(Volunteer.trained_on) <= today,
            or_(col(Volunteer.left_on).is_(None), col(Volunteer.left_on) > today),
            col(Volunteer.erased_on).is_(None),
            col(Volunteer.person).not_in(busy),
        )
    )
    often = _days_at_this_hour(connection, station, now)
    expected = _expected(connection, StationCode(station), now)
    people = [WhoCouldCome(person, name, often[person], person in expected) for person, name in found]
    return sorted(people, key=lambda one: (not one.is_expected, -one.times, one.full_name, one.person))[:MOST]


def _expected(connection: Connection, station: StationCode, now: datetime) -> frozenset[str]:
    """Whom the roster has in the period that runs, or that opens so soon that they should be on the way."""
    minute = now.hour * 60 + now.minute
    soon = minute + int(SOON.total_seconds()) // 60
    return frozenset(
        person
        for one in read_shifts_ahead(connection, now.date(), 1, station)
        if one.span.opens_min <= soon and minute < one.span.closes_min
        for person in one.people
    )


def _days_at_this_hour(connection: Connection, station: str, now: datetime) -> Counter[str]:
    since_ms, until_ms = ms_of(now - LOOK_BACK), ms_of(now)
    rows = connection.execute(
        select(col(StintRow.person), col(StintRow.began_ms), col(StintRow.ended_ms)).where(
            col(StintRow.station) == station, col(StintRow.began_ms) >= since_ms, col(StintRow.began_ms) < until_ms
        )
    )
    days = {
        (person, began.date())
        for person, began_ms, ended_ms in rows
        for began in [moment_of(began_ms).astimezone(now.tzinfo)]
        if began <= _at_this_hour(began.date(), now.timetz()) < moment_of(ended_ms)
    }
    return Counter(person for person, _ in days)


def _at_this_hour(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour)
