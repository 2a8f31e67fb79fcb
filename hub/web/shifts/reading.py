"""A station's duty roster as its page shows it: people by full name, for who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.people_tables import Volunteer
from hub.database.shift_tables import ShiftDayRow
from hub.register.reading import read_duty_plans, read_terms
from hub.register.shifts import (
    LONGEST_MIN,
    NO_PLAN,
    DayShifts,
    DutyPlan,
    beyond,
    overlaps,
    parts_of,
    spell_shift_week,
    spell_shifts,
    turning_at,
)
from hub.register.shifts_ahead import A_WEEK, Members, ShiftAhead, read_members, shifts_ahead
from hub.register.terms import StationTerms
from station.hours import WEEK, Span, Spans
from station.names import PersonId, StationCode


class PlannedCell(NamedTuple):
    """One part of an opening period of a weekday, or of a day, and who is expected in it.

    Attributes:
        is_outside: somebody is on the roster then, though the station is not open; expected is nobody.
    """

    weekday: int
    span: Span
    people: tuple[str, ...]
    is_outside: bool = False

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

    @property
    def has_long_hours(self) -> bool:
        """Whether a period of any of its weeks is parted into shifts by itself."""
        spans = (span for clause in self.terms.clauses for spans in clause.week for span in spans)
        return any(span.closes_min - span.opens_min > LONGEST_MIN for span in spans)

    def week(self, day: date, turns: tuple[int, ...] = ()) -> list[PlannedCell]:
        """The week in force on a day, by the opening periods of then.

        Args:
            day: which.
            turns: where long periods are parted, in minutes of the day; nothing for where its shifts say.
        """
        since, week = self.plan.week_on(day)
        open_week = self.terms.week_on(day)
        cells = (self._cells(n, open_week[n], week[n], since, day, turns=turns) for n in range(WEEK))
        return [one for of_day in cells for one in of_day]

    def day(self, day: date, like: int | None = None) -> list[PlannedCell]:
        """The parts of the opening periods of one day; as the week has them on the weekday that is said, if one is."""
        since, shifts = self.plan.on(day, self.terms.weekday_on(day))
        if like is not None:
            since, week = self.plan.week_on(day)
            shifts = week[like]
        spans = self.terms.spans_on(day)
        return self._cells(day.weekday(), spans, shifts, since, day) if spans else []

    def day_to_see(self, day: date) -> list[PlannedCell]:
        """The same but for who is not wanted, since the station is open less than usual."""
        usual, is_own = self.terms.week_on(day)[self.terms.weekday_on(day)], day in self.plan.days
        return [
            one
            for one in self.day(day)
            if not one.is_outside or is_own or not any(overlaps(one.span, span) for span in usual)
        ]

    def _cells(
        self, weekday: int, spans: Spans, shifts: DayShifts, since: date, day: date, *, turns: tuple[int, ...] = ()
    ) -> list[PlannedCell]:
        def people_in(span: Span) -> tuple[str, ...]:
            held = (one for shift in shifts if overlaps(shift.span, span) for one in shift.people)
            return self._by_name(one for one in dict.fromkeys(held) if self.belongs(one, since, day))

        def parts(span: Span) -> Spans:
            is_long = span.closes_min - span.opens_min > LONGEST_MIN
            return parts_of(span, turning_at(turns) if turns and is_long else shifts)

        inside = [PlannedCell(weekday, part, people_in(part)) for span in spans for part in parts(span)]
        rest = [part for shift in shifts for part in beyond(shift.span, spans)]
        outside = [PlannedCell(weekday, part, people_in(part), is_outside=True) for part in rest]
        return sorted([*inside, *(one for one in outside if one.people)], key=lambda one: one.span)

    def ahead(self, first: date, count: int = A_WEEK) -> list[ShiftAhead]:
        """Coming periods."""
        return list(shifts_ahead(self.code, self.terms, self.plan, self.members, first, count=count))

    def told(self, people: Iterable[str]) -> list[str]:
        """Their names."""
        return sorted(self.names.get(person, "") for person in people)

    def spelled_week(self, day: date) -> str:
        """By which a form knows whether somebody else has changed it."""
        return spell_shift_week(self.plan.week_on(day).week)

    def spelled_day(self, day: date) -> str:
        """The same of one day."""
        return spell_shifts(self.plan.on(day, self.terms.weekday_on(day)).shifts)

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
    return StationPlan(station, terms, plan, members, read_full_names(connection, members), reasons)


def read_full_names(connection: Connection, people: Iterable[str]) -> dict[str, str]:
    """Full names by opaque id; of who was erased there is none."""
    where = col(Volunteer.person).in_(list(people)), col(Volunteer.erased_on).is_(None)
    rows = connection.execute(select(col(Volunteer.person), col(Volunteer.full_name)).where(*where))
    return {row.person: row.full_name for row in rows}
