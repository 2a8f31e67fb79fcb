"""However much there is to tell, and whenever: few calls, and nobody waits for long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.grouping import AT_ONCE, EVERY, REMEMBERED, free_at

START = datetime(2026, 3, 5, tzinfo=UTC)
WISHES = st.lists(st.integers(0, 12 * 3600), min_size=1, max_size=200)


def calls(wishes):
    """When a channel is called that wants to be at these seconds; what waits goes with the next."""
    called, waiting = [], False
    for second in sorted(wishes):
        wish = START + timedelta(seconds=second)
        free = free_at(called)
        if waiting and free <= wish:
            called.append(free)
            free, waiting = free_at(called), False
        if free is None or free <= wish:
            called.append(wish)
        else:
            waiting = True
    return called


def test_a_quiet_channel_is_called_at_once():
    assert free_at([]) is None
    assert free_at([START] * (AT_ONCE - 1)) <= START


def test_after_eight_calls_the_next_waits_ten_minutes():
    assert free_at([START] * AT_ONCE) == START + EVERY


@given(WISHES)
def test_no_ten_minutes_have_more_than_ten_calls_and_on_average_there_is_one(wishes):
    called = calls(wishes)

    for first, at in enumerate(called):
        assert sum(at <= other <= at + EVERY for other in called[first:]) <= 10
    assert len(called) <= AT_ONCE + (called[-1] - called[0]) / EVERY


@given(WISHES)
def test_nobody_waits_for_more_than_ten_minutes(wishes):
    called = calls(wishes)

    assert free_at(called) <= called[-1] + EVERY


@given(WISHES)
def test_calls_that_are_long_past_hold_nothing_up(wishes):
    called = calls(wishes)
    late = [at for at in called if at > called[-1] - REMEMBERED]

    assert max(free_at(late), called[-1]) == max(free_at(called), called[-1])
