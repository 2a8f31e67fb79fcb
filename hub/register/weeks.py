"""A station's effective-dated weeks: which one holds on a day, as calendar, as duty rule on the wire. Pure.

Last month is judged by last month's hours. Holidays and closures will join here, as dated days over the week.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from station.duty import DutyRule, StationRules
from station.hours import WEEK, Calendar, Span, Spans
from station.wire.messages import Duty

Week = tuple[Spans, ...]
ALWAYS: Final = date(2000, 1, 1)  # from when the first hours of a station hold: before any record
DAYS_TOLD: Final = 90  # how far ahead a kiosk knows resolved days; protocol.md, `duty`
_LOOK_BACK: Final = timedelta(days=2)  # a stint of yesterday still runs on a kiosk that is cut off


@dataclass(frozen=True, slots=True)
class Weeks:
    """All weeks of one station.

    Attributes:
        template: the week of its kind, which holds before the first of `dated`.
        dated: from which day which week holds, in order.
    """

    template: Week
    dated: tuple[tuple[date, Week], ...] = ()

    def on(self, day: date) -> Week:
        """The week in force on that day."""
        return next((week for valid_from, week in reversed(self.dated) if valid_from <= day), self.template)

    def spans_on(self, day: date) -> Spans:
        """The opening time of that day."""
        return self.on(day)[day.weekday()]

    def resolved(self, since: date, until: date) -> tuple[Week, dict[date, Spans]]:
        """The week in force at the end, and the days from `since` to before `until` that are otherwise."""
        last = self.on(until)
        if not any(since < valid_from <= until for valid_from, _ in self.dated):
            return last, {}
        days = (since + timedelta(days=n) for n in range((until - since).days))
        return last, {day: spans for day in days if (spans := self.spans_on(day)) != last[day.weekday()]}


def weeks_of(template: Week, rows: Iterable[tuple[date, int, int, int]]) -> Weeks:
    """Gather rows of (valid from, weekday, opens, closes) into weeks."""
    dated: dict[date, list[list[Span]]] = {}
    for valid_from, weekday, opens_min, closes_min in rows:
        dated.setdefault(valid_from, [[] for _ in range(WEEK)])[weekday].append(Span(opens_min, closes_min))
    return Weeks(template, tuple((day, tuple(tuple(sorted(s)) for s in dated[day])) for day in sorted(dated)))


def overlap_in(spans: Spans) -> bool:
    """Whether two spans of one day overlap."""
    return any(later.opens_min < earlier.closes_min for earlier, later in pairwise(sorted(spans)))


def rules_of(weeks: Weeks, rule: DutyRule, *, since: date, until: date) -> StationRules:
    """What taps from `since` to `until` are judged by; outside, the week in force at `until` holds."""
    weekly, days = weeks.resolved(since, until)
    return StationRules(Calendar(weekly, days), rule)


def duty_of(name: str, weeks: Weeks, rule: DutyRule, *, today: date, version: int) -> Duty:
    """What a kiosk is told: the week, and the days about now on which another one holds."""
    weekly, days = weeks.resolved(today - _LOOK_BACK, today + timedelta(days=DAYS_TOLD))
    return Duty(version=version, name=name, weekly=weekly, rule=rule, days=days)


def rows_of(week: Week) -> list[tuple[int, int, int]]:
    """A week as rows of (weekday, opens, closes)."""
    return [(weekday, span.opens_min, span.closes_min) for weekday, spans in enumerate(week) for span in spans]
