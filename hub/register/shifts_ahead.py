"""Coming opening periods, and who is expected in each: what pages, the inbox, sheets and the API tell of rosters."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.people_tables import Membership
from hub.register.people import Belonging
from hub.register.reading import read_duty_plans, read_terms
from hub.register.shifts import NO_PLAN, DutyPlan, parts_of
from hub.register.terms import StationTerms
from station.hours import Span
from station.names import PersonId, StationCode

A_WEEK: Final = 7


class ShiftGap(StrEnum):
    """What a coming period lacks."""

    NOBODY = "nobody"
    """No one is expected, though the station keeps a roster."""
    FEW = "few"
    """Fewer than its minimum."""
    NO_ROSTER = "no_roster"
    """The station keeps none."""


@dataclass(frozen=True, slots=True)
class ShiftAhead:
    """One opening period that is still to come, or the part of a long one that is one shift.

    Attributes:
        people: who is expected, by opaque id.
        is_kept: whether the station keeps a roster then.
        is_special: whether it is that day's own, not the week's.
    """

    station: StationCode
    day: date
    span: Span
    people: tuple[PersonId, ...] = field(repr=False)
    minimum: int
    is_kept: bool
    is_special: bool

    @property
    def gap(self) -> ShiftGap | None:
        """What it lacks; None for nothing."""
        if not self.is_kept:
            return ShiftGap.NO_ROSTER
        if not self.people:
            return ShiftGap.NOBODY
        return ShiftGap.FEW if len(self.people) < self.minimum else None


Members = Mapping[PersonId, tuple[Belonging, ...]]


def read_members(connection: Connection, *stations: str) -> dict[StationCode, Members]:
    """Who belongs or belonged to each station, or to those alone."""
    of_them = [col(Membership.station).in_(stations)] if stations else []
    found: dict[StationCode, dict[PersonId, tuple[Belonging, ...]]] = defaultdict(dict)
    for row in connection.execute(select(Membership).where(*of_them).order_by(col(Membership.from_day))):
        code, person = StationCode(row.station), PersonId(row.person)
        found[code][person] = (*found[code].get(person, ()), Belonging(code, row.from_day, row.until_day))
    return dict(found)


def shifts_ahead(
    station: StationCode, terms: StationTerms, plan: DutyPlan, members: Members, first: date, *, count: int
) -> Iterator[ShiftAhead]:
    """The parts of the opening periods of so many days of a station, in order; none of a day on which it is closed."""

    def belongs(person: PersonId, since: date, day: date) -> bool:
        return any(one.holds_on(since) and one.holds_on(day) for one in members.get(person, ()))

    for day in (first + timedelta(days=n) for n in range(count)):
        minimum = terms.clause_on(day).terms.duty.minimum
        weekday = terms.weekday_on(day)
        shifts = plan.on(day, weekday).shifts
        for span in (part for whole in terms.spans_on(day) for part in parts_of(whole, shifts)):
            people = plan.expected(day, weekday, span, belongs)
            yield ShiftAhead(station, day, span, people, minimum, plan.is_kept(day), day in plan.days)


def read_shifts_ahead(connection: Connection, first: date, count: int = A_WEEK, *stations: str) -> list[ShiftAhead]:
    """Of all stations, or of those alone."""
    plans, members = read_duty_plans(connection, *stations), read_members(connection, *stations)
    return [
        one
        for code, terms in sorted(read_terms(connection, *stations).items())
        for one in shifts_ahead(code, terms, plans.get(code, NO_PLAN), members.get(code, {}), first, count=count)
    ]
