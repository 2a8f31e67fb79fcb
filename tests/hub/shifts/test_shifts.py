"""The duty roster as a rule: who is expected in an opening period, whatever was entered."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.register.shifts import (
    NO_SHIFTS,
    DutyPlan,
    overlaps,
    read_shift_week,
    read_shifts,
    shifts_of,
    spell_shift_week,
    spell_shifts,
)
from station.hours import DAY_MINUTES, WEEK, Span
from station.names import PersonId

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
    found = plan.expected(day, Span(*minutes), always)

    _, shifts = plan.on(day)
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
    since, shifts = plan.on(day)

    assert since <= day
    if day in plan.days:
        assert (since, shifts) == (day, plan.days[day])
    else:
        begun = [(first, week) for first, week in plan.weeks if first <= day]
        assert shifts == (begun[-1][1][day.weekday()] if begun else ())


@given(plans, days, people)
def test_who_does_not_belong_is_never_expected(plan: DutyPlan, day: date, gone: PersonId) -> None:
    found = plan.expected(day, Span(0, DAY_MINUTES), lambda person, _since, _day: person != gone)

    assert gone not in found
    assert {*found} == {*plan.expected(day, Span(0, DAY_MINUTES), always)} - {gone}


def test_hours_that_move_a_little_take_nobody_off_and_touching_ones_do_not_meet() -> None:
    week = (shifts_of([(480, 690, ["p1"]), (870, 1050, ["p2"])]), *NO_SHIFTS[1:])
    plan = DutyPlan(((MONDAY, week),))

    assert plan.expected(MONDAY, Span(510, 720), always) == ("p1",)
    assert plan.expected(MONDAY, Span(690, 870), always) == ()
    assert plan.expected(MONDAY, Span(540, 1020), always) == ("p1", "p2")
    assert not overlaps(MORNING, AFTERNOON)


def test_a_station_keeps_a_roster_where_somebody_is_on_it_or_a_day_was_said_to_have_nobody() -> None:
    week = (shifts_of([(480, 690, ["p1"])]), *NO_SHIFTS[1:])
    plan = DutyPlan(((MONDAY, week), (MONDAY + timedelta(days=7), NO_SHIFTS)), {MONDAY + timedelta(days=9): ()})

    kept = [plan.is_kept(MONDAY + timedelta(days=n)) for n in (-1, 0, 6, 7, 9)]

    assert kept == [False, True, True, False, True]
