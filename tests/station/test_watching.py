"""When a kiosk watched: pulses six minutes apart at most, readers up, short restarts bridged."""

from hypothesis import given
from hypothesis import strategies as st

from station.names import Epoch
from station.watching import BRIDGE_MS, KioskWatch, RunWatch, Stretch

ONE, TWO = Epoch("1" * 16), Epoch("2" * 16)
MINUTE = 60_000
APART_MS = 6 * MINUTE  # as the rules say it; not taken from what is tried here


def begun(at_ms: int = 0, kiosk: KioskWatch | None = None, epoch: Epoch = ONE) -> RunWatch:
    """A run with `started` and one reader up."""
    run = (kiosk or KioskWatch()).run(epoch)
    run.take(1, at_ms)
    run.take(2, at_ms)
    run.reader_is("door", "up")
    return run


def spans(run: RunWatch) -> list[tuple[int, int]]:
    return spans_of(run.stretches)


def spans_of(stretches: list[Stretch]) -> list[tuple[int, int]]:
    return [(stretch.since_ms, stretch.until_ms) for stretch in stretches]


def test_pulses_that_follow_each_other_are_one_stretch() -> None:
    run = begun()

    for seq in range(3, 7):
        run.take(seq, (seq - 2) * 5 * MINUTE)

    assert spans(run) == [(0, 20 * MINUTE)]


def test_what_a_hub_remembers_of_all_readers_ends_where_one_says_how_it_is() -> None:
    run = RunWatch()
    run.reader_is("", "down")  # as the kiosk last told; what its readers said before is not read again

    run.take(7, 0)
    run.reader_is("door", "up")
    run.take(8, 5 * MINUTE)

    assert spans(run) == [(0, 5 * MINUTE)]


def test_more_than_six_minutes_without_a_record_were_not_watched() -> None:
    run = begun()

    run.take(3, APART_MS)
    run.take(4, 2 * APART_MS + 1)
    run.take(5, 2 * APART_MS + MINUTE)

    assert spans(run) == [(0, APART_MS), (2 * APART_MS + 1, 2 * APART_MS + MINUTE)]


def test_what_a_hub_knows_of_a_run_only_by_its_last_records_is_proved_no_longer_than_six_minutes() -> None:
    kiosk = KioskWatch()
    run = begun(0, kiosk)

    run.ended(APART_MS + 1)
    too_late = spans(run), spans_of(kiosk.stretches(APART_MS + 1, is_heard=True))
    in_time = spans_of(kiosk.stretches(APART_MS, is_heard=True))
    run.ended(APART_MS)

    assert too_late == ([], [])
    assert in_time == spans(run) == [(0, APART_MS)]


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
    for pause_ms, bridges in ((BRIDGE_MS, 1), (BRIDGE_MS + 1, 0)):
        kiosk = KioskWatch()
        begun(0, kiosk).take(3, MINUTE)

        kiosk.started(2 * MINUTE + pause_ms, ONE, 2 * MINUTE)

        assert spans(kiosk.run(ONE)) == [(0, 2 * MINUTE)]
        assert len(kiosk.bridges) == bridges


def test_a_record_that_cannot_be_read_ends_watching_and_the_next_begins_it_anew() -> None:
    kiosk = KioskWatch()
    run = begun(0, kiosk)
    run.take(3, MINUTE)

    run.pass_over(4)
    torn = run.is_watching, spans_of(kiosk.stretches(3 * MINUTE, is_heard=True))
    run.take(5, 2 * MINUTE)
    run.take(6, 3 * MINUTE)

    assert torn == (False, [(0, MINUTE)])
    assert spans(run) == [(0, MINUTE), (2 * MINUTE, 3 * MINUTE)]


def test_a_run_whose_last_record_cannot_be_read_did_not_watch_until_it_ended() -> None:
    kiosk = KioskWatch()
    run = begun(0, kiosk)
    run.take(3, MINUTE)
    run.pass_over(4)

    kiosk.started(3 * MINUTE, ONE, 2 * MINUTE)

    assert (spans(run), kiosk.bridges) == ([(0, MINUTE)], [])


def test_after_the_last_record_only_a_kiosk_that_is_heard_watches() -> None:
    kiosk = KioskWatch()
    begun(0, kiosk).take(3, MINUTE)

    heard = kiosk.stretches(3 * MINUTE, is_heard=True)
    unheard = kiosk.stretches(3 * MINUTE, is_heard=False)

    assert [(s.since_ms, s.until_ms) for s in heard] == [(0, MINUTE), (MINUTE, 3 * MINUTE)]
    assert [(s.since_ms, s.until_ms) for s in unheard] == [(0, MINUTE)]


def test_runs_of_yesterday_are_forgotten() -> None:
    kiosk = KioskWatch()
    begun(0, kiosk)
    begun(10 * MINUTE, kiosk, TWO)

    kiosk.forget_before(5 * MINUTE)

    assert list(kiosk.runs) == [TWO]


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 10**7)), max_size=40))
def test_stretches_are_in_order_and_never_longer_than_the_records_allow(records) -> None:
    run = begun()

    for seq, at_ms in records:
        run.take(seq, at_ms)

    for stretch in run.stretches:
        assert stretch.since_ms <= stretch.until_ms
