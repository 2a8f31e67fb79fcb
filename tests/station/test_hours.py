"""Calendars: periods, changes, resolved days, round the clock."""

from datetime import timedelta

import pytest

from station.hours import Calendar, Span
from tests.station.days import DAY, ROUND_THE_CLOCK, TWO_PERIODS, at

WEEKDAYS = Calendar(((TWO_PERIODS,) * 5) + ((), ()))


@pytest.mark.parametrize(
    ("moment", "is_open", "change"),
    [
        ("07:59", False, "08:00"),
        ("08:00", True, "11:30"),
        ("11:30", False, "14:30"),
        ("17:29:59", True, "17:30"),
    ],
)
def test_hours_are_half_open_and_the_next_change_is_known(moment, is_open, change) -> None:
    assert WEEKDAYS.is_open(at(moment)) is is_open
    assert WEEKDAYS.next_change(at(moment)) == at(change)


def test_after_friday_the_next_change_is_on_monday() -> None:
    friday = DAY + timedelta(days=1)

    assert WEEKDAYS.next_change(at("17:30", friday)) == at("08:00", friday + timedelta(days=3))


def test_round_the_clock_never_closes_and_never_changes() -> None:
    always = Calendar((ROUND_THE_CLOCK,) * 7)

    assert always.is_open(at("00:00"))
    assert always.is_open(at("23:59:59"))
    assert always.next_change(at("12:00")) is None


def test_a_resolved_day_overrides_the_week() -> None:
    holiday = Calendar((TWO_PERIODS,) * 7, {DAY: ()})

    assert not holiday.is_open(at("09:00"))
    assert holiday.is_open(at("09:00", DAY + timedelta(days=1)))


def test_a_station_that_never_opens_has_no_next_change() -> None:
    assert Calendar(((),) * 7).next_change(at("09:00")) is None


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (600, 500), (-1, 60), (60, 1441)])
def test_a_span_that_is_none_is_refused(opens, closes) -> None:
    with pytest.raises(ValueError, match="is no span"):
        Span(opens, closes)


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        Calendar(((Span(480, 700), Span(690, 900)),) * 7)
