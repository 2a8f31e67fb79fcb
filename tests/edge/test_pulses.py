"""What a station's hours mean for a kiosk's rounds: worked out once a phase, and right at every moment of it."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from edge.pulses import AFTER, BEFORE, phase_from
from station.hours import Calendar, Span

BEGINS_AT = datetime(2026, 3, 2, tzinfo=UTC)
WEEK_S = 7 * 86400
DAYS = st.sampled_from(
    [(), (Span(0, 1440),), (Span(480, 690), Span(870, 1050)), (Span(0, 30),), (Span(1380, 1440),), (Span(540, 541),)]
)
CALENDARS = st.builds(
    Calendar, st.tuples(*[DAYS] * 7), st.dictionaries(st.dates(date(2026, 3, 2), date(2026, 3, 9)), DAYS, max_size=3)
)
MOMENTS = st.integers(0, WEEK_S * 1000).map(lambda ms: BEGINS_AT + timedelta(milliseconds=ms))


def means(calendar, at):
    """What holds at that moment, asked of the calendar itself."""
    pulses = any(
        period.opens_at - BEFORE <= at <= period.closes_at + AFTER
        for period in calendar.stretches(at - AFTER, at + BEFORE)
    )
    return calendar.is_open(at), pulses


@given(calendar=CALENDARS, began_at=MOMENTS, share=st.floats(0, 1))
def test_a_phase_means_the_same_at_each_of_its_moments(calendar, began_at, share):
    phase = phase_from(began_at, calendar)

    at = began_at + share * (phase.until - datetime.resolution - began_at)

    assert phase.holds(at)
    assert (phase.is_open, phase.has_pulses) == means(calendar, at)


@given(calendar=CALENDARS, at=MOMENTS)
def test_phases_follow_each_other_over_a_week_at_every_edge(calendar, at):
    seen = 0
    until = at + timedelta(days=7)
    while at < until:
        phase = phase_from(at, calendar)
        last = phase.until - datetime.resolution
        assert (phase.is_open, phase.has_pulses) == means(calendar, at) == means(calendar, last)
        at, seen = phase.until, seen + 1

    assert 7 <= seen < 100
