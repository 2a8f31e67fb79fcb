"""Corrected times: 1970, an hour off, drift, stepping back, and a boot that was never synced."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given

from station.names import Epoch
from station.records import ClockState
from station.truetime import ALONE_MS, EXACT_MS, TRUSTED_MS, Placed, TimeMark, place
from tests.station.kiosk_life import Made, lives

ONE, TWO, THREE = Epoch("1" * 16), Epoch("2" * 16), Epoch("3" * 16)
TRUE_MS = int(datetime(2026, 3, 5, 8, tzinfo=UTC).timestamp() * 1000)
SYNCED, ESTIMATED, UNSET = ClockState.SYNCED, ClockState.ESTIMATED, ClockState.UNSET


def after(minutes: float) -> int:
    return TRUE_MS + mono(minutes)


def mono(minutes: float) -> int:
    return int(minutes * 60_000)


def test_a_tap_in_1970_gets_its_true_time_when_the_clock_is_set_later() -> None:
    marks = [
        TimeMark(ONE, 0, UNSET, "boot", mono(0)),
        TimeMark(ONE, mono(10), UNSET, "boot", mono(10)),
        TimeMark(ONE, after(30), SYNCED, "boot", mono(30), is_sync=True),
    ]

    found = place(marks)

    assert [true.at_ms for true in found] == [after(0), after(10), after(30)]
    assert all(true.clock is SYNCED for true in found)


def test_drift_between_two_syncs_is_shared_out() -> None:
    marks = [
        TimeMark(ONE, after(0), SYNCED, "boot", mono(0)),
        TimeMark(ONE, after(100), ESTIMATED, "boot", mono(100)),
        TimeMark(ONE, after(202), SYNCED, "boot", mono(200), is_sync=True),
    ]

    assert place(marks)[1].at_ms == after(101)


def test_a_boot_that_was_never_synced_is_bounded_by_its_neighbours_and_stays_unset() -> None:
    marks = [
        TimeMark(ONE, after(0), SYNCED, "a", mono(5)),
        TimeMark(TWO, 0, UNSET, "b", mono(0)),
        TimeMark(THREE, after(60), SYNCED, "c", mono(1)),
    ]

    lost = place(marks)[1]

    assert (lost.clock, lost.earliest_ms, lost.latest_ms) == (UNSET, after(0), after(60))
    assert after(0) <= lost.at_ms <= after(60)


def test_more_than_a_day_from_any_sync_is_estimated() -> None:
    marks = [
        TimeMark(ONE, after(0), SYNCED, "boot", mono(0)),
        TimeMark(ONE, after(1500), ESTIMATED, "boot", mono(1500)),
    ]

    assert [true.clock for true in place(marks)] == [SYNCED, ESTIMATED]


def test_a_clock_stepped_back_never_turns_the_order_of_one_epoch_round() -> None:
    marks = [
        TimeMark(ONE, after(60), SYNCED, "boot", mono(60)),
        TimeMark(ONE, after(1), SYNCED, "boot", mono(61)),
    ]

    assert [true.at_ms for true in place(marks)] == [after(60), after(60)]


def test_so_far_from_the_only_sync_that_drift_may_show_a_time_is_estimated_within_bounds() -> None:
    marks = [
        TimeMark(ONE, after(0), UNSET, "boot", mono(0)),
        TimeMark(ONE, after(12 * 60), SYNCED, "boot", mono(12 * 60), is_sync=True),
    ]

    far = place(marks)[0]

    assert (far.at_ms, far.clock) == (after(0), ESTIMATED)
    assert far.earliest_ms is not None
    assert 4000 < far.at_ms - far.earliest_ms < 4500


def test_a_clock_that_was_never_set_is_put_as_late_as_its_receipt_allows() -> None:
    marks = [
        TimeMark(ONE, 0, UNSET, "boot", mono(0), received_ms=after(31)),
        TimeMark(ONE, mono(30), UNSET, "boot", mono(30), received_ms=after(31)),
    ]

    found = place(marks)

    assert [(true.at_ms, true.clock, true.latest_ms) for true in found] == [
        (after(1), UNSET, after(31)),
        (after(31), UNSET, after(31)),
    ]


def test_two_boots_that_were_never_set_follow_each_other() -> None:
    marks = [
        TimeMark(TWO, mono(9), UNSET, "a", mono(9), received_ms=after(31)),
        TimeMark(ONE, 0, UNSET, "b", mono(0), received_ms=after(31)),
        TimeMark(ONE, mono(5), UNSET, "b", mono(5), received_ms=after(31)),
    ]

    first, second, third = (true.at_ms for true in place(marks))

    assert first < second < third == after(31)


def test_a_clock_ahead_of_its_receipt_is_not_believed() -> None:
    marks = [
        TimeMark(ONE, after(0), SYNCED, "boot", mono(0), received_ms=after(0)),
        TimeMark(ONE, after(500), SYNCED, "boot", mono(5), received_ms=after(6)),
    ]

    assert [(true.at_ms, true.clock) for true in place(marks)] == [(after(0), SYNCED), (after(5), ESTIMATED)]


def test_on_a_line_that_was_up_a_boot_is_where_its_receipts_put_it() -> None:
    """A saved clock woke on Monday where it had stopped on Friday; nothing set it, and everything was sent at once."""
    friday, monday = after(10 * 60), after(3 * 24 * 60)
    marks = [
        TimeMark(ONE, friday, SYNCED, "a", mono(600), received_ms=friday),
        TimeMark(TWO, friday + mono(1), ESTIMATED, "b", mono(1), received_ms=monday + mono(1) + 200),
        TimeMark(TWO, friday + mono(6), ESTIMATED, "b", mono(6), received_ms=monday + mono(6) + 150),
        TimeMark(TWO, friday + mono(7), ESTIMATED, "b", mono(7), received_ms=monday + mono(7) + 900),
    ]

    found = place(marks)

    assert [true.at_ms for true in found[1:]] == [monday + mono(minutes) + 150 for minutes in (1, 6, 7)]
    assert {true.clock for true in found[1:]} == {UNSET}


def test_out_of_a_backlog_a_boot_is_where_its_clock_says_within_bounds() -> None:
    friday, monday = after(10 * 60), after(3 * 24 * 60)
    marks = [
        TimeMark(ONE, friday, SYNCED, "a", mono(600), received_ms=friday),
        TimeMark(TWO, friday + mono(1), ESTIMATED, "b", mono(1), received_ms=monday),
        TimeMark(TWO, friday + mono(6), ESTIMATED, "b", mono(6), received_ms=monday + 300),
        TimeMark(TWO, friday + mono(7), ESTIMATED, "b", mono(7), received_ms=monday + 600),
    ]

    assert [true.at_ms - friday for true in place(marks)[1:]] == [mono(1), mono(6), mono(7)]


def test_a_boot_that_was_never_synced_is_one_piece_whatever_its_records_call_themselves() -> None:
    marks = [
        TimeMark(ONE, mono(0), UNSET, "b", mono(0), received_ms=after(600)),
        TimeMark(ONE, mono(10), UNSET, "b", mono(10), received_ms=after(600)),
        TimeMark(ONE, after(45), ESTIMATED, "b", mono(15), received_ms=after(600)),
        TimeMark(TWO, mono(20), UNSET, "b", mono(20), received_ms=after(600)),
    ]

    assert [true.at_ms for true in place(marks)] == [after(30), after(40), after(45), after(50)]


def test_a_clock_that_says_more_than_can_be_moves_its_boot_as_one_piece() -> None:
    marks = [
        TimeMark(ONE, after(700), ESTIMATED, "b", mono(0), received_ms=after(61)),
        TimeMark(ONE, after(760), ESTIMATED, "b", mono(60), received_ms=after(61)),
    ]

    assert [true.at_ms for true in place(marks)] == [after(1), after(61)]


def placed(made: list[Made], received_ms: int | None = None) -> list[Placed]:
    return place([TimeMark(one.epoch, *one[3:8], received_ms=received_ms) for one in made])


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
