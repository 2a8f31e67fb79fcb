"""The intake's thread: nothing ends it, and what it cannot take is counted and not settled."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from hub.findings import FindingKind
from hub.intake import pump as pump_module
from hub.intake.pump import Pump
from hub.intake.sorting import Delivery
from hub.intake.storing import Storing
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import EPOCH, journal, tap
from tests.hub.intake.taking import Listening, Mouth, keep_no_house
from tests.hub.running import until
from tests.patience import PATIENCE_S


@contextmanager
def pumping(hub: Bench, keep_house: Callable[[], None] = keep_no_house) -> Iterator[tuple[Pump, Listening]]:
    mouth = Mouth(hub, keep_house)
    pump = Pump(mouth.taking, hub.findings, hub.counts)
    pump.start()
    try:
        yield pump, mouth.listening
    finally:
        pump.stop()


def test_it_is_known_how_old_the_oldest_message_is_that_is_not_stored_yet(hub: Bench, monkeypatch):
    is_over, is_held = threading.Event(), threading.Event()
    wall = SimpleNamespace(now_s=1000.0)
    monkeypatch.setattr(pump_module, "time", SimpleNamespace(monotonic=lambda: wall.now_s, sleep=lambda _s: None))
    write = Storing.write

    def hang(*args: object) -> object:
        is_held.set()
        assert is_over.wait(PATIENCE_S)
        return write(*args)

    monkeypatch.setattr(Storing, "write", hang)
    with pumping(hub) as (pump, listening):
        before = pump.uncommitted_s
        pump.put(journal(tap(1)))
        assert is_held.wait(PATIENCE_S)
        wall.now_s += 40
        while_it_hangs = pump.uncommitted_s
        pump.put(journal(tap(2), n=2))
        wall.now_s += 2
        is_held.clear()
        is_over.set()
        listening.until.wait(lambda: any(answer.n == 2 for answer in listening.answers))
        until(lambda: pump.uncommitted_s == 0)

    assert (before, while_it_hangs) == (0, 40)


def test_a_disk_that_hangs_while_it_is_tried_is_known_too(hub: Bench):
    is_over, is_held = threading.Event(), threading.Event()

    def keep_house() -> None:
        is_held.set()
        assert is_over.wait(PATIENCE_S)

    with pumping(hub, keep_house) as (pump, _):
        assert is_held.wait(PATIENCE_S)
        until(lambda: pump.uncommitted_s > 0)
        is_over.set()


def test_what_is_put_is_stored_and_answered(hub: Bench):
    with pumping(hub) as (pump, listening):
        for seq in (1, 2):
            pump.put(journal(tap(seq), n=seq))
        listening.until.wait(lambda: any(answer.n == 2 for answer in listening.answers))

    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2)]


def test_what_comes_soon_after_is_stored_together(hub: Bench, monkeypatch):
    is_all_there = threading.Event()
    slow_pace = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _s: is_all_there.wait(PATIENCE_S))
    monkeypatch.setattr(pump_module, "time", slow_pace)  # however slow the machine is, it gathers until then
    monkeypatch.setattr(pump_module, "GATHER_S", 10**6)
    with pumping(hub) as (pump, listening):
        pump.put(journal(tap(1)))
        listening.until.wait(lambda: listening.answers)
        for seq in (2, 3, 4):
            pump.put(journal(tap(seq), n=seq))
        is_all_there.set()
        listening.until.wait(lambda: any(answer.n == 4 for answer in listening.answers))

    assert (hub.counts.batches, len(hub.seqs())) == (2, 4)


def test_a_kiosk_that_catches_up_waits_for_no_others(hub: Bench, monkeypatch):
    monkeypatch.setattr(pump_module, "GATHER_S", 10**6)
    monkeypatch.setattr(pump_module, "SMALL_BYTES", len(journal(tap(1)).payload))
    with pumping(hub) as (pump, listening):
        pump.put(journal(tap(1)))
        listening.until.wait(lambda: listening.answers)
        pump.put(journal(tap(2), tap(3), n=2))
        listening.until.wait(lambda: any(answer.n == 2 for answer in listening.answers))

    assert len(hub.seqs()) == 3


def test_what_does_not_fit_is_dropped_counted_and_not_settled(hub: Bench, monkeypatch):
    monkeypatch.setattr(pump_module, "QUEUE_MESSAGES", 2)
    pump = Pump(Mouth(hub).taking, hub.findings, hub.counts)
    for seq in range(1, 4):
        pump.put(journal(tap(seq), n=seq))
    has_room = pump.has_room
    pump.start()
    pump.stop()

    assert (has_room, hub.counts.dropped) == (False, 1)
    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2)]
    assert hub.found(FindingKind.INTAKE_FULL) == ["intake"]


def test_there_is_room_again_once_the_thread_has_taken_what_was_queued(hub: Bench, monkeypatch):
    monkeypatch.setattr(pump_module, "QUEUE_BYTES", 1)
    pump = Pump(Mouth(hub).taking, hub.findings, hub.counts)
    pump.put(journal(tap(1)))
    had_room = pump.has_room

    pump.start()

    until(lambda: pump.has_room)
    pump.stop()
    assert not had_room


def test_what_was_queued_is_stored_before_the_thread_ends(hub: Bench):
    with pumping(hub) as (pump, listening):
        for seq in range(1, 50):
            pump.put(journal(tap(seq), n=seq))

    assert len(hub.seqs()) == 49
    assert listening.answers[-1].epochs[EPOCH].through == 49


def test_a_message_that_fails_does_not_end_the_thread(hub: Bench):
    read, cursed = hub.sorter.read, journal(tap(1))

    def reading(delivery: Delivery):
        if delivery is cursed:
            raise ZeroDivisionError
        return read(delivery)

    hub.sorter.read = reading
    with pumping(hub) as (pump, listening):
        pump.put(cursed)
        until(lambda: hub.found(FindingKind.FAULT))
        pump.put(journal(tap(2), n=2))
        listening.until.wait(lambda: listening.answers)

    assert hub.seqs() == [(EPOCH, 2)]


def test_housekeeping_that_fails_ends_nothing_and_comes_round_while_nothing_arrives(hub: Bench):
    troubles = [KeyError("D-9")] * 2

    def keep_house() -> None:
        if troubles:
            raise troubles.pop()

    with pumping(hub, keep_house) as (pump, listening):
        until(lambda: hub.found(FindingKind.FAULT))
        until(lambda: not troubles and not hub.found(FindingKind.FAULT))
        pump.put(journal(tap(1)))
        listening.until.wait(lambda: listening.answers)

    assert hub.seqs() == [(EPOCH, 1)]
