"""When a kiosk watched: pulses six minutes apart at most, readers up, short restarts bridged."""

from hypothesis import example, given
from hypothesis import strategies as st

from station.watching import BRIDGE_MS, RunWatch

MINUTE = 60_000
APART_MS = 6 * MINUTE  # as the rules say it; not taken from what is tried here


def begun() -> RunWatch:
    """A run with `started` and one reader up, of long ago."""
    run = RunWatch()
    run.take(1, 0)
    run.take(2, 0)
    run.reader_is("door", "up")
    return run


def spans(run: RunWatch) -> list[tuple[int, int]]:
    return [(stretch.since_ms, stretch.until_ms) for stretch in run.stretches]


def test_pulses_that_follow_each_other_are_one_stretch() -> None:
    run = begun()

    for seq in range(3, 7):
        run.take(seq, (seq - 2) * 5 * MINUTE)

    assert spans(run) == [(0, 20 * MINUTE)]


def test_more_than_six_minutes_without_a_record_were_not_watched() -> None:
    run = begun()

    run.take(3, APART_MS)
    run.take(4, 2 * APART_MS + 1)
    run.take(5, 2 * APART_MS + MINUTE)

    assert spans(run) == [(0, APART_MS), (2 * APART_MS + 1, 2 * APART_MS + MINUTE)]


def test_a_run_watched_as_long_as_it_was_alive_but_no_longer_than_six_minutes_after_its_last_record() -> None:
    long_after = APART_MS + BRIDGE_MS + 1

    run = begun()
    run.take(3, MINUTE)

    assert run.until_next(MINUTE + long_after, MINUTE + APART_MS) == MINUTE + APART_MS
    assert run.until_next(MINUTE + long_after + 1, MINUTE + APART_MS + 1) == MINUTE


def test_a_missing_record_breaks_the_stretch() -> None:
    run = begun()

    run.take(4, MINUTE)
    run.take(5, 2 * MINUTE)

    assert spans(run) == [(MINUTE, 2 * MINUTE)]


def test_a_blind_reader_does_not_watch_until_it_is_up_again() -> None:
    run = begun()

    run.take(3, MINUTE)
    run.reader_is("door", "blind")
    run.take(4, 3 * MINUTE)
    run.reader_is("door", "up")
    run.take(5, 4 * MINUTE)

    assert spans(run) == [(0, MINUTE), (3 * MINUTE, 4 * MINUTE)]


def test_before_a_reader_was_stated_nobody_watched() -> None:
    run = RunWatch()

    run.take(1, 0)
    run.take(2, MINUTE)

    assert spans(run) == []


def test_a_short_restart_is_bridged_and_a_long_one_is_not() -> None:
    short, long = (begun().until_next(2 * MINUTE + pause_ms, 2 * MINUTE) for pause_ms in (BRIDGE_MS, BRIDGE_MS + 1))

    assert (short, long) == (2 * MINUTE + BRIDGE_MS, 2 * MINUTE)


def test_a_record_that_cannot_be_read_ends_watching_and_the_next_begins_it_anew() -> None:
    run = begun()
    run.take(3, MINUTE)

    run.pass_over(4)
    was_watching = run.is_watching
    run.take(5, 2 * MINUTE)
    run.take(6, 3 * MINUTE)

    assert not was_watching
    assert spans(run) == [(0, MINUTE), (2 * MINUTE, 3 * MINUTE)]


def test_a_run_whose_last_record_cannot_be_read_did_not_watch_until_it_ended() -> None:
    run = begun()
    run.take(3, MINUTE)
    run.pass_over(4)

    assert run.until_next(3 * MINUTE, 2 * MINUTE) == MINUTE


STEPS = st.tuples(st.sampled_from([1, 1, 1, 2, 0]), st.one_of(st.integers(0, APART_MS), st.integers(-MINUTE, 10**7)))


@given(st.lists(STEPS, min_size=1, max_size=40))
@example([(1, APART_MS), (1, APART_MS + 1), (1, MINUTE)])
def test_just_what_lies_between_two_records_that_follow_each_other_soon_was_watched(steps) -> None:
    run, seq, at_ms = begun(), 2, 0
    wanted: list[tuple[int, int]] = []
    for more, later_ms in steps:
        if more == 1 and 0 <= later_ms <= APART_MS:
            wanted.append((at_ms, at_ms + later_ms))
        run.take(seq + more, at_ms + later_ms)
        if more:  # else it is a record that was taken already
            seq, at_ms = seq + more, at_ms + later_ms

    assert spans(run) == united(wanted)


def united(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that touch as one."""
    found: list[tuple[int, int]] = []
    for since_ms, until_ms in stretches:
        if found and found[-1][1] == since_ms:
            found[-1] = found[-1][0], until_ms
        else:
            found.append((since_ms, until_ms))
    return found
