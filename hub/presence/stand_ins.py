"""Who of a station's people could come now: trained, on duty nowhere, first who should, then who often does.

Read for as many stations as are asked about at once: a thousand cost little more than one does.
"""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, BindParameter, Connection, Date, bindparam, exists, func, select, union_all
from sqlmodel import col, or_

from hub.database.ledger_tables import StintRow
from hub.database.people_tables import Membership, Volunteer
from hub.ledger.past import LONGEST_MS
from hub.presence.board_row import SOON
from hub.register.reading import read_duty_plans, read_terms
from hub.register.shifts_ahead import read_members, shifts_ahead
from station.hours import midnight_of
from station.milliseconds import ms_of
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


_STATIONS: Final[BindParameter[str]] = bindparam("stations", expanding=True)
_TODAY: Final = bindparam("today", type_=Date)
_NOW_MS: Final = bindparam("now_ms", type_=BigInteger)
_IS_BUSY: Final = exists().where(
    (col(StintRow.person) == col(Volunteer.person)) & (col(StintRow.tapped_ms) >= bindparam("since_ms")),
    col(StintRow.began_ms) <= _NOW_MS,
    col(StintRow.ended_ms) > _NOW_MS,
)
_FREE: Final = (
    select(col(Membership.station), col(Volunteer.person), col(Volunteer.full_name))
    .join(Volunteer, col(Membership.person) == col(Volunteer.person))
    .where(
        col(Membership.station).in_(_STATIONS),
        col(Membership.from_day) <= _TODAY,
        or_(col(Membership.until_day).is_(None), col(Membership.until_day) > _TODAY),
        col(Volunteer.trained_on) <= _TODAY,
        or_(col(Volunteer.left_on).is_(None), col(Volunteer.left_on) > _TODAY),
        col(Volunteer.erased_on).is_(None),
        ~_IS_BUSY,
    )
)
_DAYS: Final = union_all(  # VALUES would say the same, and be made into SQL anew each time
    *(
        select(
            bindparam(f"from_{n}", type_=BigInteger).label("from_ms"),
            bindparam(f"at_{n}", type_=BigInteger).label("at_ms"),
        )
        for n in range(LOOK_BACK)
    )
).cte("days")
_OFTEN: Final = (
    select(col(StintRow.station), col(StintRow.person), func.count(_DAYS.c.at_ms.distinct()))
    .join_from(_DAYS, StintRow, col(StintRow.began_ms).between(_DAYS.c.from_ms, _DAYS.c.at_ms))
    .where(col(StintRow.station).in_(_STATIONS), col(StintRow.ended_ms) > _DAYS.c.at_ms)
    .group_by(col(StintRow.station), col(StintRow.person))
)


def read_stand_ins(connection: Connection, stations: Collection[str], now: datetime) -> dict[str, list[WhoCouldCome]]:
    """Who could come to each of these stations now, at most eight.

    Args:
        connection: to read by.
        stations: their codes.
        now: in the zone of the city.
    """
    now_ms = ms_of(now)
    asked = {"stations": list(stations), "today": now.date(), "now_ms": now_ms, "since_ms": now_ms - LONGEST_MS}
    found = connection.execute(_FREE, asked)
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
    hours = [datetime.combine(now.date() - timedelta(days=n), now.timetz()) for n in range(1, LOOK_BACK + 1)]
    asked: dict[str, object] = {"stations": list(stations)}
    for n, at in enumerate(hours):
        asked[f"from_{n}"], asked[f"at_{n}"] = ms_of(midnight_of(at.date(), at.tzinfo or UTC)), ms_of(at)
    return Counter({(code, person): times for code, person, times in connection.execute(_OFTEN, asked)})
