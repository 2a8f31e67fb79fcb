"""From an empty station to a web hook, and from a tap to the message that it is over; a whole hub, sixty times as fast."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.web_hook import new_secret
from hub.database.alarm_tables import AlarmRow
from hub.database.engine import open_engine
from hub.database.transactions import writing
from hub.presence.liveness import LOST_AFTER
from hub.rights import WHOLE_CITY
from simulator.robot_server import RobotServer, robot_server
from station.clock import Clock, boottime_s
from station.names import KioskId
from tests.hub.intake.messages import BEGAN, journal, state, tap
from tests.hub.running import Listener, hub_config, running_hub, until

if TYPE_CHECKING:
    from pathlib import Path

    from hub.config import HubConfig

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
DELAY = timedelta(minutes=3)
OPEN = timedelta(minutes=30)


def types(robot: RobotServer) -> list[str]:
    return [asked.told["type"] for asked in robot.asked]


def enter_hook(config: HubConfig, url: str) -> None:
    engine = open_engine(config.database_url)
    with writing(engine) as connection:
        told = SoundAddress(Sort.WEB_HOOK, url, new_secret(), ())
        Actor(connection, "clerk", 0).enter_channel("hook", told, WHOLE_CITY, tells_short=False)
    engine.dispose()


def delay_of_the_only_alarm(config: HubConfig) -> timedelta:
    engine = open_engine(config.database_url)
    with engine.connect() as connection:
        (row,) = connection.execute(select(AlarmRow))
    engine.dispose()
    return timedelta(milliseconds=row.raised_ms - row.since_ms)


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


def test_a_kiosk_that_falls_silent_while_two_are_recorded_is_told_and_its_return_ends_it(
    folder: Path, broker_port: int
) -> None:
    """By a clock that moves when it is told to: however slow the machine is, no kiosk is silent by that."""
    passed_s = 0.0
    clock = Clock(began_at=BEGAN + OPEN, anchor_s=0.0, boot_s=lambda: passed_s)
    config = hub_config(folder, broker_port)
    with robot_server((204, "")) as robot, running_hub(config, clock) as hub, closing(Listener(broker_port)) as kiosk:
        enter_hook(config, robot.url)
        passed_s += (LOST_AFTER + OPEN).total_seconds()  # from then on somebody can be lost
        kiosk.send(state(kiosk=KIOSK, n=1, at=clock.now()))
        kiosk.send(journal(tap(1, 50), tap(2, 51, person=2), kiosk=KIOSK, n=2))
        until(lambda: (hub.row()["class"], hub.row()["on_duty"], hub.row()["kiosks_heard"]) == ("met", 2, 1))
        kiosk.send(state(kiosk=KIOSK, n=3, at=clock.now(), online=False))
        until(lambda: hub.row()["kiosks_heard"] == 0)

        def is_told_later() -> bool:
            nonlocal passed_s
            passed_s += 1.0
            return bool(robot.asked)

        until(is_told_later)
        while_silent = hub.row()

        def is_heard_until_it_ends() -> bool:
            nonlocal passed_s
            passed_s += 1.0  # what is to be told later, by the hub's clock, has its time too
            kiosk.send(state(kiosk=KIOSK, n=int(passed_s * 1000), at=clock.now()))
            return types(robot)[-1:] == ["alarm.ended"]

        until(is_heard_until_it_ends)

    assert (while_silent["class"], while_silent["on_duty"]) == ("met", 2)
    assert types(robot)[0] == "alarm.raised"
    assert {asked.told["data"]["lack"] for asked in robot.asked} == {"unwatched"}
    assert robot.asked[0].told["data"]["on_duty"] == 2
    assert delay_of_the_only_alarm(config) >= DELAY
