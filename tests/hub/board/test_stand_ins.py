"""Who of a station's people could come: after real taps, folded by a whole core."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session as Tables
from sqlmodel import col

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.people_tables import Membership, Volunteer
from hub.database.transactions import writing
from hub.presence.stand_ins import MOST, read_stand_ins
from hub.register.shifts import shifts_of
from station.hours import SHANGHAI
from station.records import Action
from tests.hub.board.town import STATION, TODAY, Town, at

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def town() -> Town:
    """Persons 1 to 6 belong to S-01."""
    made = Town()
    with Tables(made.engine) as tables:
        tables.add_all(Membership(station=STATION, person=f"p{i}", from_day=date(2026, 1, 1)) for i in range(1, 7))
        tables.commit()
    return made


def change(town: Town, person: str, **values: object) -> None:
    with town.engine.begin() as connection:
        connection.execute(update(Volunteer).where(col(Volunteer.person) == person).values(**values))


def who(town: Town, text: str, days_later: int = 0) -> list[tuple[str, int]]:
    now = (at(text) + timedelta(days=days_later)).astimezone(SHANGHAI)
    with town.engine.connect() as connection:
        return [(one.person, one.times) for one in read_stand_ins(connection, [STATION], now)[STATION]]


def test_who_is_on_duty_anywhere_cannot_come(town: Town):
    town.go("09:00")
    town.tap(1, "08:00")
    town.tap(2, "08:10", kiosk="K-9")
    town.tap(3, "08:00")
    town.tap(3, "08:55", Action.LEAVE)
    town.core.write()

    assert who(town, "09:00") == [("p3", 0), ("p4", 0), ("p5", 0), ("p6", 0)]


def test_who_is_untrained_gone_erased_or_of_another_station_is_not_asked(town: Town):
    change(town, "p1", trained_on=None)
    change(town, "p2", trained_on=TODAY + timedelta(days=1))
    change(town, "p3", left_on=YESTERDAY)
    change(town, "p4", erased_on=YESTERDAY)
    with town.engine.begin() as connection:
        connection.execute(update(Membership).where(col(Membership.person) == "p5").values(until_day=TODAY))

    assert who(town, "09:00") == [("p6", 0)]


def test_who_was_often_there_at_this_hour_comes_first(town: Town):
    town.go("12:00")
    town.tap(4, "08:00")
    town.tap(4, "11:00", Action.LEAVE)
    town.tap(5, "08:00")
    town.tap(5, "08:30", Action.LEAVE)
    town.core.write()

    assert who(town, "09:00", days_later=1)[:2] == [("p4", 1), ("p1", 0)]
    assert dict(who(town, "08:20", days_later=1))["p5"] == 1
    assert dict(who(town, "09:00", days_later=29))["p4"] == 0  # longer ago than four weeks


def test_who_is_on_the_roster_for_this_period_comes_first(town: Town):
    week = (shifts_of([(480, 690, ["p6"]), (870, 1050, ["p5"])]),) * 7
    with writing(town.engine) as connection:
        assert not apply(
            connection, [asked.PlanWeek(STATION, TODAY, week)], by="x", at=at("07:00"), zone=SHANGHAI
        ).refusals

    found = {text: who(town, text)[0][0] for text in ("07:20", "07:40", "09:00", "12:00", "14:40")}

    assert found == {"07:20": "p1", "07:40": "p6", "09:00": "p6", "12:00": "p1", "14:40": "p5"}


def test_no_more_are_named_than_can_be_called(town: Town):
    with Tables(town.engine) as tables:
        for i in range(20):
            tables.add(Volunteer(person=f"q{i}", number=f"Q{i}", full_name="样本人", trained_on=TODAY))
        tables.commit()
        tables.add_all(Membership(station=STATION, person=f"q{i}", from_day=date(2026, 1, 1)) for i in range(20))
        tables.commit()

    assert len(who(town, "09:00")) == MOST
