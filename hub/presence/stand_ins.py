"""Who of a station's people could come now: trained, on duty nowhere, first who should, then who often does.

Read for as many stations as are asked about at once: a thousand cost little more than one does.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Connection, column, exists, func, values
from sqlmodel import col, or_, select

from hub.database.ledger_tables import StintRow
from hub.database.people_tables import Membership, Volunteer
from hub.intake.rows import ms_of
from hub.ledger.past import LONGEST_MS
from hub.presence.board_row import SOON
from hub.register.reading import read_duty_plans, read_terms
from hub.register.shifts_ahead import read_members, shifts_ahead
from station.names import StationCode

LOOK_BACK: Final = 28  # days
MOST: Final = 8  # more are no help to who has to call
_Who = tuple[str, str]
"""A station, and somebody of it."""


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


def read_stand_ins(connection: Connection, stations: Collection[str], now: datetime) -> dict[str, list[WhoCouldCome]]:
    """Who could come to each of these stations now, at most eight.

    Args:
        connection: to read by.
        stations: their codes.
        now: in the zone of the city.
    """
    today, now_ms = now.date(), ms_of(now)
    stint = (col(StintRow.person) == col(Volunteer.person)) & (col(StintRow.tapped_ms) >= now_ms - LONGEST_MS)
    is_busy = exists().where(stint, col(StintRow.began_ms) <= now_ms, col(StintRow.ended_ms) > now_ms)
    found = connection.execute(
        select(col(Membership.station), col(Volunteer.person), col(Volunteer.full_name))
        .join(Volunteer, col(Membership.person) == col(Volunteer.person))
        .where(
            col(Membership.station).in_(stations),
            col(Membership.from_day) <= today,
            or_(col(Membership.until_day).is_(None), col(Membership.until_day) > today),
            col(Volunteer.trained_on) <= today,
            or_(col(Volunteer.left_on).is_(None), col(Volunteer.left_on) > today),
            col(Volunteer.erased_on).is_(None),
            ~is_busy,
        )
    )
    often, expected = _days_at_this_hour(connection, stations, now), _expected(connection, stations, now)
    people: dict[str, list[WhoCouldCome]] = {code: [] for code in stations}
    for code, person, name in found:
        who = code, person
        people[code].append(WhoCouldCome(person, name, often[who], who in expected))
    for ones in people.values():
        ones.sort(key=lambda one: (not one.is_expected, -one.times, one.full_name, one.person))
        del ones[MOST:]
    return people


def _expected(connection: Connection, stations: Collection[str], now: datetime) -> frozenset[_Who]:
    """Whom rosters have in the period that runs, or that opens so soon that they should be on the way."""
    plans = read_duty_plans(connection, *stations) if stations else {}
    if not plans:
        return frozenset()
    terms, members = read_terms(connection, *plans), read_members(connection, *plans)
    minute = now.hour * 60 + now.minute
    soon = minute + int(SOON.total_seconds()) // 60
    return frozenset(
        (code, person)
        for code, plan in plans.items()
        for one in shifts_ahead(code, terms[StationCode(code)], plan, members.get(code, {}), now.date(), count=1)
        if one.span.opens_min <= soon and minute < one.span.closes_min
        for person in one.people
    )


def _days_at_this_hour(connection: Connection, stations: Collection[str], now: datetime) -> Counter[_Who]:
    """On how many days each was there, by stints that had begun on that day."""
    days = values(column("from_ms", BigInteger), column("at_ms", BigInteger), name="days")
    hours = [datetime.combine(now.date() - timedelta(days=n), now.timetz()) for n in range(1, LOOK_BACK + 1)]
    of_days = days.data([(ms_of(datetime.combine(at.date(), time(), at.tzinfo)), ms_of(at)) for at in hours]).cte()
    rows = connection.execute(
        select(col(StintRow.station), col(StintRow.person), func.count(of_days.c.at_ms.distinct()))
        .join_from(of_days, StintRow, col(StintRow.began_ms).between(of_days.c.from_ms, of_days.c.at_ms))
        .where(col(StintRow.station).in_(stations), col(StintRow.ended_ms) > of_days.c.at_ms)
        .group_by(col(StintRow.station), col(StintRow.person))
    )
    return Counter({(code, person): times for code, person, times in rows})
