"""A kiosk is changed while its station is at rest: closed for an hour, and for another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.at_rest import is_at_rest, may_be_changed, never_rests
from station.hours import DAY_MINUTES, HORIZON, Calendar, Span
from tests.edge.rig import TWO_PERIODS

CALENDAR = Calendar((TWO_PERIODS,) * 7)  # 08:00 to 11:30 and 14:30 to 17:30 in Shanghai
NOW = datetime(2026, 3, 5, tzinfo=UTC)
ROUND_THE_CLOCK = Calendar(((Span(0, DAY_MINUTES),),) * 7)


@pytest.mark.parametrize(
    ("hhmm", "rests"),
    [("06:59", True), ("07:01", False), ("08:00", False), ("12:29", False), ("12:31", True), ("13:29", True),
     ("13:31", False), ("18:29", False), ("18:31", True), ("00:00", True)],
)  # fmt: skip
def test_not_in_opening_hours_nor_in_the_hour_before_or_after(hhmm, rests):
    hour, minute = map(int, hhmm.split(":"))
    at = datetime(2026, 3, 5, (hour - 8) % 24, minute, tzinfo=UTC)

    assert is_at_rest(CALENDAR, at) is rests
    assert may_be_changed(CALENDAR, at) is rests


def test_at_a_station_that_never_closes_the_hub_chooses_the_moment():
    assert not is_at_rest(ROUND_THE_CLOCK, NOW)
    assert never_rests(ROUND_THE_CLOCK, NOW)
    assert may_be_changed(ROUND_THE_CLOCK, NOW)


def test_one_that_closes_one_night_a_week_rests_then():
    week = (*ROUND_THE_CLOCK.weekly[:6], ())

    assert not never_rests(Calendar(week), NOW)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(12, 24)), min_size=7, max_size=7))
def test_a_station_rests_now_and_then_or_never(hours):
    week = tuple((Span(first * 60, last * 60),) if first < last else () for first, last in hours)
    calendar = Calendar(week)
    quarters = int(HORIZON / timedelta(minutes=15))

    ever = any(is_at_rest(calendar, NOW + quarter * timedelta(minutes=15)) for quarter in range(quarters + 1))

    assert never_rests(calendar, NOW) is not ever
