"""What a station is judged by on each day: its week, special days, minimum, target and limits, in time. Pure.

Last month is judged by last month's terms. A station that is not open for service on a day is closed all of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from hub.register.holidays import NO_HOLIDAYS, Holidays
from station.duty import StationRules, Terms
from station.hours import DAY_MINUTES, WEEK, Calendar, Span, Spans
from station.wire.told import Duty, TermsFrom

Week = tuple[Spans, ...]
ALWAYS: Final = date(2000, 1, 1)  # from when what is first said of a station holds: before any record
MAX_ON_DUTY: Final = 50
"""More are asked for at no station; a number typed wrongly is."""
DAYS_TOLD: Final = 90  # how far ahead a kiosk knows resolved days; protocol.md, `duty`
_LOOK_BACK: Final = timedelta(days=2)  # a stint of yesterday still runs on a kiosk that is cut off
_WORKDAYS: Final = 5  # a make-up workday has the hours of the first of them that is open
_SHUT: Final[Week] = ((),) * WEEK


@dataclass(frozen=True, slots=True)
class Clause:
    """What holds from one day until the next clause's."""

    since: date
    week: Week
    terms: Terms = Terms()  # noqa: RUF009 -- frozen
    keeps_holidays: bool = False


@dataclass(frozen=True, slots=True)
class StationTerms:
    """All that one station is and was judged by.

    Attributes:
        clauses: in order, at least one; the first holds before its day too.
        special: days with other hours than the week's, in order.
        opened_on: the first day on which it is open for service at all; None for always.
        closed_on: the first on which it is no more.
        holidays: the country's, of the years that are known.
    """

    clauses: tuple[Clause, ...]
    special: tuple[tuple[date, Spans], ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    holidays: Holidays = NO_HOLIDAYS
    _special_on: dict[date, Spans] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._special_on.update(self.special)

    def is_in_service(self, day: date) -> bool:
        """Whether the station is open for service at all on that day."""
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or day < self.closed_on)

    def clause_on(self, day: date) -> Clause:
        """What holds on that day."""
        return next((clause for clause in reversed(self.clauses) if clause.since <= day), self.clauses[0])

    def week_on(self, day: date) -> Week:
        """The week in force on that day."""
        return self.clause_on(day).week if self.is_in_service(day) else _SHUT

    def spans_on(self, day: date) -> Spans:
        """The opening time of that day."""
        if not self.is_in_service(day):
            return ()
        special = self._special_on.get(day)
        return self.usual_on(day) if special is None else special

    def usual_on(self, day: date) -> Spans:
        """The opening time of a day that is not special: by the week, and by the holidays where they are kept."""
        clause = self.clause_on(day)
        if clause.keeps_holidays and day in self.holidays.off:
            return ()
        if clause.keeps_holidays and day in self.holidays.work:
            return next((spans for spans in clause.week[:_WORKDAYS] if spans), clause.week[day.weekday()])
        return clause.week[day.weekday()]

    def holiday_on(self, day: date) -> str:
        """The holiday for which it is closed on that day; empty where it is not, or has hours of its own then."""
        is_kept = day not in self._special_on and self.is_in_service(day) and self.clause_on(day).keeps_holidays
        return self.holidays.names.get(day, "") if is_kept else ""

    def weekday_on(self, day: date) -> int:
        """Whose weekday's people come: on a make-up workday that is kept, those of the day that it is worked for."""
        clause = self.clause_on(day)
        if not clause.keeps_holidays or day not in self.holidays.work:
            return day.weekday()
        free = self.holidays.worked_for(day)
        if free is not None and clause.week[free.weekday()]:
            return free.weekday()
        return next((n for n, spans in enumerate(clause.week[:_WORKDAYS]) if spans), day.weekday())

    def is_unknown(self, day: date) -> bool:
        """Whether the weekly rule holds on that day only because the year's holidays are not known."""
        return self.is_in_service(day) and self.clause_on(day).keeps_holidays and day.year not in self.holidays.years

    def otherwise(self) -> dict[date, Spans]:
        """The days of all times that are otherwise than their week, and those that are said to be."""
        days = {day for day in self.holidays.off | self.holidays.work if self.clause_on(day).keeps_holidays}
        usual = {day: spans for day in days if (spans := self.usual_on(day)) != self.clause_on(day).week[day.weekday()]}
        return usual | dict(self.special)

    def resolved(self, since: date, until: date) -> tuple[Week, dict[date, Spans]]:
        """The week in force at the end, and the days from `since` to `until` that are otherwise."""
        last = self.week_on(until)
        turns = (*(clause.since for clause in self.clauses[1:]), self.opened_on, self.closed_on)
        if any(turn is not None and since < turn <= until for turn in turns):
            days: Iterable[date] = (since + timedelta(days=n) for n in range((until - since).days + 1))
        else:
            days = sorted(day for day in self.otherwise() if since <= day <= until)
        return last, {day: spans for day in days if (spans := self.spans_on(day)) != last[day.weekday()]}

    def rules(self, zone: ZoneInfo, *, since: date, until: date) -> StationRules:
        """What taps from `since` to `until` are judged by; outside, the week in force at `until` holds."""
        weekly, days = self.resolved(since, until)
        first = self.clauses[0].terms
        return StationRules(Calendar(weekly, days, zone), first.duty, first.limits, self._changed())

    def duty(
        self, name: str, zone: ZoneInfo, *, today: date, version: int, why: Callable[[date], str] = lambda _: ""
    ) -> Duty:
        """What a kiosk is told: the week, and the days about now on which another one holds.

        Args:
            name: the station's, as it is shown.
            zone: where its days begin.
            today: from two days before it on.
            version: rises with each change.
            why: the public reason of a day's hours; empty where there is none.
        """
        since = today - _LOOK_BACK
        weekly, days = self.resolved(since, today + timedelta(days=DAYS_TOLD))
        terms = self.clause_on(since).terms
        told = (since + timedelta(days=n) for n in range((_LOOK_BACK + timedelta(days=DAYS_TOLD)).days + 1))
        return Duty(
            version=version, name=name, weekly=weekly, rule=terms.duty, days=days, zone=zone.key, limits=terms.limits,
            terms=tuple(TermsFrom(day, later.duty, later.limits) for day, later in self._changed() if day > since),
            reasons={day: reason for day in told if (reason := why(day))},
        )  # fmt: skip

    def _changed(self) -> tuple[tuple[date, Terms], ...]:
        """The days on which other terms begin to hold, and these."""
        return tuple((clause.since, clause.terms) for before, clause in pairwise(self.clauses)
                     if clause.terms != before.terms)  # fmt: skip


def overlap_in(spans: Spans) -> bool:
    """Whether two spans of one day overlap."""
    return any(later.opens_min < earlier.closes_min for earlier, later in pairwise(sorted(spans)))


def is_round_the_clock(week: Week) -> bool:
    """Whether it never closes."""
    return all(sum(span.closes_min - span.opens_min for span in spans) == DAY_MINUTES for spans in week)


def rows_of_week(week: Week) -> list[tuple[int, int, int]]:
    """A week as rows of (weekday, opens, closes)."""
    return [(weekday, span.opens_min, span.closes_min) for weekday, spans in enumerate(week) for span in spans]


def week_of(rows: Iterable[tuple[int, int, int]]) -> Week:
    """The week that such rows are of."""
    days: list[list[Span]] = [[] for _ in range(WEEK)]
    for weekday, opens_min, closes_min in rows:
        days[weekday].append(Span(opens_min, closes_min))
    return tuple(tuple(sorted(spans)) for spans in days)
