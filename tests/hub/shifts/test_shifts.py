"""The duty roster as a rule: who is expected in an opening period, whatever was entered."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.register.shifts import (
    LONGEST_MIN,
    NEAR_MIN,
    NO_SHIFTS,
    DutyPlan,
    beyond,
    overlaps,
    parts_of,
    read_shift_week,
    read_shifts,
    shifts_of,
    spell_shift_week,
    spell_shifts,
)
from station.hours import DAY_MINUTES, WEEK, Span
from station.names import PersonId

if TYPE_CHECKING:
    from hub.register.shifts import DayShifts

MONDAY = date(2026, 3, 2)
MORNING, AFTERNOON = Span(480, 690), Span(870, 1050)
people = st.sampled_from(["p1", "p2", "p3"]).map(PersonId)
spans = st.lists(st.integers(0, DAY_MINUTES), min_size=2, max_size=2, unique=True).map(lambda two: (min(two), max(two)))
days_shifts = st.lists(st.tuples(spans, st.lists(people, max_size=3)), max_size=4).map(
    lambda entries: shifts_of((*span, who) for span, who in entries)
)
weeks = st.lists(days_shifts, min_size=WEEK, max_size=WEEK).map(tuple)
days = st.integers(-10, 30).map(lambda n: MONDAY + timedelta(days=n))
plans = st.builds(
    lambda rows, single: DutyPlan(tuple(sorted(rows.items())), single),
    st.dictionaries(days, weeks, max_size=3),
    st.dictionaries(days, days_shifts, max_size=3),
)


def always(*_: object) -> bool:
    return True


@given(weeks, days_shifts)
def test_what_is_written_down_reads_the_same(week: tuple[object, ...], day: tuple[object, ...]) -> None:
    assert read_shift_week(spell_shift_week(week)) == week  # type: ignore[arg-type]
    assert read_shifts(spell_shifts(day)) == day  # type: ignore[arg-type]


@given(plans, days, spans)
def test_expected_is_each_once_whose_shift_of_that_day_overlaps(
    plan: DutyPlan, day: date, minutes: tuple[int, int]
) -> None:
    found = plan.expected(day, day.weekday(), Span(*minutes), always)

    _, shifts = plan.on(day, day.weekday())
    wanted = {
        person
        for shift in shifts
        if {*range(*minutes)} & {*range(shift.span.opens_min, shift.span.closes_min)}
        for person in shift.people
    }
    assert (sorted(found), len(set(found))) == (sorted(wanted), len(found))


@given(plans, days)
def test_a_day_of_its_own_goes_before_the_week_and_the_latest_week_before_earlier_ones(
    plan: DutyPlan, day: date
) -> None:
    since, shifts = plan.on(day, day.weekday())

    assert since <= day
    if day in plan.days:
        assert (since, shifts) == (day, plan.days[day])
    else:
        begun = [(first, week) for first, week in plan.weeks if first <= day]
        assert shifts == (begun[-1][1][day.weekday()] if begun else ())


@given(plans, days, people)
def test_who_does_not_belong_is_never_expected(plan: DutyPlan, day: date, gone: PersonId) -> None:
    found = plan.expected(day, day.weekday(), Span(0, DAY_MINUTES), lambda person, _since, _day: person != gone)

    assert gone not in found
    assert {*found} == {*plan.expected(day, day.weekday(), Span(0, DAY_MINUTES), always)} - {gone}


def test_hours_that_move_a_little_take_nobody_off_and_touching_ones_do_not_meet() -> None:
    week = (shifts_of([(480, 690, ["p1"]), (870, 1050, ["p2"])]), *NO_SHIFTS[1:])
    plan = DutyPlan(((MONDAY, week),))

    assert plan.expected(MONDAY, 0, Span(510, 720), always) == ("p1",)
    assert plan.expected(MONDAY, 0, Span(690, 870), always) == ()
    assert plan.expected(MONDAY, 0, Span(540, 1020), always) == ("p1", "p2")
    assert not overlaps(MORNING, AFTERNOON)


def test_a_station_keeps_a_roster_where_somebody_is_on_it_or_a_day_was_said_to_have_nobody() -> None:
    week = (shifts_of([(480, 690, ["p1"])]), *NO_SHIFTS[1:])
    plan = DutyPlan(((MONDAY, week), (MONDAY + timedelta(days=7), NO_SHIFTS)), {MONDAY + timedelta(days=9): ()})

    kept = [plan.is_kept(MONDAY + timedelta(days=n)) for n in (-1, 0, 6, 7, 9)]

    assert kept == [False, True, True, False, True]


@given(spans, days_shifts)
def test_parts_are_the_whole_period_in_order_and_nobody_serves_longer(
    minutes: tuple[int, int], shifts: DayShifts
) -> None:
    parts = parts_of(Span(*minutes), shifts)

    assert (parts[0].opens_min, parts[-1].closes_min) == minutes
    assert all(one.closes_min == after.opens_min for one, after in pairwise(parts))
    assert all(one.closes_min - one.opens_min <= LONGEST_MIN for one in parts)
    turns = {turn for shift in shifts for turn in (shift.span.opens_min, shift.span.closes_min)}
    assert len(parts) == 1 or all(one.closes_min - one.opens_min >= NEAR_MIN for one in parts)
    if minutes[1] - minutes[0] <= LONGEST_MIN:
        assert {one.closes_min for one in parts[:-1]} <= turns


@pytest.mark.parametrize(
    ("shifts", "parts"),
    [
        ([], [(0, 480), (480, 960), (960, 1440)]),
        ([(0, 1440)], [(0, 480), (480, 960), (960, 1440)]),
        ([(420, 900), (900, 1380)], [(0, 420), (420, 900), (900, 1380), (1380, 1440)]),
        ([(0, 720)], [(0, 720), (720, 1440)]),
        ([(30, 1410)], [(0, 480), (480, 960), (960, 1440)]),
    ],
    ids=["three", "one of all day", "as they are said", "two", "nearly all day"],
)
def test_round_the_clock_is_parted_into_shifts(shifts: list[tuple[int, int]], parts: list[tuple[int, int]]) -> None:
    said = shifts_of((*one, ["p1"]) for one in shifts)

    assert parts_of(Span(0, DAY_MINUTES), said) == tuple(Span(*part) for part in parts)


def test_what_lies_beyond_the_hours_is_told_and_a_break_at_noon_is_not() -> None:
    hours = (MORNING, AFTERNOON)

    assert beyond(Span(480, 1050), hours) == ()
    assert beyond(Span(500, 1080), hours) == ()
    assert beyond(Span(480, 1200), hours) == (Span(1050, 1200),)
    assert beyond(Span(360, 780), hours) == (Span(360, 480), Span(690, 780))
    assert beyond(Span(1140, 1260), hours) == (Span(1140, 1260),)
    assert beyond(MORNING, ()) == (MORNING,)
