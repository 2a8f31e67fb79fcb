"""Corrected times: 1970, an hour off, drift, stepping back, and a boot that was never synced."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given

from station.names import Epoch
from station.records import ClockState
from station.truetime import ALONE_MS, EXACT_MS, TRUSTED_MS, Mark, Placed, Stamp, place, true_times
from tests.station.kiosk_life import Made, lives

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


def test_so_far_from_the_only_sync_that_drift_may_show_a_time_is_estimated_within_bounds() -> None:
    stamps = [
        Stamp(ONE, after(0), UNSET, "boot", mono(0)),
        Stamp(ONE, after(12 * 60), SYNCED, "boot", mono(12 * 60), is_sync=True),
    ]

    far = true_times(stamps)[0]

    assert (far.at, far.clock) == (after(0), ESTIMATED)
    assert far.earliest is not None
    assert timedelta(seconds=4) < far.at - far.earliest < timedelta(seconds=4.5)


def test_a_clock_that_was_never_set_is_put_as_late_as_its_receipt_allows() -> None:
    stamps = [
        Stamp(ONE, EPOCH_START, UNSET, "boot", mono(0), received_at=after(31)),
        Stamp(ONE, EPOCH_START + timedelta(minutes=30), UNSET, "boot", mono(30), received_at=after(31)),
    ]

    found = true_times(stamps)

    assert [(true.at, true.clock, true.latest) for true in found] == [
        (after(1), UNSET, after(31)),
        (after(31), UNSET, after(31)),
    ]


def test_two_boots_that_were_never_set_follow_each_other() -> None:
    stamps = [
        Stamp(TWO, EPOCH_START + timedelta(minutes=9), UNSET, "a", mono(9), received_at=after(31)),
        Stamp(ONE, EPOCH_START, UNSET, "b", mono(0), received_at=after(31)),
        Stamp(ONE, EPOCH_START + timedelta(minutes=5), UNSET, "b", mono(5), received_at=after(31)),
    ]

    first, second, third = (true.at for true in true_times(stamps))

    assert first < second < third == after(31)


def test_a_clock_ahead_of_its_receipt_is_not_believed() -> None:
    stamps = [
        Stamp(ONE, after(0), SYNCED, "boot", mono(0), received_at=after(0)),
        Stamp(ONE, after(500), SYNCED, "boot", mono(5), received_at=after(6)),
    ]

    assert [(true.at, true.clock) for true in true_times(stamps)] == [(after(0), SYNCED), (after(5), ESTIMATED)]


def placed(made: list[Made], received_ms: int | None = None) -> list[Placed]:
    return place([Mark(one.epoch, *one[3:8], received_ms=received_ms) for one in made])


@given(lives())
def test_every_record_ends_near_its_true_time_or_within_bounds_that_contain_it(made: list[Made]) -> None:
    found = placed(made, received_ms=made[-1].true_ms + 1000)

    for one, true in zip(made, found, strict=True):
        if true.clock is SYNCED:
            assert abs(true.at_ms - one.true_ms) <= EXACT_MS
        else:
            assert true.earliest_ms is None or true.earliest_ms <= one.true_ms + EXACT_MS
            assert true.latest_ms is not None
            assert one.true_ms <= true.latest_ms + EXACT_MS


@given(lives())
def test_so_soon_before_a_sync_that_drift_cannot_show_the_time_is_known(made: list[Made]) -> None:
    found = placed(made)

    for one, true in zip(made, found, strict=True):
        is_near = any(
            other.boot == one.boot and other.is_sync and 0 <= other.mono_ms - one.mono_ms <= ALONE_MS for other in made
        )
        assert not is_near or true.clock is SYNCED


@given(lives())
def test_a_kiosk_that_lost_trust_in_its_clock_is_off_by_no_more_than_drift(made: list[Made]) -> None:
    found = placed(made)

    for index, (one, true) in enumerate(zip(made, found, strict=True)):
        trusted = [other for other in made[:index] if other.boot == one.boot and other.clock is SYNCED]
        if trusted and one.mono_ms - trusted[0].mono_ms <= TRUSTED_MS:
            assert abs(true.at_ms - one.true_ms) <= EXACT_MS


@given(lives())
def test_times_never_fall_within_a_run(made: list[Made]) -> None:
    found = placed(made)

    pairs = pairwise(zip(made, found, strict=True))
    assert all(true.at_ms <= then.at_ms for (one, true), (other, then) in pairs if one.epoch == other.epoch)
