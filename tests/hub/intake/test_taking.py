"""Taking in: what fails is passed over alone, what is not stored is not settled, and a later hub comes first."""

from dataclasses import replace

import pytest

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind
from hub.intake.gathering import Stored
from hub.intake.rows import RecordRow
from hub.intake.runs import SeqStretch
from hub.intake.sorting import Delivery
from hub.intake.storing import Batch, Storing
from station.names import Seq, Session
from station.wire.codec import encode
from station.wire.messages import HubState, Kept
from station.wire.topics import HUB_STATE
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import BEGAN, EPOCH, KIOSK, journal, state, tap
from tests.hub.intake.taking import LATER, OWN, Mouth

GOES = Delivery(HUB_STATE, encode(replace(LATER, online=False)))


@pytest.fixture
def mouth(hub: Bench) -> Mouth:
    return Mouth(hub)


def outrank(mouth: Mouth, *deliveries: Delivery) -> None:
    """Let a later hub be heard, then these, which it settles."""
    mouth.taking.take([Delivery(HUB_STATE, encode(LATER))])
    mouth.taking.take(list(deliveries))


def test_what_is_taken_in_is_stored_answered_and_handed_on(mouth: Mouth):
    mouth.taking.take([journal(tap(1), tap(2)), state(n=2, epochs={EPOCH: Kept(Seq(1), 2)})])

    assert [(answer.n, answer.epochs[EPOCH].through) for answer in mouth.answers] == [(2, 2)]
    assert [(len(stored.rows), stored.through) for stored in mouth.handed_on] == [(2, 2)]
    assert [[state.place.kiosk for state in heard.states] for heard in mouth.heard] == [[KIOSK]]


def test_a_message_that_fails_for_no_known_reason_is_passed_over_alone(mouth: Mouth):
    hub = mouth.hub
    read, cursed = hub.sorter.read, journal(tap(2), n=2)

    def reading(delivery: Delivery):
        if delivery is cursed:
            raise ZeroDivisionError
        return read(delivery)

    hub.sorter.read = reading

    mouth.taking.take([journal(tap(1)), cursed, journal(tap(3), n=3)])

    assert mouth.answers[-1].n == 3
    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 3)]
    assert hub.found(FindingKind.FAULT) == [cursed.topic]


def test_what_the_hub_failed_over_before_it_was_stored_is_not_called_settled_later(
    mouth: Mouth, monkeypatch: pytest.MonkeyPatch
):
    hub, write = mouth.hub, Storing.write

    def fails_over_records(storing: Storing, batch: Batch, at_ms: int) -> list[RecordRow]:
        if batch.rows or batch.again:
            raise ZeroDivisionError
        return write(storing, batch, at_ms)

    monkeypatch.setattr(Storing, "write", fails_over_records)

    mouth.taking.take([journal(tap(1), n=1)])
    mouth.taking.take([state(n=2, epochs={EPOCH: Kept(1, 1)})])

    assert [(answer.n, answer.epochs[EPOCH].through) for answer in mouth.answers] == [(2, 0)]
    assert hub.seqs() == []
    assert mouth.handed_on == []


def test_what_cannot_be_folded_later_was_stored_and_answered_all_the_same(hub: Bench):
    def broken(_: list[Stored]) -> None:
        raise ZeroDivisionError

    mouth = Mouth(hub, hand_on=broken)

    mouth.taking.take([journal(tap(1)), journal(tap(2), n=2)])

    assert hub.seqs() == [(EPOCH, 1), (EPOCH, 2)]
    assert mouth.answers[-1].epochs[EPOCH].through == 2


def test_the_late_will_of_ones_own_connection_is_answered_with_a_birth(mouth: Mouth):
    will = HubState(online=False, session=OWN.session, version="0", started_at=BEGAN)

    mouth.taking.take([Delivery(HUB_STATE, encode(will))])

    assert mouth.listening.births == 1


