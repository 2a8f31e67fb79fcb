"""A kiosk is changed while its station is at rest: closed for an hour, and for another."""

from datetime import UTC, datetime

import pytest

from station.at_rest import is_at_rest
from station.hours import Calendar
from tests.edge.rig import TWO_PERIODS

CALENDAR = Calendar((TWO_PERIODS,) * 7)  # 08:00 to 11:30 and 14:30 to 17:30 in Shanghai


@pytest.mark.parametrize(
    ("hhmm", "rests"),
    [("06:59", True), ("07:01", False), ("08:00", False), ("12:29", False), ("12:31", True), ("13:29", True),
     ("13:31", False), ("18:29", False), ("18:31", True), ("00:00", True)],
)  # fmt: skip
def test_not_in_opening_hours_nor_in_the_hour_before_or_after(hhmm, rests):
    hour, minute = map(int, hhmm.split(":"))
    at = datetime(2026, 3, 5, (hour - 8) % 24, minute, tzinfo=UTC)

    assert is_at_rest(CALENDAR, at) is rests


def test_a_station_that_never_closes_is_never_at_rest():
    from station.hours import Span

    assert not is_at_rest(Calendar(((Span(0, 24 * 60),),) * 7), datetime(2026, 3, 5, tzinfo=UTC))
