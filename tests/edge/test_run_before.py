"""What a run knows of the one before: its last record or its last sign of life, whichever is later."""

from datetime import timedelta

import pytest

from edge.journal import KioskJournal
from edge.timekeeping import Stamp
from station.records import ClockState, ReaderState, Started
from tests.edge.hub_in_memory import AT, epoch, pulse
from tests.edge.rig import DOOR, card

LATER_MS = 90_000


def signed(journal, mono_ms, synced_mono_ms=None):
    stamp = Stamp(AT + timedelta(milliseconds=mono_ms), ClockState.SYNCED, "b", mono_ms)
    journal.note_alive(stamp, synced_mono_ms)


@pytest.fixture
def journal(tmp_path):
    """A run with records at 1 to 5 ms since boot."""
    journal = KioskJournal(tmp_path / "j.db")
    journal.begin(epoch(1), "b", pulse)
    for _ in range(4):
        journal.append(pulse)
    yield journal
    journal.close()


def before(journal):
    again = KioskJournal(journal.path)
    found = again.before
    again.close()
    return found.alive_mono_ms, found.synced_mono_ms


def spoil(journal, body, seq):
    journal._database.execute("UPDATE records SET body = CAST(? AS TEXT) WHERE seq = ?", (body, seq))


def test_a_run_that_gave_no_sign_came_as_far_as_its_last_record(journal):
    assert before(journal) == (5, None)


def test_a_sign_of_life_after_the_last_record_counts(journal):
    signed(journal, LATER_MS)

    assert before(journal) == (LATER_MS, None)


def test_a_record_after_the_last_sign_of_life_counts(journal):
    signed(journal, 3)

    assert before(journal) == (5, None)


@pytest.mark.parametrize("body", ["{broken", "null", b"\xff\xfe", '{"seq":5,"kind":"pulse"}'])
def test_a_last_record_that_the_disk_spoilt_is_passed_over(journal, body):
    spoil(journal, body, 5)

    assert before(journal) == (4, None)


def test_where_no_record_can_be_read_the_sign_of_life_stands(journal):
    signed(journal, 3, 2)
    for seq in range(1, 6):
        spoil(journal, "{broken", seq)

    assert before(journal) == (3, 2)


def test_a_clock_kept_at_the_last_sign_was_kept_until_the_last_record(journal):
    signed(journal, 3, 3)

    assert before(journal) == (5, 5)


def test_a_clock_not_kept_at_the_last_sign_was_not_at_a_later_record_either(journal):
    signed(journal, 3, 2)

    assert before(journal) == (5, 2)


def test_the_end_of_keeping_is_signed_at_once_though_people_tap(bench):
    bench.kiosk.tend()
    kept_ms = int(bench.hands.boot_s * 1000)
    bench.hands.synced = False
    for number in range(20):
        bench.hands.pass_s(10)
        bench.kiosk.tend()
        bench.touch(card(number))
    bench.restart(clean=False)

    assert bench.kiosk.store.journal.before.synced_mono_ms == kept_ms


def test_trust_ends_a_day_after_the_last_sync_whatever_was_recorded_since(bench):
    bench.kiosk.tend()
    bench.hands.synced = False
    bench.hands.pass_s(1)
    bench.kiosk.tend()
    for _ in range(23 * 60):
        bench.hands.pass_s(60)
        bench.kiosk.reader_is(DOOR, ReaderState.UP)
        bench.kiosk.tend()
    bench.touch(card(1))
    bench.restart(clean=False)
    bench.hands.pass_s(3500)
    almost_a_day = bench.kiosk.health().stamp.clock
    bench.hands.pass_s(100)

    assert (almost_a_day, bench.kiosk.health().stamp.clock) == (ClockState.SYNCED, ClockState.ESTIMATED)


def test_a_kill_right_after_a_tap_is_told_as_that_late(bench):
    bench.hands.pass_s(30)
    bench.touch(card(1))
    tapped_ms = bench.kiosk.store.journal.last_mono_ms
    bench.restart(clean=False)

    started = [record for record in bench.records() if isinstance(record, Started)][-1]
    assert started.last_alive_mono_ms == tapped_ms