def test_a_hub_that_was_started_earlier_settles_nothing_until_the_later_one_says_that_it_goes(mouth: Mouth):
    hub = mouth.hub
    outrank(mouth, journal(tap(1), n=1))
    mouth.taking.take([Delivery(HUB_STATE, encode(replace(LATER, online=False, session=Session("7" * 16))))])
    mouth.taking.take([journal(tap(1), n=2)])
    outranked = list(mouth.answers), hub.found(FindingKind.SECOND_HUB)

    mouth.taking.take([GOES])
    mouth.taking.take([journal(tap(1), n=3)])

    assert outranked == ([], ["hub/state"])
    assert [answer.n for answer in mouth.answers] == [3]
    assert mouth.listening.births > 0
    assert hub.found(FindingKind.SECOND_HUB) == []


def test_what_came_while_a_later_hub_was_there_is_not_called_settled_afterwards(mouth: Mouth):
    outrank(mouth, journal(tap(1), tap(2), n=1))

    mouth.taking.take([GOES])
    mouth.taking.take([state(n=2, epochs={EPOCH: Kept(Seq(1), 2)})])

    assert mouth.hub.seqs() == []
    assert mouth.answers[-1].epochs[EPOCH].through == 0


def test_what_came_while_a_later_hub_was_there_leaves_no_hole_that_counts_as_stored(mouth: Mouth):
    hub = mouth.hub
    outrank(mouth, journal(tap(1), tap(2), n=1))

    mouth.taking.take([GOES])
    mouth.taking.take([journal(tap(3), n=3)])  # the kiosk goes on behind what the later hub settled

    hub.intake.forget()  # as a restart does
    run = hub.store.find_run(KIOSK, EPOCH)
    assert run is not None
    assert (hub.seqs(), run.stored, run.through) == ([(EPOCH, 3)], [SeqStretch(3, 3)], 0)


def test_housekeeping_that_fails_ends_nothing_is_found_and_is_tried_again(hub: Bench):
    troubles = [KeyError("D-9")] * 2

    def keep_house() -> None:
        if troubles:
            raise troubles.pop()

    mouth = Mouth(hub, keep_house)

    found = []
    for _ in range(3):
        mouth.taking.tidy()
        found.append(len(hub.found(FindingKind.FAULT)))

    assert found == [1, 1, 0]


def test_a_disk_that_takes_little_and_not_what_comes_has_the_kiosks_send_ever_more_seldom(
    hub: Bench, monkeypatch: pytest.MonkeyPatch
):
    mouth = Mouth(hub)

    def refuse(*_: object) -> None:
        raise StoreTroubleError("the disk is full")

    with monkeypatch.context() as full:
        full.setattr(Storing, "write", refuse)
        for n in range(60):
            mouth.taking.take([journal(tap(1), n=n + 1)])
            mouth.taking.tidy()
    births = mouth.listening.births
    mouth.taking.take([journal(tap(1), n=61)])

    assert births <= 10
    assert not mouth.taking.is_in_trouble
    assert hub.aside() == []


def test_a_disk_that_is_still_full_is_not_called_well_by_time_alone(hub: Bench, monkeypatch: pytest.MonkeyPatch):
    mouth = Mouth(hub)

    def refuse(*_: object) -> None:
        raise StoreTroubleError("the disk is full")

    with monkeypatch.context() as full:
        full.setattr(Storing, "write", refuse)
        full.setattr(hub.intake, "probe", refuse)
        mouth.taking.take([journal(tap(1))])
        births = mouth.listening.births
        for _ in range(40):  # nothing comes meanwhile: it is tried all the same
            mouth.taking.tidy()
            assert mouth.taking.is_in_trouble
            assert hub.found(FindingKind.DATABASE) == ["database"]
        assert mouth.listening.births == births

    for _ in range(40):
        mouth.taking.tidy()
    assert not mouth.taking.is_in_trouble
