"""Corrected times: 1970, an hour off, drift, stepping back, and a boot that was never synced."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.names import Epoch
from station.records import ClockState
from station.truetime import Stamp, true_times

ONE, TWO = Epoch("1" * 16), Epoch("2" * 16)
TRUE = datetime(2026, 3, 5, 8, tzinfo=UTC)
EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
SYNCED, ESTIMATED, UNSET = ClockState.SYNCED, ClockState.ESTIMATED, ClockState.UNSET


def after(minutes: float) -> datetime:
    return TRUE + timedelta(minutes=minutes)


def mono(minutes: float) -> int:
    return int(minutes * 60_000)


def test_a_tap_in_1970_gets_its_true_time_when_the_clock_is_set_later() -> None:
    stamps = [
        Stamp(ONE, EPOCH_START, UNSET, "boot", mono(0)),
        Stamp(ONE, EPOCH_START + timedelta(minutes=10), UNSET, "boot", mono(10)),
        Stamp(ONE, after(30), SYNCED, "boot", mono(30), is_sync=True),
    ]

    found = true_times(stamps)

    assert [true.at for true in found] == [after(0), after(10), after(30)]
    assert not any(true.uncertain for true in found)


def test_drift_between_two_syncs_is_shared_out() -> None:
    stamps = [
        Stamp(ONE, after(0), SYNCED, "boot", mono(0)),
        Stamp(ONE, after(100), ESTIMATED, "boot", mono(100)),
        Stamp(ONE, after(202), SYNCED, "boot", mono(200), is_sync=True),
    ]

    assert true_times(stamps)[1].at == after(101)


def test_a_boot_that_was_never_synced_is_bounded_by_its_neighbours_and_stays_unset() -> None:
    stamps = [
        Stamp(ONE, after(0), SYNCED, "a", mono(5)),
        Stamp(TWO, EPOCH_START, UNSET, "b", mono(0)),
        Stamp(Epoch("3" * 16), after(60), SYNCED, "c", mono(1)),
    ]

    lost = true_times(stamps)[1]

    assert (lost.clock, lost.earliest, lost.latest) == (UNSET, after(0), after(60))
    assert after(0) <= lost.at <= after(60)


def test_more_than_a_day_from_any_sync_is_estimated() -> None:
    stamps = [
        Stamp(ONE, after(0), SYNCED, "boot", mono(0)),
        Stamp(ONE, after(1500), ESTIMATED, "boot", mono(1500)),
    ]

    assert [true.clock for true in true_times(stamps)] == [SYNCED, ESTIMATED]


def test_a_clock_stepped_back_never_turns_the_order_of_one_epoch_round() -> None:
    stamps = [
        Stamp(ONE, after(60), SYNCED, "boot", mono(60)),
        Stamp(ONE, after(1), SYNCED, "boot", mono(61)),
    ]

    assert [true.at for true in true_times(stamps)] == [after(60), after(60)]


@given(
    st.lists(st.tuples(st.floats(0, 23 * 60), st.booleans()), min_size=1, max_size=20),
    st.integers(-50, 50),
    st.integers(-86_400 * 365 * 50, 86_400),
)
def test_with_a_sync_in_the_same_boot_every_tap_ends_near_its_true_time(taps, drift_ppm, wrong_by_s) -> None:
    """The oscillator is off by up to 50 ppm and the wall clock by anything until the sync at the end."""
    ordered = sorted(taps)

    def counted(minutes: float) -> int:
        return int(mono(minutes) * (1 + drift_ppm / 1e6))

    stamps = [
        Stamp(ONE, after(minutes) + timedelta(seconds=wrong_by_s), UNSET, "boot", counted(minutes))
        for minutes, _ in ordered
    ]
    stamps.append(Stamp(ONE, after(23 * 60), SYNCED, "boot", counted(23 * 60), is_sync=True))

    found = true_times(stamps)

    for (minutes, _), true in zip(ordered, found[:-1], strict=True):
        assert abs(true.at - after(minutes)) <= timedelta(seconds=2 if abs(drift_ppm) <= 20 else 4.5)
        assert not true.uncertain
