"""Why a station is in trouble, as its row says it."""

import pytest

from hub.presence.board_view import Cause, Reason
from station.hours import Span
from station.records import Action, ReaderState
from tests.hub.board.town import STATION, Town, at


@pytest.fixture
def town() -> Town:
    made = Town()
    made.heard()
    return made


def go(town: Town, text: str) -> None:
    town.go(text)
    town.heard()


def tap(town: Town, person: int, text: str, action: Action = Action.ARRIVE, of: int | None = None) -> int:
    """A tap that is known at once."""
    go(town, text)
    return town.tap(person, text, action, of=of)


def test_who_does_not_lack_anybody_gets_no_reason(town: Town):
    tap(town, 1, "07:55")
    tap(town, 2, "07:56")
    go(town, "08:30")

    assert (town.row().duty_class, town.row().reason) == ("met", None)
    go(town, "12:00")
    assert (town.row().duty_class, town.row().reason) == ("closed", None)


def test_nobody_has_come_since_the_opening(town: Town):
    go(town, "08:40")

    assert town.row().reason == Reason(Cause.NOBODY_YET, at("08:00"))


def test_a_station_that_is_open_round_the_clock_names_no_opening_that_never_was():
    town = Town(week=((Span(0, 1440),),) * 7)
    go(town, "08:40")

    assert town.row().reason == Reason(Cause.NOBODY_YET)

    tap(town, 1, "08:50")
    tap(town, 1, "09:00", Action.LEAVE)
    go(town, "09:10")
    assert town.row().reason == Reason(Cause.LEFT, at("09:00"), 1)


def test_an_opening_after_a_pause_asks_for_nobody_of_the_morning(town: Town):
    tap(town, 1, "08:00")
    tap(town, 1, "11:20", Action.LEAVE)
    go(town, "14:40")

    assert town.row().reason == Reason(Cause.NOBODY_YET, at("14:30"))


def test_those_who_left_together_are_counted_and_who_left_long_before_is_not(town: Town):
    for person in (1, 2, 3):
        tap(town, person, "08:00")
    tap(town, 1, "09:00", Action.LEAVE)
    tap(town, 2, "10:58", Action.LEAVE)
    tap(town, 3, "11:02", Action.LEAVE)
    go(town, "11:04")

    assert town.row().reason == Reason(Cause.LEFT, at("11:02"), 2)
    rows = len(town.rows)
    go(town, "11:06")
    go(town, "11:08")
    later = {row.reason for row in town.rows[rows:] if row.code == STATION}
    assert later == {Reason(Cause.LEFT, at("11:02"), 2)}  # time alone changes nothing that is said


def test_a_stranger_who_leaves_is_nobodys_reason(town: Town):
    tap(town, 77, "08:10")
    tap(town, 77, "09:00", Action.LEAVE)
    go(town, "09:10")

    assert town.row().reason == Reason(Cause.NOBODY_YET, at("08:00"))


def test_who_stepped_out_is_the_reason_until_they_are_back(town: Town):
    tap(town, 1, "08:00")
    leave = tap(town, 1, "09:00", Action.LEAVE)
    tap(town, 1, "09:00:03", Action.STEP_OUT, of=leave)
    go(town, "09:05")

    assert (town.row().duty_class, town.row().reason) == ("vacant", Reason(Cause.OUT, at("09:00"), 1))
    tap(town, 1, "09:06", Action.RETURN)
    assert (town.row().duty_class, town.row().reason) == ("minimum", None)


def test_who_stepped_out_and_is_overdue_is_the_reason(town: Town):
    tap(town, 1, "08:00")
    leave = tap(town, 1, "09:00", Action.LEAVE)
    tap(town, 1, "09:00:03", Action.STEP_OUT, of=leave)
    go(town, "09:30")

    assert town.row().reason == Reason(Cause.OVERRUN, at("09:00"), 1)


def test_a_station_below_its_target_says_who_left_or_nothing(town: Town):
    tap(town, 1, "08:00")
    tap(town, 2, "08:00")
    tap(town, 2, "09:00", Action.LEAVE)
    go(town, "09:10")

    assert (town.row().duty_class, town.row().reason) == ("minimum", Reason(Cause.LEFT, at("09:00"), 1))


def test_a_reader_that_sees_nothing_is_told_with_its_kiosk_and_since_when(town: Town):
    go(town, "09:11")
    town.go("09:12")
    town.heard(reader=ReaderState.DOWN)
    town.go("09:12:40")
    town.heard(reader=ReaderState.BLIND)

    assert (town.row().duty_class, town.row().reason) == ("unknown", Reason(Cause.BLIND, at("09:12"), 1, "K-1"))
    go(town, "09:14")
    assert town.row().reason == Reason(Cause.NOBODY_YET, at("08:00"))


def test_a_kiosk_that_fell_silent_is_told_with_when_it_was_last_heard(town: Town):
    go(town, "09:00")
    town.go("09:10")

    assert (town.row().duty_class, town.row().reason) == ("unknown", Reason(Cause.SILENT, at("09:00"), 1, "K-1"))


def test_a_kiosk_that_was_never_heard_is_told_as_such():
    town = Town()
    town.go("08:30")

    assert town.row().reason == Reason(Cause.NEVER_HEARD, None, 1, "K-1")


def test_a_station_without_a_kiosk_says_so():
    town = Town(kiosks=())
    town.go("08:30")

    assert town.row().reason == Reason(Cause.NO_KIOSK)
