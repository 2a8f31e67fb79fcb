"""Terms in time: every day by what held on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.register.days_ahead import changed_days
from hub.register.spelling import (
    EVER_SINCE,
    first_change,
    read_limits,
    read_spans,
    read_week,
    spell_limits,
    spell_spans,
    spell_terms,
    spell_week,
)
from hub.register.terms import DAYS_TOLD, Clause, StationTerms, Week
from station.duty import DutyRule, Limits, Terms
from station.hours import SHANGHAI, Span, Spans

FIRST = date(2026, 1, 1)
SPANS = st.sampled_from([(), (Span(480, 690),), (Span(480, 690), Span(870, 1050)), (Span(0, 1440),)])
WEEKS = st.tuples(*[SPANS] * 7)
DAYS = st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n))
TERMS = st.builds(
    Terms,
    st.sampled_from([DutyRule(), DutyRule(2, 3)]),
    st.sampled_from([Limits(), Limits(grace=timedelta(minutes=10))]),
)
CLAUSES = st.lists(st.builds(Clause, DAYS, WEEKS, TERMS), min_size=1, max_size=4, unique_by=lambda c: c.since)


@st.composite
def station_terms(draw: st.DrawFn) -> StationTerms:
    opened, closed = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if opened and closed and closed <= opened:
        closed = None
    special = draw(st.dictionaries(DAYS, SPANS, max_size=3))
    clauses = sorted(draw(CLAUSES), key=lambda clause: clause.since)
    return StationTerms(tuple(clauses), tuple(sorted(special.items())), opened, closed)


def held_on(terms: StationTerms, day: date) -> tuple[Spans, Terms]:
    """What held on a day, as a person would read it off the rows."""
    clause = terms.clauses[0]
    for other in terms.clauses:
        if other.since <= day:
            clause = other
    if (terms.opened_on and day < terms.opened_on) or (terms.closed_on and day >= terms.closed_on):
        return (), clause.terms
    return dict(terms.special).get(day, clause.week[day.weekday()]), clause.terms


def _days(since: date, count: int) -> list[date]:
    return [since + timedelta(days=n) for n in range(count)]


@given(terms=station_terms(), start=st.integers(-30, 250), length=st.integers(1, 120))
def test_rules_say_of_each_day_what_held_on_it(terms: StationTerms, start: int, length: int) -> None:
    since = FIRST + timedelta(days=start)

    rules = terms.rules(SHANGHAI, since=since, until=since + timedelta(days=length))

    for day in _days(since, length + 1):
        spans, on_the_day = held_on(terms, day)
        assert rules.calendar.days.get(day, rules.calendar.weekly[day.weekday()]) == spans
        assert rules.terms_on(day) == on_the_day


@given(terms=station_terms(), start=st.integers(-30, 250))
def test_a_kiosk_knows_each_of_the_next_ninety_days(terms: StationTerms, start: int) -> None:
    today = FIRST + timedelta(days=start)

    duty = terms.duty("例", SHANGHAI, today=today, version=1)

    for day in _days(today - timedelta(days=1), DAYS_TOLD + 1):
        assert duty.days.get(day, duty.weekly[day.weekday()]) == held_on(terms, day)[0]


@given(week=WEEKS, terms=TERMS)
def test_what_a_column_holds_is_read_as_it_was_spelled(week: Week, terms: Terms) -> None:
    assert read_week(spell_week(week)) == week
    assert [read_spans(spell_spans(spans)) for spans in week] == list(week)
    assert read_limits(spell_limits(terms.limits)) == terms.limits


@given(before=station_terms(), after=station_terms(), day=st.integers(-30, 260))
def test_before_the_first_change_two_texts_judge_alike(before: StationTerms, after: StationTerms, day: int) -> None:
    changes = first_change(spell_terms(before), spell_terms(after))
    of_the_day = FIRST + timedelta(days=day)

    if of_the_day < changes:
        assert held_on(before, of_the_day)[0] == held_on(after, of_the_day)[0]
        if held_on(before, of_the_day)[1] != held_on(after, of_the_day)[1]:
            assert not before.is_in_service(of_the_day)


@given(before=station_terms(), after=station_terms(), special=st.dictionaries(DAYS, SPANS, max_size=3))
def test_the_days_that_change_are_those_on_which_something_else_holds(
    before: StationTerms, after: StationTerms, special: dict[date, Spans]
) -> None:
    last = FIRST + timedelta(days=260)

    for other in (after, replace(before, special=tuple(sorted(special.items())))):
        changed = [*changed_days(before, other, FIRST, last)]
        # the clause of a day out of service judges nothing, but what holds on it is said all the same
        assert changed == [day for day in _days(FIRST, 261) if held_on(before, day) != held_on(other, day)]


def test_terms_from_a_day_on_change_nothing_before_it() -> None:
    week = ((Span(480, 690),),) * 7
    clauses = (Clause(FIRST, week), Clause(date(2026, 3, 1), week, Terms(DutyRule(2, 2))))
    before, after = StationTerms(clauses[:1]), StationTerms(clauses)

    assert first_change(spell_terms(before), spell_terms(after)) == date(2026, 3, 1)
    assert first_change(spell_terms(after), spell_terms(after)) == date.max
    assert first_change("", spell_terms(after)) == EVER_SINCE
