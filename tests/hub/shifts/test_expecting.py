"""Whom the board waits for, before an opening and in it: after real taps, folded by a whole core."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session as Tables

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.people_tables import Membership
from hub.database.transactions import writing
from hub.register.reading import read_directory
from hub.register.shifts import shifts_of
from hub.web.gate.scope import Scope
from station.hours import DAY_MINUTES, SHANGHAI, Span
from station.records import Action
from tests.hub.board.town import MIDNIGHT, OTHER, STATION, TODAY, Town

WEEK = (shifts_of([(480, 690, ["p1", "p2"]), (870, 1050, ["p3"])]),) * 7


@pytest.fixture
def town() -> Town:
    made = Town()
    with Tables(made.engine) as tables:
        tables.add_all(Membership(station=STATION, person=f"p{i}", from_day=date(2026, 1, 1)) for i in range(1, 7))
        tables.commit()
    give(made, asked.PlanWeek(STATION, TODAY, WEEK))
    made.heard()
    return made


def give(town: Town, command: asked.CityCommand) -> None:
    with writing(town.engine) as connection:
        assert not apply(connection, [command], by="x", at=MIDNIGHT, zone=SHANGHAI).refusals
    with town.engine.connect() as connection:
        town.city.learn(read_directory(connection, SHANGHAI))


def waits(town: Town) -> list[tuple[str, bool]]:
    return [(one.person, one.has_come) for one in town.row().expected]


def test_before_half_an_hour_ahead_nobody_is_waited_for(town: Town) -> None:
    town.go("07:29:59")
    assert waits(town) == []

    town.go("07:30")
    town.heard()

    assert waits(town) == [("p1", False), ("p2", False)]
    assert town.row(OTHER).expected == ()


def test_who_has_come_is_told_at_once_and_who_left_has_come(town: Town) -> None:
    town.go("07:50")
    town.tap(1, "07:50")
    assert waits(town) == [("p2", False), ("p1", True)]

    town.go("09:00")
    town.tap(1, "08:40", Action.LEAVE)

    assert waits(town) == [("p2", False), ("p1", True)]


def test_the_morning_is_not_the_afternoon_and_who_left_early_has_not_come_for_it(town: Town) -> None:
    town.go("10:00")
    town.tap(3, "08:00")
    town.tap(3, "10:00", Action.LEAVE)
    town.go("12:00")
    assert waits(town) == []

    town.go("14:10")
    town.heard()

    assert waits(town) == [("p3", False)]


def test_somebody_who_is_not_on_the_roster_is_nobody_who_was_waited_for(town: Town) -> None:
    town.go("08:10")
    town.tap(5, "08:05")

    assert waits(town) == [("p1", False), ("p2", False)]
    assert town.row().on_duty == 1


def test_a_closed_day_waits_for_nobody(town: Town) -> None:
    give(town, asked.SetSpecialDay(STATION, TODAY, (), "停电"))

    town.go("08:10")
    town.heard()

    assert (town.row().is_open, waits(town)) == (False, [])


def test_one_days_swap_is_that_days_alone(town: Town) -> None:
    give(town, asked.SetShiftDay(STATION, TODAY, shifts_of([(480, 690, ["p4"])])))
    town.go("08:10")
    town.heard()
    assert waits(town) == [("p4", False)]

    town.go_to(MIDNIGHT + timedelta(days=1, hours=8, minutes=10))

    assert waits(town) == [("p1", False), ("p2", False)]


def test_a_station_that_never_closes_waits_for_the_shift_that_runs(town: Town) -> None:
    give(town, asked.SetTerms(STATION, TODAY, ((Span(0, DAY_MINUTES),),) * 7))
    shifts = shifts_of([(0, 480, ["p1"]), (480, 960, ["p2"]), (960, 1440, ["p3"])])
    give(town, asked.SetShiftDay(STATION, TODAY, shifts))
    town.heard()
    assert waits(town) == [("p1", False)]

    town.go("08:00")
    assert waits(town) == [("p2", False)]

    town.tap(2, "08:05")
    town.go("16:30")
    assert waits(town) == [("p3", False)]


def test_a_screen_on_a_wall_learns_how_many_and_nobodys_name(town: Town) -> None:
    town.go("08:10")
    town.heard()
    assert [one.name for one in town.row().expected] == ["样*人", "样*人"]

    [row] = Scope(station=STATION, has_leads=False).of([town.row()])

    assert [(one.person, one.name) for one in row.expected] == [("", ""), ("", "")]
