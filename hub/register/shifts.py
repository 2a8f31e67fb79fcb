"""The duty roster (值班表): who is expected on duty when, by a station's week and single days of it. Pure.

A shift is one stretch of a day and who is expected in it, by opaque id. It says nothing of the hours of the station:
who is expected in an opening period is whose shift overlaps it, so hours that move a little take nobody off the roster,
and on a day without hours nobody is expected.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from hub.register.spelling import spell
from station.hours import WEEK, Span
from station.names import PersonId


class DutyShift(NamedTuple):
    """One stretch of a day and who is expected in it; `people` in order, each once."""

    span: Span
    people: tuple[PersonId, ...]


DayShifts = tuple[DutyShift, ...]
"""Of one day."""
ShiftWeek = tuple[DayShifts, ...]
"""Of seven days, Monday first."""
NO_SHIFTS: Final[ShiftWeek] = ((),) * WEEK
Belongs = Callable[[PersonId, date, date], bool]
"""Whether somebody belongs to the station from one day through another."""


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """A station's duty roster.

    Attributes:
        weeks: by the day from which each holds, in order; before the first nobody is expected.
        days: those on which others are expected than the week says.
    """

    weeks: tuple[tuple[date, ShiftWeek], ...] = ()
    days: Mapping[date, DayShifts] = field(default_factory=dict)

    def week_on(self, day: date) -> tuple[date, ShiftWeek]:
        """The week in force on a day, and since when; that day itself and nobody where there is none."""
        return next(((since, week) for since, week in reversed(self.weeks) if since <= day), (day, NO_SHIFTS))

    def on(self, day: date) -> tuple[date, DayShifts]:
        """The shifts of a day, and since when that is said."""
        if day in self.days:
            return day, self.days[day]
        since, week = self.week_on(day)
        return since, week[day.weekday()]

    def is_kept(self, day: date) -> bool:
        """Whether anything is said of that day: a station without a roster lacks nobody on it."""
        return day in self.days or any(self.week_on(day)[1])

    def expected(self, day: date, span: Span, belongs: Belongs) -> tuple[PersonId, ...]:
        """Who is expected in an opening period of a day.

        Args:
            day: on which the period opens.
            span: the period, in minutes of that day.
            belongs: who has left the station since they were entered is expected no more, and comes back with a new
                entry only.
        """
        since, shifts = self.on(day)
        found = (person for shift in shifts if overlaps(shift.span, span) for person in shift.people)
        return tuple(person for person in dict.fromkeys(found) if belongs(person, since, day))


NO_PLAN: Final = DutyPlan()


def overlaps(one: Span, other: Span) -> bool:
    """Whether two stretches of a day have a minute in common."""
    return one.opens_min < other.closes_min and other.opens_min < one.closes_min


def shifts_of(entries: Iterable[tuple[int, int, Iterable[str]]]) -> DayShifts:
    """One day's shifts in order, those of the same stretch as one, without those of nobody."""
    found: dict[Span, set[str]] = {}
    for opens_min, closes_min, people in entries:
        found.setdefault(Span(opens_min, closes_min), set()).update(people)
    return tuple(DutyShift(span, tuple(map(PersonId, sorted(found[span])))) for span in sorted(found) if found[span])


def spell_shifts(shifts: DayShifts) -> str:
    """One day's shifts as their column holds them."""
    return spell([[shift.span.opens_min, shift.span.closes_min, list(shift.people)] for shift in shifts])


def read_shifts(text: str) -> DayShifts:
    """What `spell_shifts` spelled."""
    return shifts_of(json.loads(text))


def spell_shift_week(week: ShiftWeek) -> str:
    """A week as its column holds it."""
    rows = (
        [weekday, shift.span.opens_min, shift.span.closes_min, list(shift.people)]
        for weekday, shifts in enumerate(week)
        for shift in shifts
    )
    return spell(list(rows))


def read_shift_week(text: str) -> ShiftWeek:
    """What `spell_shift_week` spelled."""
    rows = json.loads(text)
    return tuple(shifts_of(row[1:] for row in rows if row[0] == weekday) for weekday in range(WEEK))
