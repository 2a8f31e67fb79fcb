"""A station's day in figures: classes add up, the five-hour verdict, gaps with their evidence; order changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.accounting import (
    DayAccount,
    DayVerdict,
    ServedStint,
    common,
    day_account,
    judged,
    length,
    tapped_at,
    united,
)
from station.coverage import Interval, coverage
from station.duty import DutyClass
from station.names import KioskId
from station.records import Action
from station.stints import Stint, stint_at
from tests.station.days import DAY, HALL, RULES, at, course, minutes

DOOR, GATE = KioskId("door"), KioskId("gate")
TOMORROW = DAY + timedelta(days=1)
WHOLE = Interval(at("00:00"), at("00:00", TOMORROW))
HOUR = timedelta(hours=1)
END = at("23:59", TOMORROW)


def day_of(
    *stints: Stint, watched: dict[KioskId, list[tuple[datetime, datetime]]] | None = None,
    supplements: tuple[Stint, ...] = (), now: datetime = END,
) -> DayAccount:  # fmt: skip
    """The hall's day (08:00-11:30, 14:30-17:30), watched by one kiosk unless said otherwise."""
    rules = RULES[HALL]
    seen = {DOOR: [tuple(WHOLE)]} if watched is None else watched
    ended = [stint_at(one, now, rules) for one in stints]
    found = coverage(rules.calendar.periods_on(DAY), stints, rules, WHOLE, seen, now=now)
    served = [ServedStint(one) for one in ended] + [ServedStint(one, is_supplement=True) for one in supplements]
    return day_account(found, served, [tap for one in ended for tap in tapped_at(one)], now, is_over=now >= WHOLE.until)


def stints(*taps: tuple[str, Action]) -> tuple[Stint, ...]:
    return course(*taps).stints_at(END)


ALL_DAY = (("08:00", Action.ARRIVE), ("11:30", Action.LEAVE), ("14:30", Action.ARRIVE), ("17:30", Action.LEAVE))


def test_a_day_that_is_covered_is_kept() -> None:
    found = day_of(*stints(*ALL_DAY))

    assert (found.verdict, found.opened, found.union, found.person) == (
        DayVerdict.KEPT,
        6.5 * HOUR,
        6.5 * HOUR,
        6.5 * HOUR,
    )
    assert found.lasting[DutyClass.MINIMUM] == 6.5 * HOUR
    assert found.gaps == ()


def test_two_people_are_one_union_and_twice_the_person_hours() -> None:
    found = day_of(*stints(*ALL_DAY), *stints(*ALL_DAY))

    assert (found.union, found.person, found.lasting[DutyClass.MET]) == (6.5 * HOUR, 13 * HOUR, 6.5 * HOUR)


def test_a_gap_names_the_taps_about_it_and_which_kiosks_watched() -> None:
    taps = (("08:00", Action.ARRIVE), ("09:00", Action.LEAVE), ("10:00", Action.ARRIVE), ("11:30", Action.LEAVE))
    found = day_of(*stints(*taps), watched={DOOR: [tuple(WHOLE)], GATE: [(at("09:30"), at("12:00"))]})

    [gap, afternoon] = found.gaps
    assert (gap.duty_class, gap.began_at, gap.ended_at, gap.before, gap.after) == (
        DutyClass.VACANT, at("09:00"), at("10:00"), at("09:00"), at("10:00"),
    )  # fmt: skip
    assert gap.watched == {DOOR: HOUR, GATE: HOUR / 2}
    assert (afternoon.before, afternoon.after) == (at("11:30"), None)
    assert (found.verdict, found.short_by) == (DayVerdict.SHORT, 2.5 * HOUR)
    assert found.partial == HOUR / 2 + 3 * HOUR


def test_an_absence_within_the_budget_is_recorded_time_where_they_came_back_and_not_where_they_did_not() -> None:
    out = ("09:00", Action.LEAVE), ("09:01", Action.STEP_OUT)
    back = day_of(*stints(("08:00", Action.ARRIVE), *out, ("09:10", Action.RETURN), ("11:30", Action.LEAVE)))
    gone = day_of(*stints(("08:00", Action.ARRIVE), *out))

    assert back.union == 3.5 * HOUR
    assert gone.union == HOUR


