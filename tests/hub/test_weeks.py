"""Effective-dated weeks: every day by the hours that held on it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.register.weeks import DAYS_TOLD, Week, Weeks, duty_of, rows_of, rules_of, weeks_of
from station.duty import DutyRule
from station.hours import Span

FIRST = date(2026, 1, 1)
SPANS = st.sampled_from([(), (Span(480, 690),), (Span(480, 690), Span(870, 1050)), (Span(0, 1440),)])
WEEKS = st.tuples(*[SPANS] * 7)
DATED = st.builds(
    lambda template, dated: Weeks(template, tuple(sorted(dated.items()))),
    WEEKS,
    st.dictionaries(st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n)), WEEKS.filter(any), max_size=4),
)


def _days(since: date, count: int) -> list[date]:
    return [since + timedelta(days=n) for n in range(count)]


@given(weeks=DATED, start=st.integers(-30, 250), length=st.integers(1, 120))
def test_a_calendar_says_of_each_day_what_held_on_it(weeks: Weeks, start: int, length: int) -> None:
    since = FIRST + timedelta(days=start)

    calendar = rules_of(weeks, DutyRule(), since=since, until=since + timedelta(days=length)).calendar

    for day in _days(since, length + 1):
        assert calendar.days.get(day, calendar.weekly[day.weekday()]) == weeks.spans_on(day)


@given(weeks=DATED, start=st.integers(-30, 250))
def test_a_kiosk_knows_each_of_the_next_ninety_days(weeks: Weeks, start: int) -> None:
    today = FIRST + timedelta(days=start)

    duty = duty_of("例", weeks, DutyRule(), today=today, version=1)

    for day in _days(today - timedelta(days=1), DAYS_TOLD + 1):
        assert duty.days.get(day, duty.weekly[day.weekday()]) == weeks.spans_on(day)


@given(week=WEEKS.filter(any))
def test_a_week_survives_its_rows(week: Week) -> None:
    rows = [(FIRST, *row) for row in rows_of(week)]

    assert weeks_of(((),) * 7, rows).on(FIRST) == week
