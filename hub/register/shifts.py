"""The duty roster (值班表): who is expected on duty when, by a station's week and single days of it. Pure.

A shift is one stretch of a day and who is expected in it, by opaque id. It says nothing of the hours of the station:
who is expected in a part of an opening period is whose shift overlaps it, so hours that move a little take nobody off
the roster, and on a day without hours nobody is expected.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from hub.register.spelling import spell
from station.hours import DAY_MINUTES, WEEK, Span, Spans
from station.names import PersonId

NEAR_MIN: Final = 60  # a shift that begins or ends so near to its period's end is meant to be of all of it
LONGEST_MIN: Final = 12 * 60  # nobody serves longer at a stretch (rules.md, no stint lasts more)
USUAL_MIN: Final = 8 * 60  # three shifts a day are what hospitals and stations have that never close


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


class WeekFrom(NamedTuple):
    """A week, and the day from which it holds."""

    since: date
    week: ShiftWeek


class ShiftsFrom(NamedTuple):
    """The shifts of a day, and the day from which they are so."""

    since: date
    shifts: DayShifts


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """A station's duty roster.

    Attributes:
        weeks: by the day from which each holds, in order; before the first nobody is expected.
        days: those on which others are expected than the week says.
    """

    weeks: tuple[tuple[date, ShiftWeek], ...] = ()
    days: Mapping[date, DayShifts] = field(default_factory=dict)

    def week_on(self, day: date) -> WeekFrom:
        """The week in force on a day, and since when; that day itself and nobody where there is none."""
        held = (WeekFrom(since, week) for since, week in reversed(self.weeks) if since <= day)
        return next(held, WeekFrom(day, NO_SHIFTS))

    def on(self, day: date, weekday: int) -> ShiftsFrom:
        """The shifts of a day, and since when that is said; `weekday` is whose people come on it."""
        if day in self.days:
            return ShiftsFrom(day, self.days[day])
        since, week = self.week_on(day)
        return ShiftsFrom(since, week[weekday])

    def is_kept(self, day: date) -> bool:
        """Whether anything is said of that day: a station without a roster lacks nobody on it."""
        return day in self.days or any(self.week_on(day).week)

    def expected(self, day: date, weekday: int, span: Span, belongs: Belongs) -> tuple[PersonId, ...]:
        """Who is expected in a part of an opening period of a day.

        Args:
            day: on which the period opens.
            weekday: whose people come.
            span: the part, in minutes of that day.
            belongs: who has left the station since they were entered is expected no more, and comes back with a new
                entry only.
        """
        since, shifts = self.on(day, weekday)
        found = (person for shift in shifts if overlaps(shift.span, span) for person in shift.people)
        return tuple(person for person in dict.fromkeys(found) if belongs(person, since, day))


NO_PLAN: Final = DutyPlan()


def overlaps(one: Span, other: Span) -> bool:
    """Whether two stretches of a day have a minute in common."""
    return one.opens_min < other.closes_min and other.opens_min < one.closes_min


def parts_of(span: Span, shifts: DayShifts) -> Spans:
    """The stretches of an opening period in each of which the same people are expected, in order and without a gap.

    It is parted where shifts of that day begin or end. What is still longer than anybody serves at a stretch is parted
    evenly: a station that never closes has three shifts a day, and one that has nobody at night is seen to lack them.
    """
    turns = sorted(
        {
            turn
            for shift in shifts
            if overlaps(shift.span, span)
            for turn in (shift.span.opens_min, shift.span.closes_min)
        }
    )
    cuts = [span.opens_min]
    for turn in turns:
        if turn - cuts[-1] >= NEAR_MIN and span.closes_min - turn >= NEAR_MIN:
            cuts.append(turn)
    return tuple(part for ends in pairwise((*cuts, span.closes_min)) for part in _evenly(*ends))


def turning_at(turns: Iterable[int]) -> DayShifts:
    """Shifts of nobody that begin and end at these minutes of a day."""
    inner = sorted({turn for turn in turns if 0 < turn < DAY_MINUTES})
    return tuple(DutyShift(Span(*ends), ()) for ends in pairwise((0, *inner, DAY_MINUTES)))


def beyond(span: Span, open_spans: Spans) -> Spans:
    """What of a shift lies before, after or far from all opening periods; not the break between two that it spans."""
    held = [one for one in open_spans if overlaps(one, span)]
    if not held:
        return (span,)
    ends = ((span.opens_min, held[0].opens_min), (held[-1].closes_min, span.closes_min))
    return tuple(Span(*two) for two in ends if two[1] - two[0] >= NEAR_MIN)


def _evenly(opens_min: int, closes_min: int) -> Spans:
    length = closes_min - opens_min
    count = 1 if length <= LONGEST_MIN else -(-length // USUAL_MIN)
    turns = [opens_min + length * n // count for n in range(count + 1)]
    return tuple(Span(*ends) for ends in pairwise(turns))


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
