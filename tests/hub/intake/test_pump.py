"""The intake's thread: nothing ends it, and what it cannot take is counted and not settled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from hub.findings import FindingKind
from hub.intake import pump as pump_module
from hub.intake.gathering import Heard, Stored
from hub.intake.pump import Pump
from hub.intake.rows import Row
from hub.intake.runs import Stretch
from hub.intake.sorting import Delivery
from hub.intake.store import Batch
from station.names import Seq, Session
from station.wire.codec import decode, encode
from station.wire.messages import HubState, Kept, Settled
from station.wire.topics import HUB_STATE
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import BEGAN, EPOCH, KIOSK, journal, state, tap
from tests.hub.running import Until, until

OWN = HubState(online=True, session=Session("5" * 16), version="0", started_at=BEGAN)
LATER = replace(OWN, session=Session("6" * 16), started_at=BEGAN + timedelta(minutes=1))


class Listening:
    """Stands for the link, and remembers."""

    def __init__(self) -> None:
        self.answers: list[Settled] = []
        self.births = 0
        self.until = Until()

    def publish(self, topic: str, payload: bytes) -> bool:
        self.answers.append(decode(payload, Settled))
        self.until.changed()
        return True

    def announce(self) -> None:
        self.births += 1
        self.until.changed()


def keep_no_house() -> None:
    """Nothing is to be done now and then."""


@contextmanager
def pumping(hub: Bench, keep_house: Callable[[], None] = keep_no_house) -> Iterator[tuple[Pump, Listening]]:
    handed_on: list[Stored] = []
    heard: list[Heard] = []
    pump = Pump(
        sorter=hub.sorter, intake=hub.intake, findings=hub.findings, counts=hub.counts, hear=heard.append,
        hand_on=handed_on.extend, keep_house=keep_house, birth=OWN,
    )  # fmt: skip
    listening = Listening()
    pump.answer_by(listening)
    pump.start()
    try:
        yield pump, listening
    finally:
        pump.stop()


def outrank(hub: Bench, pump: Pump, *deliveries: Delivery) -> None:
    """Let a later hub be heard, then these, which it settles; returns once they have been gathered."""
    pump.put(Delivery(HUB_STATE, encode(LATER)))
    until(lambda: hub.found(FindingKind.SECOND_HUB))
    for delivery in deliveries:
        pump.put(delivery)
    until(lambda: hub.counts.journals == len(deliveries))


def test_a_message_that_fails_for_no_known_reason_is_passed_over_alone(hub: Bench):
    read, cursed = hub.sorter.read, journal(tap(2), n=2)

    def reading(delivery: Delivery):
        if delivery is cursed:
            raise ZeroDivisionError
        return read(delivery)

    hub.sorter.read = reading
    with pumping(hub) as (pump, listening):
        for delivery in (journal(tap(1)), cursed, journal(tap(3), n=3)):
            pump.put(delivery)
        listening.until.wait(lambda: any(answer.n == 3 for answer in listening.answers))

    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 3)]
    assert hub.found(FindingKind.FAULT) == [cursed.topic]


def test_what_the_hub_failed_over_before_it_was_stored_is_not_called_settled_later(hub: Bench):
    write = hub.store.write

    def fails_over_records(batch: Batch, at_ms: int) -> list[Row]:
        if batch.rows or batch.again:
            raise ZeroDivisionError
        return write(batch, at_ms)

    hub.store.write = fails_over_records
    with pumping(hub) as (pump, listening):
        pump.put(journal(tap(1), n=1))
        pump.put(state(n=2, epochs={EPOCH: Kept(1, 1)}))
        listening.until.wait(lambda: listening.answers)

    assert [(answer.n, answer.epochs[EPOCH].through) for answer in listening.answers] == [(2, 0)]
    assert hub.seqs() == []


def test_what_does_not_fit_is_dropped_counted_and_not_settled(hub: Bench, monkeypatch):
    monkeypatch.setattr(pump_module, "QUEUE_MESSAGES", 2)
    pump = Pump(
        sorter=hub.sorter, intake=hub.intake, findings=hub.findings, counts=hub.counts, hear=lambda _: None,
        hand_on=lambda _: None, keep_house=lambda: None, birth=OWN,
    )  # fmt: skip
    for seq in range(1, 4):
        pump.put(journal(tap(seq), n=seq))
    pump.answer_by(Listening())
    has_room = pump.has_room
    pump.start()
    pump.stop()

    assert (has_room, hub.counts.dropped) == (False, 1)
    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2)]
    assert hub.found(FindingKind.INTAKE_FULL) == ["intake"]


def test_what_was_queued_is_stored_before_the_thread_ends(hub: Bench):
    with pumping(hub) as (pump, listening):
        for seq in range(1, 50):
            pump.put(journal(tap(seq), n=seq))

    assert len(hub.seqs()) == 49
    assert listening.answers[-1].epochs[EPOCH].through == 49


def test_the_late_will_of_ones_own_connection_is_answered_with_a_birth(hub: Bench):
    will = HubState(online=False, session=OWN.session, version="0", started_at=BEGAN)

    with pumping(hub) as (pump, listening):
        pump.put(Delivery(HUB_STATE, encode(will)))
        listening.until.wait(lambda: listening.births)

    assert listening.births == 1


def test_a_hub_that_was_started_earlier_settles_nothing_until_the_later_one_says_that_it_goes(hub: Bench):
    with pumping(hub) as (pump, listening):
        pump.put(Delivery(HUB_STATE, encode(LATER)))
        pump.put(journal(tap(1), n=1))
        pump.put(Delivery(HUB_STATE, encode(replace(LATER, online=False, session=Session("7" * 16)))))
        pump.put(journal(tap(1), n=2))
        listening.until.wait(lambda: hub.counts.journals == 2, look_every_s=0.02)
        outranked = list(listening.answers), hub.found(FindingKind.SECOND_HUB)
        pump.put(Delivery(HUB_STATE, encode(replace(LATER, online=False))))
        pump.put(journal(tap(1), n=3))
        listening.until.wait(lambda: listening.answers and listening.births)

    assert outranked == ([], ["hub/state"])
    assert [answer.n for answer in listening.answers] == [3]
    assert hub.found(FindingKind.SECOND_HUB) == []


def test_what_came_while_a_later_hub_was_there_is_not_called_settled_afterwards(hub: Bench):
    with pumping(hub) as (pump, listening):
        outrank(hub, pump, journal(tap(1), tap(2), n=1))
        pump.put(Delivery(HUB_STATE, encode(replace(LATER, online=False))))
        pump.put(state(n=2, epochs={EPOCH: Kept(Seq(1), 2)}))
        listening.until.wait(lambda: listening.answers)

    assert hub.seqs() == []
    assert listening.answers[-1].epochs[EPOCH].through == 0


def test_what_came_while_a_later_hub_was_there_leaves_no_hole_that_counts_as_stored(hub: Bench):
    with pumping(hub) as (pump, listening):
        outrank(hub, pump, journal(tap(1), tap(2), n=1))
        pump.put(Delivery(HUB_STATE, encode(replace(LATER, online=False))))
        pump.put(journal(tap(3), n=3))  # the kiosk goes on behind what the later hub settled
        listening.until.wait(lambda: listening.answers)

    hub.intake.forget()  # as a restart does
    run = hub.store.find_run(KIOSK, EPOCH)
    assert run is not None
    assert (hub.seqs(), run.stored, run.through) == ([(EPOCH, 3)], [Stretch(3, 3)], 0)


def test_housekeeping_that_fails_ends_nothing_is_found_and_is_tried_again(hub: Bench):
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
