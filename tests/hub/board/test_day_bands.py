"""A station's day: what nobody watched is known only up to a person's last tap, and what some watched is marked."""

from datetime import timedelta

import pytest

from station.coverage import Band
from station.records import Action
from tests.hub.board.town import STATION, Town, at


@pytest.fixture
def town():
    return Town()


def bands(town: Town) -> list[tuple[str, str]]:
    """The open part of the day, as class and the moment since when."""
    return [(spelled(band), f"{band.began_at.hour + 8:02}:{band.began_at.minute:02}") for band in day_of(town)[1:]]


def day_of(town: Town) -> tuple[Band, ...]:
    return town.day(STATION).bands


def spelled(band: Band) -> str:
    return f"partly {band.duty_class}" if band.partial else str(band.duty_class)


def test_a_stint_that_nobody_watched_counts_only_up_to_the_last_tap(town: Town):
    town.go("13:00")
    town.watched("07:30", "08:30")
    town.tap(1, "08:10")

    assert bands(town) == [("vacant", "08:00"), ("minimum", "08:10"), ("unknown", "08:30"), ("closed", "11:30")]


def test_a_watched_day_ends_without_a_sliver_of_unknown_between_two_milliseconds(town: Town):
    town.go("09:01")
    town.heard()
    town.watched("07:30", "09:00")
    town.tap(1, "08:10")
    town._now += timedelta(microseconds=700)

    assert bands(town) == [("vacant", "08:00"), ("minimum", "08:10")]


def test_a_leave_proves_the_whole_stint_though_nobody_watched(town: Town):
    town.go("13:00")
    town.watched("07:30", "08:30")
    town.tap(1, "08:10")
    town.tap(1, "11:00", Action.LEAVE)

    assert bands(town) == [("vacant", "08:00"), ("minimum", "08:10"), ("unknown", "11:00"), ("closed", "11:30")]


def test_tapping_again_or_coming_back_proves_that_somebody_is_still_there(town: Town):
    town.go("13:00")
    town.watched("07:30", "08:30")
    town.tap(1, "08:10")
    town.tap(1, "09:00")
    town.tap(2, "08:20")
    left = town.tap(2, "09:30", Action.LEAVE)
    town.tap(2, "09:30:02", Action.STEP_OUT, of=left)
    town.tap(2, "09:40", Action.RETURN)

    assert bands(town) == [
        ("vacant", "08:00"), ("minimum", "08:10"), ("met", "08:20"), ("minimum", "09:00"), ("unknown", "09:30"),
        ("closed", "11:30"),
    ]  # fmt: skip


def test_a_vacancy_that_only_some_kiosks_watched_is_marked():
    town = Town(kiosks=("K-1", "K-2"))
    town.go("13:00")
    town.watched("07:30", "11:30", "K-1")
    town.watched("07:30", "09:00", "K-2")
    town.tap(1, "08:10")
    town.tap(1, "10:00", Action.LEAVE)

    assert bands(town) == [
        ("vacant", "08:00"), ("minimum", "08:10"), ("partly vacant", "10:00"), ("closed", "11:30"),
    ]  # fmt: skip


def test_a_tap_by_a_clock_a_little_ahead_shows_when_it_is_received(town: Town):
    town.go("09:00")
    town.heard()

    town.tap(1, "09:01")

    assert town.row().on_duty == 1


def test_a_tap_by_a_clock_far_ahead_is_put_to_its_receipt_and_shows_at_once(town: Town):
    town.go("09:00")
    town.heard()

    town.tap(1, "10:00")

    (here,) = town.city.recent.here(STATION, at("09:00"))
    assert (here.stint.began_at, here.stint.uncertain, town.row().on_duty) == (at("09:00"), True, 1)
