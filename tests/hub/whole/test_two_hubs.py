"""Two hubs at one broker, and one hub that finds what another left there."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from hub.intake.sorting import Delivery
from station.clock import Clock, boottime_s
from station.names import KioskId, Session
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import HubState
from station.wire.topics import HUB_STATE
from tests.hub.intake.messages import BEGAN, EPOCH, STATION, journal, tap
from tests.hub.running import Listener, hub_config, running_hub, until

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
SETTLED = topics.settled(STATION, KIOSK)


def test_a_hub_whose_clock_is_behind_after_a_power_cut_does_not_yield_to_the_run_before(
    folder: Path, broker_port: int, clock: Clock
):
    ghost = HubState(online=True, session=Session("6" * 16), version="0", started_at=clock.now() + timedelta(days=1))
    kiosk = Listener(broker_port, SETTLED, HUB_STATE)
    kiosk.send(Delivery(HUB_STATE, encode(ghost)), retain=True)
    kiosk.wait(HUB_STATE)

    with running_hub(hub_config(folder, broker_port), clock):
        kiosk.wait(HUB_STATE, lambda said: said["session"] != ghost.session)
        kiosk.send(journal(tap(1, 25), kiosk=KIOSK))

        assert kiosk.wait(SETTLED)["epochs"][EPOCH]["through"] == 1
    kiosk.close()


def test_of_two_hubs_the_one_that_was_started_later_goes_on_though_the_earlier_one_comes_last(
    folder: Path, tmp_path: Path, broker_port: int, clock: Clock
):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    later = Clock(began_at=BEGAN + timedelta(hours=1), anchor_s=boottime_s())
    kiosk = Listener(broker_port, SETTLED)

    with running_hub(hub_config(copy, broker_port), clock) as earlier:
        with running_hub(hub_config(folder, broker_port), later) as hub:
            until(lambda: not earlier.get("/healthz")["ok"])
        until(lambda: earlier.get("/healthz")["ok"])  # the other one has said that it goes
        with running_hub(hub_config(folder, broker_port), later) as hub:
            until(lambda: not earlier.get("/healthz")["ok"])
            kiosk.send(journal(tap(1, 25), kiosk=KIOSK))

            until(lambda: hub.figures()["zaigang_records_stored_total"])
            assert hub.get("/healthz")["ok"]
    kiosk.close()


def test_an_earlier_hub_that_comes_last_is_told_that_a_later_one_lives(
    folder: Path, tmp_path: Path, broker_port: int, clock: Clock
):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    later = Clock(began_at=BEGAN + timedelta(hours=1), anchor_s=boottime_s())

    with (
        running_hub(hub_config(folder, broker_port), later) as hub,
        running_hub(hub_config(copy, broker_port), clock) as earlier,
    ):
        until(lambda: not earlier.get("/healthz")["ok"])

        assert hub.get("/healthz")["ok"]
