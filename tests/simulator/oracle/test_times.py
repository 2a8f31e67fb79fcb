"""The times that a hub gives taps, held against the true ones: evidence written by hand."""

import pytest

from simulator.oracle.times import times_are_true

HOUR_MS = 3_600_000
TRUE_MS = 1_000_000_000


def record(seq, mono_ms, clock, placed=None, kind="tap"):
    told = {"clock": clock, "at_ms": TRUE_MS + mono_ms, "earliest_ms": None, "latest_ms": None, **(placed or {})}
    return {"kiosk": "k", "epoch": "e", "seq": seq, "kind": kind, "clock": clock, "boot": "b", "mono_ms": mono_ms,
            "placed": told}  # fmt: skip


def broken(*records):
    beeps = [{"kiosk": "k", "epoch": "e", "seq": 1, "at_ms": TRUE_MS}]
    return list(times_are_true({"beeps": beeps, "records": records}))


@pytest.mark.parametrize("off_ms", [-2_000, 0, 2_000])
def test_a_known_time_may_be_two_seconds_off(off_ms):
    assert broken(record(1, 0, "synced", {"at_ms": TRUE_MS + off_ms})) == []


@pytest.mark.parametrize("off_ms", [-2_001, 2_001])
def test_a_known_time_may_be_no_further_off(off_ms):
    assert "is said to be right" in broken(record(1, 0, "synced", {"at_ms": TRUE_MS + off_ms}))[0]


@pytest.mark.parametrize("clock", ["estimated", "unset"])
def test_a_guess_may_be_wrong_within_its_bounds(clock):
    guess = {"at_ms": TRUE_MS + 99 * HOUR_MS, "earliest_ms": TRUE_MS, "latest_ms": TRUE_MS}

    assert broken(record(1, 0, clock, guess)) == []


@pytest.mark.parametrize("bound", [{"earliest_ms": TRUE_MS + 1}, {"latest_ms": TRUE_MS - 1}])
def test_bounds_contain_the_truth(bound):
    assert "1 ms" in broken(record(1, 0, "unset", bound))[0]


def test_a_clock_set_right_soon_after_makes_the_time_known():
    late = record(2, 11 * HOUR_MS, "estimated", kind="clock")
    later = record(2, 11 * HOUR_MS + 1, "estimated", kind="clock")

    assert "soon enough" in broken(record(1, 0, "unset"), late)[0]
    assert broken(record(1, 0, "unset"), later) == []


def test_a_clock_that_was_right_before_and_after_makes_the_time_known():
    before, after = record(2, -24 * HOUR_MS, "synced"), record(3, 999 * HOUR_MS, "synced")
    long_before = record(2, -24 * HOUR_MS - 1, "synced")

    assert "soon enough" in broken(before, record(1, 0, "estimated"), after)[0]
    assert broken(long_before, record(1, 0, "estimated"), after) == []
    assert broken(before, record(1, 0, "estimated")) == []


def test_another_boot_proves_nothing():
    elsewhere = record(2, 1, "synced") | {"boot": "another"}

    assert broken(record(1, 0, "unset"), elsewhere) == []
