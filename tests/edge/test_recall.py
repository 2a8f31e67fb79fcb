"""What a run reads of the runs before it: the taps that may still matter, and how far the clock was trusted."""

from datetime import timedelta

import pytest

from edge.backlog import Backlog, OwnTap
from edge.journal import KioskJournal
from edge.people import MEMORY
from station.records import Action, ClockState, Tap
from tests.edge.hub_in_memory import epoch
from tests.edge.rig import THURSDAY, card, roster, token

HOUR_S = 3600
LATER = "boot-2"


def tap(seq, at_h, mono_h, boot="boot-1", clock=ClockState.SYNCED):
    at, mono_ms = THURSDAY + timedelta(hours=at_h), int(mono_h * HOUR_S * 1000)
    return Tap(
        seq=seq, at=at, clock=clock, boot=boot, mono_ms=mono_ms, token=token(1), card_kind="ntag213", reader="door",
        action=Action.ARRIVE,
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path):
    journal = KioskJournal(tmp_path / "j.db")
    yield journal
    journal.close()


@pytest.fixture
def backlog(journal):
    backlog = Backlog(journal)
    yield backlog
    backlog.close()


def run(journal, name, *drafts):
    """A run of these taps, each drafted by its seq."""
    journal.begin(name, drafts[0](1).boot, drafts[0])
    return [OwnTap(name, drafts[0](1)), *(OwnTap(name, journal.append(draft)) for draft in drafts[1:])]


def test_what_the_clock_or_the_boot_places_in_time_is_told_in_order(journal, backlog):
    first = run(journal, epoch(1), lambda seq: tap(seq, -9, 1), lambda seq: tap(seq, 9, 2))
    second = run(
        journal, epoch(2),
        lambda seq: tap(seq, -8, 3, LATER),  # both too old
        lambda seq: tap(seq, -7, 5, LATER),  # the clock was wrong: by the boot it is late enough
        lambda seq: tap(seq, 8, 3, LATER),  # and here the other way round
    )  # fmt: skip

    told = backlog.taps_since(THURSDAY, LATER, 4 * HOUR_S * 1000)

    assert told == [first[1], *second[1:]]


def test_a_damaged_tap_is_passed_over(journal, backlog):
    own = run(journal, epoch(1), *[lambda seq: tap(seq, -9, 5)] * 3)
    journal._database.execute("UPDATE records SET body = '{broken' WHERE seq = 2")

    assert backlog.taps_since(THURSDAY, "boot-1", 0) == [own[0], own[2]]


def test_the_clock_is_as_the_last_records_of_the_boot_trusted_it(journal, backlog):
    run(journal, epoch(1), lambda seq: tap(seq, 1, 1))
    run(journal, epoch(2), lambda seq: tap(seq, 2, 2, LATER), lambda seq: tap(seq, 3, 3, LATER))
    run(journal, epoch(3), lambda seq: tap(seq, 9, 4, LATER, ClockState.ESTIMATED))

    assert (backlog.last_clock(LATER), backlog.last_clock("boot-1")) == (ClockState.ESTIMATED, ClockState.SYNCED)
    assert backlog.right_clock(LATER) == (THURSDAY + timedelta(hours=3), 3 * HOUR_S * 1000)
    assert backlog.last_clock("boot-3") is backlog.right_clock("boot-3") is None


def test_a_kiosk_whose_clock_began_in_1970_remembers_no_more_of_a_long_boot_than_it_needs(bench):
    bench.kiosk.people.take_roster(roster({1: "P1", 2: "P2"}))
    bench.hands.synced, bench.hands.off = False, timedelta(days=-20_000)
    bench.restart(reboot=True)
    bench.touch(card(1))
    bench.hands.pass_s(MEMORY.total_seconds())
    bench.touch(card(2))
    bench.hands.pass_s(60)

    bench.restart()

    assert [own.tap.token for own in bench.kiosk.people._own] == [token(2)]
