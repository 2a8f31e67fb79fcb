"""From an empty station to a web hook, and from a tap to the message that it is over; a whole hub, sixty times as fast."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.web_hook import new_secret
from hub.database.engine import open_engine
from hub.database.transactions import writing
from hub.rights import WHOLE_CITY
from station.clock import Clock, boottime_s
from station.names import KioskId
from tests.hub.alarms.robot_server import RobotServer, robot_server
from tests.hub.intake.messages import BEGAN, journal, state, tap
from tests.hub.running import Listener, hub_config, running_hub, until

if TYPE_CHECKING:
    from pathlib import Path

    from hub.config import HubConfig

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
OPEN = timedelta(minutes=30)


def types(robot: RobotServer) -> list[str]:
    return [asked.told["type"] for asked in robot.asked]


def enter_hook(config: HubConfig, url: str) -> None:
    engine = open_engine(config.database_url)
    with writing(engine) as connection:
        told = SoundAddress(Sort.WEB_HOOK, url, new_secret(), ())
        Actor(connection, "clerk", 0).enter_channel("hook", told, WHOLE_CITY, tells_short=False)
    engine.dispose()


def test_an_empty_station_is_told_and_a_tap_ends_it(folder: Path, broker_port: int) -> None:
    clock = Clock(rate=60.0, began_at=BEGAN + OPEN, anchor_s=boottime_s())
    config = hub_config(folder, broker_port)
    with robot_server((204, "")) as robot, running_hub(config, clock):
        enter_hook(config, robot.url)
        kiosk = Listener(broker_port)

        def lives(*, until_told: str) -> bool:
            kiosk.send(state(kiosk=KIOSK, n=int(clock.mono_s() * 1000), at=clock.now()))
            return until_told in types(robot)

        until(lambda: lives(until_told="alarm.raised"))
        minutes = (clock.now() - BEGAN) / timedelta(minutes=1)
        kiosk.send(journal(tap(1, minutes), kiosk=KIOSK, n=1))

        until(lambda: lives(until_told="alarm.ended"))
        kiosk.close()

    assert types(robot) == ["alarm.raised", "alarm.ended"]
    assert [asked.told["data"]["lack"] for asked in robot.asked] == ["vacant", "vacant"]
