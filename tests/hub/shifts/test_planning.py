"""Who is expected when, as commands say it: what is refused, what it changes, and what follows of leaving."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hub.changing import commands as asked
from hub.changing import personal
from hub.changing.speaking import Speaking
from hub.database.people_tables import Volunteer
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.tables import SpecialDay
from hub.register.shifts import NO_SHIFTS, shifts_of
from station.hours import Span
from station.names import StationCode
from tests.hub.changing.office import TODAY, Office

if TYPE_CHECKING:
    from hub.register.shifts import ShiftWeek

S_01 = StationCode("S-01")
MORNING = Span(480, 690)
DAY = timedelta(days=1)


def every_day(*people: str) -> ShiftWeek:
    return (shifts_of([(480, 690, people)]),) * 7


def expected(office: Office, day: date, station: StationCode = S_01) -> tuple[str, ...]:
    return office.directory().expected(station, day, MORNING)


def planned(*people: str) -> Office:
    office = Office()
    assert office.refusals(asked.PlanWeek("S-01", TODAY, every_day(*people))) == []
    return office


def test_a_week_holds_from_its_day_until_the_next_and_history_has_both() -> None:
    office = planned("p1", "p2")
    office.give(asked.PlanWeek("S-01", TODAY + 7 * DAY, every_day("p3")))

    assert expected(office, TODAY - DAY) == ()
    assert expected(office, TODAY + 6 * DAY) == ("p1", "p2")
    assert expected(office, TODAY + 7 * DAY) == ("p3",)
    [*_, line] = office.history()
    assert (line["what"], line["station"], line["day_from"]) == ("plan_week", "S-01", TODAY + 7 * DAY)
    assert '"p1"' in line["before"]
    assert '"p3"' in line["after"]


def test_one_day_is_otherwise_and_can_be_taken_back() -> None:
    office = planned("p1")
    office.give(asked.SetShiftDay("S-01", TODAY + DAY, shifts_of([(480, 690, ["p3"])]), "对调"))
    assert [expected(office, TODAY + n * DAY) for n in range(3)] == [("p1",), ("p3",), ("p1",)]

    office.give(asked.SetShiftDay("S-01", TODAY + DAY, None))

    assert expected(office, TODAY + DAY) == ("p1",)
    assert office.rows(ShiftDayRow) == []


def test_on_a_make_up_workday_come_those_of_the_day_that_it_is_worked_for_unless_said_otherwise() -> None:
    office = Office()
    by_weekday = tuple(shifts_of([(480, 690, [one])]) for one in ("p1", "p2", "p1", "p1", "p3"))
    worked, usual = date(2026, 5, 9), date(2026, 5, 16)  # Saturdays; the first for Tuesday, the 5th
    office.give(asked.PlanWeek("S-01", TODAY, (*by_weekday, (), ())))
    assert (expected(office, worked), expected(office, usual)) == ((), ())

    office.give(asked.SetTerms("S-01", TODAY, keeps_holidays=True))
    assert (expected(office, worked), expected(office, usual)) == (("p2",), ())

    office.give(asked.SetShiftDay("S-01", worked, shifts_of([(480, 690, ["p3"])])))
    assert expected(office, worked) == ("p3",)


def test_what_is_so_already_changes_nothing() -> None:
    office = planned("p1")
    day = asked.SetShiftDay("S-01", TODAY, ())
    office.give(day)
    before = office.everything()

    assert office.give(asked.PlanWeek("S-01", TODAY + DAY, every_day("p1"))).changes == ()
    assert office.give(day, asked.SetShiftDay("S-02", TODAY, None)).changes == ()
    assert office.everything() == before


def test_history_is_told_in_words() -> None:
    office = planned("p1", "p2")
    [*_, line] = office.history()

    told = Speaking(is_chinese=True).line(
        line["what"], {"station": "S-01"}, json.loads(line["before"]), json.loads(line["after"]), "2026-03-05"
    )

    assert told.startswith("值班表  站点 S-01  应到：无人 -> 周一-周日 08:00-11:30 p1 p2  ")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (asked.PlanWeek("S-99", TODAY, NO_SHIFTS), "station: found 'S-99'; wanted is a station that is entered"),
        (asked.PlanWeek("S-01", TODAY, every_day("p77")), "person: found 'p77'; wanted is a volunteer who is entered"),
        (
            asked.PlanWeek("S-01", TODAY, every_day("p1", "p4")),
            "people: found p4, who is not one of S-01; wanted is one of the people of the station on 2026-03-05",
        ),
        (
            asked.SetShiftDay("S-01", TODAY, shifts_of([(480, 690, ["p1"]), (600, 720, ["p2"])])),
            "shifts: found hours that overlap; wanted is hours without overlap",
        ),
        (
            asked.SetShiftDay("S-01", TODAY - DAY, ()),
            (
                "why: found no reason, though it changes what was true from 2026-03-04 on; "
                "wanted is a reason for changing the past"
            ),
        ),
        (asked.SetShiftDay("S-99", TODAY, ()), "station: found 'S-99'; wanted is a station that is entered"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(command: asked.CityCommand, said: str) -> None:
    office = Office()
    before = office.everything()

    assert office.refusals(command) == [said]
    assert office.everything() == before


def test_who_leaves_the_station_is_expected_no_more_from_that_day_on() -> None:
    office = planned("p1", "p2")

    office.give(asked.SetMemberships("p1", frozenset({"S-02"}), TODAY + 3 * DAY))

    assert [expected(office, TODAY + n * DAY) for n in (2, 3)] == [("p1", "p2"), ("p2",)]


def test_who_leaves_and_comes_back_is_not_on_the_roster_again_by_that_alone() -> None:
    office = planned("p1", "p2")
    office.give(asked.LeavePerson("p1", TODAY + DAY))
    assert [expected(office, TODAY + n * DAY) for n in (0, 1)] == [("p1", "p2"), ("p2",)]

    office.now += 3 * DAY
    office.give(asked.ReturnPerson("p1"), asked.SetMemberships("p1", frozenset({"S-01"})))
    assert expected(office, TODAY + 4 * DAY) == ("p2",)
    office.give(asked.PlanWeek("S-01", TODAY + 4 * DAY, every_day("p1", "p2", "p3")))

    assert expected(office, TODAY + 4 * DAY) == ("p1", "p2", "p3")


def test_who_came_back_can_be_put_on_the_same_roster_as_before() -> None:
    office = planned("p1", "p2")
    office.give(asked.LeavePerson("p1", TODAY + DAY))
    office.now += 3 * DAY
    office.give(asked.ReturnPerson("p1"), asked.SetMemberships("p1", frozenset({"S-01"})))

    office.give(asked.PlanWeek("S-01", TODAY + 4 * DAY, every_day("p1", "p2")))

    assert expected(office, TODAY + 4 * DAY) == ("p1", "p2")


def test_who_was_erased_is_expected_nowhere() -> None:
    office = planned("p1", "p2")

    office.give(asked.LeavePerson("p1"))
    office.give(personal.ErasePerson("p1"))

    assert "p1" not in str(office.rows(ShiftWeekRow))
    assert [expected(office, TODAY + n * DAY) for n in (0, 9)] == [("p2",), ("p2",)]


def test_who_was_erased_stands_in_no_reason_of_a_day() -> None:
    office = planned("p2")
    [name] = [str(row["full_name"]) for row in office.rows(Volunteer) if row["person"] == "p1"]
    office.give(asked.SetShiftDay("S-01", TODAY + DAY, shifts_of([(480, 690, ["p2"])]), f"{name}有事，对调"))
    office.give(asked.SetSpecialDay("S-01", TODAY + 2 * DAY, (), f"{name}有事"))

    office.give(asked.LeavePerson("p1"))
    office.give(personal.ErasePerson("p1"))

    reasons = [row["reason"] for model in (ShiftDayRow, SpecialDay) for row in office.rows(model)]
    assert reasons == ["…有事，对调", "…有事"]


WEEKS = st.sampled_from([NO_SHIFTS, every_day("p1"), every_day("p2", "p3")])
DAYS = st.integers(0, 9).map(lambda n: TODAY + n * DAY)
PLANNING = st.one_of(
    st.builds(asked.PlanWeek, st.just("S-01"), DAYS, WEEKS),
    st.builds(asked.SetShiftDay, st.just("S-01"), DAYS, st.none() | WEEKS.map(lambda week: week[0])),
)


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(PLANNING, min_size=1, max_size=8))
def test_the_register_says_what_was_said_last_of_a_day(commands: list[asked.PlanWeek | asked.SetShiftDay]) -> None:
    office = Office()
    weeks: dict[date, ShiftWeek] = {}
    single: dict[date, tuple[str, ...]] = {}
    for command in commands:
        outcome = office.give(command)
        assert outcome.refusals == ()
        if not outcome.changes:
            continue
        if isinstance(command, asked.PlanWeek):
            assert command.since is not None
            weeks[command.since] = command.week
        elif command.shifts is None:
            single.pop(command.day, None)
        else:
            single[command.day] = tuple(one for shift in command.shifts for one in shift.people)

    told = office.directory()

    for day in (TODAY + n * DAY for n in range(12)):
        begun = [weeks[since] for since in sorted(weeks) if since <= day]
        of_week = tuple(one for shift in begun[-1][0] for one in shift.people) if begun else ()
        assert told.expected(S_01, day, MORNING) == single.get(day, of_week)
