"""From a kiosk's message on a real broker to what the board and the other kiosks are told."""

from pathlib import Path

import pytest

from station.clock import Clock
from station.names import KioskId
from station.records import Action, ReaderState
from station.wire import topics
from station.wire.messages import Kept
from station.wire.topics import HUB_STATE, Leaf
from tests.hub.intake.messages import EPOCH, SESSION, STATION, journal, state, tap
from tests.hub.running import Listener, RunningHub, hub_config, running_hub, until

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
SETTLED = topics.settled(STATION, KIOSK)
TOLD = topics.told(STATION, KIOSK)
PRESENCE = TOLD[Leaf.PRESENCE]


def test_a_tap_is_settled_and_seen_on_the_board(hub: RunningHub, broker_port: int):
    kiosk = Listener(broker_port, SETTLED)
    kiosk.send(state(kiosk=KIOSK, n=1, epochs={EPOCH: Kept(1, 1)}))

    kiosk.send(journal(tap(1, 25), kiosk=KIOSK, n=2))

    told = kiosk.wait(SETTLED, lambda said: said["n"] == 2)
    assert (told["session"], told["epochs"][EPOCH]["through"]) == (SESSION, 1)
    until(lambda: (hub.row()["on_duty"], hub.row()["class"], hub.row()["kiosks_heard"]) == (1, "minimum", 1))
    kiosk.close()


def test_presence_duty_and_roster_reach_a_kiosk_that_comes_later(hub: RunningHub, broker_port: int):
    sender = Listener(broker_port, SETTLED)
    sender.send(journal(tap(1, 25), kiosk=KIOSK, n=2))
    sender.wait(SETTLED)
    until(lambda: hub.row()["on_duty"] == 1)

    kiosk = Listener(broker_port, *TOLD.values())

    presence = kiosk.wait(PRESENCE, lambda said: said["people"])
    assert presence["people"]["p1"]["state"] == "on"
    assert presence["folded"] == {KIOSK: {EPOCH: 1}}
    assert kiosk.wait(TOLD[Leaf.DUTY])["rule"] == {"minimum": 1, "target": 2}
    assert kiosk.wait(TOLD[Leaf.ROSTER])["cards"]["0" * 31 + "1"]["name"] == "样*人"
    for client in (sender, kiosk):
        client.close()


def test_a_hub_that_starts_again_shows_what_it_showed_before(folder: Path, broker_port: int, clock: Clock):
    config = hub_config(folder, broker_port)
    kiosk = Listener(broker_port, SETTLED)
    with running_hub(config, clock):
        kiosk.send(state(kiosk=KIOSK, n=1))
        kiosk.send(journal(tap(1, 25), tap(2, 26, person=2), kiosk=KIOSK, n=2))
        kiosk.wait(SETTLED, lambda said: said["n"] == 2)

    with running_hub(config, clock) as hub:
        row = hub.row()

    assert (row["class"], row["on_duty"]) == ("met", 2)
    kiosk.close()


def test_the_hub_says_that_it_is_there_and_that_it_goes(folder: Path, broker_port: int, clock: Clock):
    watcher = Listener(broker_port, HUB_STATE)

    with running_hub(hub_config(folder, broker_port), clock):
        watcher.wait(HUB_STATE, lambda said: said["online"])

    watcher.wait(HUB_STATE, lambda said: not said["online"])
    watcher.close()


def test_a_kiosk_that_is_not_entered_is_a_finding_until_it_is(hub: RunningHub, broker_port: int):
    kiosk = Listener(broker_port, "zaigang/v1/S-01/K-77/settled")

    kiosk.send(journal(tap(1, 25), kiosk=KioskId("K-77")))

    until(lambda: [finding["subject"] for finding in hub.get("/api/v1/findings")] == ["S-01/K-77"])
    assert hub.row()["on_duty"] == 0
    kiosk.close()


def test_a_blind_reader_is_seen_at_the_hub(hub: RunningHub, broker_port: int):
    kiosk = Listener(broker_port, SETTLED)

    kiosk.send(state(kiosk=KIOSK, reader=ReaderState.BLIND))

    until(lambda: hub.get("/api/v1/kiosks")[0]["status"] == "blind")
    until(lambda: hub.row()["class"] == "unknown")
    kiosk.close()


def test_with_two_hubs_at_once_the_later_one_goes_on(folder: Path, broker_port: int, clock: Clock, tmp_path: Path):
    from shutil import copytree

    copy = copytree(folder, tmp_path / "copy")
    kiosk = Listener(broker_port, SETTLED)
    with (
        running_hub(hub_config(folder, broker_port), clock) as first,
        running_hub(hub_config(copy, broker_port), clock) as second,
    ):
        until(lambda: first.get("/healthz")["troubles"])
        kiosk.send(journal(tap(1, 25, Action.ARRIVE), kiosk=KIOSK))
        until(lambda: second.row()["on_duty"] == 1)

        assert first.row()["on_duty"] == 0
        assert second.get("/healthz") == {"ok": True, "troubles": []}
    kiosk.close()


def test_troubles_of_an_earlier_run_are_over(folder: Path, broker_port: int, clock: Clock, tmp_path: Path):
    from shutil import copytree

    copy = copytree(folder, tmp_path / "copy")
    with (
        running_hub(hub_config(folder, broker_port), clock) as first,
        running_hub(hub_config(copy, broker_port), clock),
    ):
        until(lambda: first.get("/healthz")["troubles"])

    with running_hub(hub_config(folder, broker_port), clock) as again:
        assert again.get("/healthz") == {"ok": True, "troubles": []}
        assert [finding["ended_at"] is None for finding in again.get("/api/v1/findings")] == [False]
