"""A station's duty roster as its page shows it: people by full name, for who may see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import col, select

from hub.database.people_tables import Volunteer
from hub.database.shift_tables import ShiftDayRow
from hub.register.reading import read_duty_plans, read_terms
from hub.register.shifts import NO_PLAN, overlaps, spell_shift_week, spell_shifts
from hub.register.shifts_ahead import A_WEEK, read_members, shifts_ahead
from station.names import PersonId, StationCode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Connection

    from hub.register.shifts import DutyPlan
    from hub.register.shifts_ahead import Members, ShiftAhead
    from hub.register.terms import StationTerms
    from station.hours import Span


class PlannedCell(NamedTuple):
    """One opening period of a weekday, or of a day, and who is expected in it."""

    weekday: int
    span: Span
    people: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its fields are called in a form."""
        return f"s-{self.weekday}-{self.span.opens_min}-{self.span.closes_min}"


@dataclass(frozen=True, slots=True)
class StationPlan:
    """A station's hours, roster and people, read once.

    Attributes:
        names: full names by opaque id.
        reasons: what was said of single days.
    """

    code: StationCode
    terms: StationTerms = field(repr=False)
    plan: DutyPlan = field(repr=False)
    members: Members = field(repr=False)
    names: dict[str, str] = field(repr=False)
    reasons: dict[date, str] = field(repr=False)

    def belongs(self, person: PersonId, since: date, day: date) -> bool:
        """Whether somebody belongs to it from one day through another."""
        return any(one.holds_on(since) and one.holds_on(day) for one in self.members.get(person, ()))

    def people_on(self, day: date) -> list[tuple[str, str]]:
        """Its people of a day with their names, by name."""
        found = [(one, self.names[one]) for one in self.members if one in self.names and self.belongs(one, day, day)]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def names_from(self, day: date) -> dict[str, str]:
        """The names of who belongs to it then or later: of who has left, nobody there is told anything any more."""
        return {
            person: self.names[person]
            for person, known in self.members.items()
            if person in self.names and any(one.until_day is None or day < one.until_day for one in known)
        }

    def week(self, day: date) -> tuple[date, list[PlannedCell]]:
        """The week in force on a day, by the opening periods of then, and since when it holds."""
        since, week = self.plan.week_on(day)
        cells = []
        for weekday, spans in enumerate(self.terms.week_on(day)):
            for span in spans:
                held = [one for shift in week[weekday] if overlaps(shift.span, span) for one in shift.people]
                people = tuple(one for one in dict.fromkeys(held) if self.belongs(one, since, day))
                cells.append(PlannedCell(weekday, span, self._by_name(people)))
        return since, cells

    def day(self, day: date) -> list[PlannedCell]:
        """The opening periods of one day."""
        return [
            PlannedCell(day.weekday(), span, self._by_name(self.plan.expected(day, span, self.belongs)))
            for span in self.terms.spans_on(day)
        ]

    def ahead(self, first: date, count: int = A_WEEK) -> list[ShiftAhead]:
        """Coming periods."""
        return list(shifts_ahead(self.code, self.terms, self.plan, self.members, first, count=count))

    def told(self, people: Iterable[str]) -> list[str]:
        """Their names."""
        return sorted(self.names.get(person, "") for person in people)

    def spelled_week(self, day: date) -> str:
        """By which a form knows whether somebody else has changed it."""
        return spell_shift_week(self.plan.week_on(day)[1])

    def spelled_day(self, day: date) -> str:
        """The same of one day."""
        return spell_shifts(self.plan.on(day)[1])

    def _by_name(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(people, key=lambda person: (self.names.get(person, ""), person)))


def read_station_plan(connection: Connection, code: str) -> StationPlan | None:
    """All of one station; None where there is no such station."""
    station = StationCode(code)
    terms = read_terms(connection, code).get(station)
    if terms is None:
        return None
    members = read_members(connection, code).get(station, {})
    plan = read_duty_plans(connection, code).get(station, NO_PLAN)
    own = connection.execute(select(ShiftDayRow).where(col(ShiftDayRow.station) == code))
    reasons = {row.day: row.reason for row in own}
    return StationPlan(station, terms, plan, members, read_names(connection, members), reasons)


def read_names(connection: Connection, people: Iterable[str]) -> dict[str, str]:
    """Full names by opaque id; of who was erased there is none."""
    where = col(Volunteer.person).in_(list(people)), col(Volunteer.erased_on).is_(None)
    rows = connection.execute(select(col(Volunteer.person), col(Volunteer.full_name)).where(*where))
    return {row.person: row.full_name for row in rows}
