"""How a kiosk stands, as protocol.md, Liveness, has it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.core import HubCore
from hub.database.schema import prepare_schema
from hub.intake.gathering import SignsOfLife
from hub.presence.liveness import KioskStatus, LastHeard, Liveness
from station.clock import Clock
from station.hours import SHANGHAI
from station.names import KioskId, Session, StationCode
from station.records import ReaderState
from station.wire.messages import QUESTION
from tests.hub.board.town import STATION, Town, at, state
from tests.hub.cities import make_city
from tests.hub.ledger.bench import in_memory

KIOSK, OTHER = KioskId("K-1"), KioskId("K-2")
LONG_AGO = at("06:00")


@pytest.mark.parametrize(
    ("silent_s", "status"),
    [(0, "online"), (75, "online"), (75.1, "stale"), (180, "stale"), (180.1, "lost"), (9000, "lost")],
)
def test_silence_makes_a_kiosk_stale_and_then_lost(silent_s: float, status: str):
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00")), at("08:00"))

    assert live.status(KIOSK, at("08:00") + timedelta(seconds=silent_s)) == status


def test_a_doctors_question_is_neither_life_nor_an_end():
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00")), at("08:00"))
    before = replace(live.heard(KIOSK))

    live.hear_state(KIOSK, replace(state(online=False, at=at("08:00")), reason=QUESTION), at("08:00:10"))

    assert live.heard(KIOSK) == before
    assert live.heard(KIOSK).gone_at is None


@pytest.mark.parametrize("reader", [ReaderState.DOWN, ReaderState.BLIND])
def test_a_kiosk_whose_reader_is_down_is_blind(reader: ReaderState):
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(reader=reader, at=at("08:00")), at("08:00"))

    assert live.status(KIOSK, at("08:01")) is KioskStatus.BLIND
    assert not live.watches(KIOSK, at("08:01"))


def test_the_will_of_the_current_session_is_a_loss_at_once():
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00")), at("08:00"))

    live.hear_state(KIOSK, state(online=False, at=at("08:00")), at("08:00:10"))

    assert live.status(KIOSK, at("08:00:10")) is KioskStatus.LOST


def test_a_late_will_of_an_old_session_is_none():
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00"), session="0" * 16), at("08:00"))
    live.hear_state(KIOSK, state(at=at("08:00:05"), session="1" * 16), at("08:00:05"))

    live.hear_state(KIOSK, state(online=False, at=at("08:00"), session="0" * 16), at("08:00:10"))

    assert live.status(KIOSK, at("08:00:10")) is KioskStatus.ONLINE


def test_a_journal_message_of_a_new_session_ends_a_loss():
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00")), at("08:00"))
    live.hear_state(KIOSK, state(online=False, at=at("08:00")), at("08:00:10"))

    changed = live.hear_journal(KIOSK, Session("9" * 16), at("08:00:20"))

    assert changed
    assert live.status(KIOSK, at("08:00:20")) is KioskStatus.ONLINE


def test_it_is_told_why_a_kiosk_does_not_see_and_no_longer_once_it_does():
    live = Liveness(at("08:00"))
    full = replace(state(at=at("08:00"), reader=ReaderState.BLIND), reason="the disk is full")

    live.hear_state(KIOSK, full, at("08:00"))
    then = live.heard(KIOSK).reason
    live.hear_state(KIOSK, state(at=at("08:01")), at("08:01"))

    assert then == "the disk is full"
    assert live.heard(KIOSK).reason == ""


def test_for_three_minutes_after_the_hubs_start_nobody_is_lost():
    live = Liveness(at("08:00"))

    assert live.status(KIOSK, at("08:03")) is KioskStatus.STALE
    assert live.status(KIOSK, at("08:03:01")) is KioskStatus.LOST


@pytest.mark.parametrize("gone_at", [None, at("07:40:30")])
def test_who_was_lost_before_the_hub_started_is_lost_at_once_and_until_it_is_heard(gone_at: datetime | None):
    live = Liveness(at("08:00"))
    live.recall(KIOSK, LastHeard(at=at("07:40"), session=Session("1" * 16), gone_at=gone_at))
    live.recall(OTHER, LastHeard(at=at("07:50")))

    assert live.status(KIOSK, at("08:00")) is KioskStatus.LOST
    assert live.status(OTHER, at("08:00")) is KioskStatus.STALE
    live.hear_state(KIOSK, state(online=False, at=at("07:40"), session="1" * 16), at("08:00:01"), retained=True)
    assert live.status(KIOSK, at("08:00:01")) is KioskStatus.LOST
    live.hear_state(KIOSK, state(at=at("08:00:30"), session="2" * 16), at("08:00:30"))
    assert live.status(KIOSK, at("08:00:30")) is KioskStatus.ONLINE


def test_a_state_that_the_broker_kept_proves_no_life():
    live = Liveness(at("08:00"))
    live.hear_state(KIOSK, state(at=at("07:00")), at("08:00"), retained=True)

    assert live.heard(KIOSK).at is None
    assert live.status(KIOSK, at("08:04")) is KioskStatus.LOST


def test_a_state_that_the_broker_kept_says_nothing_new_of_a_kiosk_that_was_heard():
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00"), session="1" * 16), at("08:00"))

    kept = state(at=at("07:00"), session="0" * 16, reader=ReaderState.BLIND)
    live.hear_state(KIOSK, kept, at("08:00:10"), retained=True)

    assert live.status(KIOSK, at("08:00:10")) is KioskStatus.ONLINE
    assert live.heard(KIOSK).session == "1" * 16


def test_the_next_change_is_when_silence_turns_into_something_else():
    live = Liveness(LONG_AGO)
    live.hear_state(KIOSK, state(at=at("08:00")), at("08:00"))

    assert live.next_change([KIOSK], at("08:00")) == at("08:01:15")
    assert live.next_change([KIOSK], at("08:02")) == at("08:03")
    assert live.next_change([KIOSK], at("08:04")) is None


def test_a_clock_that_is_set_back_keeps_nobody_from_being_lost():
    live = Liveness(at("17:00"))  # eight hours ahead
    live.hear_state(KIOSK, state(at=at("09:00")), at("17:00"))

    live.set_back(at("09:00"))

    assert live.status(KIOSK, at("09:01")) is KioskStatus.ONLINE
    assert live.status(KIOSK, at("09:03:01")) is KioskStatus.LOST


def test_kiosks_are_told_who_is_there_and_not_which_of_them_is_heard():
    town = Town()
    town.go("08:30")
    town.heard()
    town.core.tick(1.0)
    town.core.outgoing()

    town.go("08:32")
    town.core.tick(121.0)
    assert (town.row().kiosks_heard, told_of_presence(town)) == (0, [])

    town.go("08:34")
    town.core.tick(241.0)
    assert (town.row().duty_class, len(told_of_presence(town))) == ("unknown", 1)


def told_of_presence(town: Town) -> list[str]:
    return [message.topic for message in town.core.outgoing() if message.topic.endswith(f"{STATION}/K-1/presence")]


def test_kiosks_that_speak_at_once_come_to_the_board_in_the_order_of_their_stations():
    """The same seed was another run of the simulated city in another process: they came in the order of a set."""
    codes = [f"S-{number:02}" for number in range(1, 13)]
    engine = in_memory()
    prepare_schema(engine)
    make_city(engine, codes)
    core = HubCore(engine, Clock(began_at=at("09:00"), anchor_s=0.0, boot_s=lambda: 0.0), SHANGHAI)
    core.begin()
    told: list[str] = []
    core.city.board.subscribe(lambda rows: told.extend(row.code for row in rows))

    core.city.hear(SignsOfLife({(KioskId(f"K-{code[2:]}-1"), StationCode(code)): Session("9" * 16) for code in codes}))

    engine.dispose()
    assert told == codes
