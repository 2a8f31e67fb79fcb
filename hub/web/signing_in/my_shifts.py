"""When a volunteer is expected themselves: what 我的 shows of the duty roster, and nobody else's name."""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import col, or_, select

from hub.accounts.volunteers import volunteer_of
from hub.database.people_tables import Membership
from hub.database.tables import Station
from hub.register.shifts_ahead import read_shifts_ahead
from station.hours import Span

TWO_WEEKS: Final = 14


class MyShift(NamedTuple):
    """One of them."""

    day: date
    span: Span
    station: str


def read_my_shifts(connection: Connection, account: str, today: date) -> list[MyShift] | None:
    """Those of today and of two weeks; None for who is no volunteer."""
    person = volunteer_of(connection, account)
    if not person:
        return None
    held = or_(col(Membership.until_day).is_(None), col(Membership.until_day) > today)
    asked = select(col(Station.code), col(Station.name)).join(Membership, col(Membership.station) == col(Station.code))
    names = {row.code: row.name for row in connection.execute(asked.where(col(Membership.person) == person, held))}
    found = [
        MyShift(one.day, one.span, name)
        for code, name in names.items()
        for one in read_shifts_ahead(connection, today, TWO_WEEKS, code)
        if person in one.people
    ]
    return sorted(found)