def test_who_forgot_to_leave_is_there_by_assumption_while_somebody_watched_and_else_is_unknown() -> None:
    watched = day_of(*stints(("08:00", Action.ARRIVE)))
    blind = day_of(*stints(("08:00", Action.ARRIVE)), watched={DOOR: []})

    assert (watched.union, watched.assumed) == (3.5 * HOUR, 3.5 * HOUR)
    assert (blind.union, blind.lasting[DutyClass.UNKNOWN], blind.verdict) == (
        timedelta(0),
        6.5 * HOUR,
        DayVerdict.UNPROVEN,
    )


def test_what_was_entered_afterwards_supplements_the_day_and_is_told_apart() -> None:
    morning = stints(("08:00", Action.ARRIVE), ("11:30", Action.LEAVE))
    afternoon = stints(("14:30", Action.ARRIVE), ("17:30", Action.LEAVE))

    found = day_of(*morning, supplements=afternoon)

    assert (found.verdict, found.union, found.supplemented) == (DayVerdict.SUPPLEMENTED, 3.5 * HOUR, 6.5 * HOUR)
    assert found.lasting[DutyClass.VACANT] == 3 * HOUR


@pytest.mark.parametrize(
    ("opened", "union", "supplemented", "unknown", "is_over", "verdict", "short"),
    [
        (5, 5, 5, 0, True, DayVerdict.KEPT, 0),
        (5, 4.9, 4.9, 0, True, DayVerdict.KEPT, 0),  # a bank, six minutes late
        (5, 4.8, 4.8, 0, True, DayVerdict.SHORT, 0.2),
        (3, 2.9, 2.9, 0, True, DayVerdict.KEPT, 0),  # open for three hours that day
        (6.5, 3, 3, 2, True, DayVerdict.UNPROVEN, 2),
        (6.5, 3, 5, 0, True, DayVerdict.SUPPLEMENTED, 0),
        (0, 0, 0, 0, True, DayVerdict.CLOSED, 0),
        (2, 2, 2, 0, False, DayVerdict.RUNNING, 0),  # open again in the afternoon
        (5.5, 5, 5, 0, False, DayVerdict.KEPT, 0),
    ],
)
def test_the_five_hour_verdict(
    opened: float,
    union: float,
    supplemented: float,
    unknown: float,
    *,
    is_over: bool,
    verdict: DayVerdict,
    short: float,
) -> None:
    figures = (opened * HOUR, union * HOUR, supplemented * HOUR, unknown * HOUR)

    found, short_by = judged(*figures, is_over=is_over)

    assert (found, round(short_by / HOUR, 6)) == (verdict, short)


MOMENTS = st.integers(7 * 60, 18 * 60).map(lambda n: at("00:00") + minutes(n))
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda pair: tuple(sorted(pair))), max_size=4)
TAPS = st.lists(
    st.tuples(st.integers(7 * 60, 18 * 60), st.sampled_from([Action.ARRIVE, Action.LEAVE, Action.RETURN])),
    max_size=8, unique_by=lambda tap: tap[0],
)  # fmt: skip


@given(st.lists(TAPS, max_size=3), SPANS, SPANS, st.randoms())
def test_classes_add_up_to_opening_time_and_order_changes_nothing(
    people: list[list[tuple[int, Action]]], door: list, gate: list, random
) -> None:  # type: ignore[no-untyped-def]
    folded = [
        one for taps in people
        for one in stints(*((f"{n // 60:02}:{n % 60:02}", action) for n, action in sorted(taps)))
    ]  # fmt: skip
    watched = {DOOR: door, GATE: gate}

    found = day_of(*folded, watched=watched)

    open_classes = [lasted for each, lasted in found.lasting.items() if each is not DutyClass.CLOSED]
    assert sum(open_classes, timedelta(0)) == found.opened == 6.5 * HOUR
    covered = found.lasting[DutyClass.MET] + found.lasting[DutyClass.MINIMUM]
    assert found.assumed <= covered <= found.union <= found.opened
    assert found.union <= found.person or found.person == timedelta(0) == found.union
    shuffled = list(folded)
    random.shuffle(shuffled)
    assert day_of(*shuffled, *shuffled[:0], watched=watched) == found


@given(SPANS, SPANS)
def test_what_two_have_in_common_is_what_an_eye_sees_minute_by_minute(some: list, others: list) -> None:  # type: ignore[type-arg]
    one, other = (united(Interval(*span) for span in spans) for spans in (some, others))
    moments = [at("00:00") + minutes(n) for n in range(7 * 60, 18 * 60)]

    both = sum(any(i.holds(m) for i in one) and any(i.holds(m) for i in other) for m in moments)

    assert length(common(one, other)) == both * minutes(1)
