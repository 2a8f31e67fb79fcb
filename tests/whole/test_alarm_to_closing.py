"""From the last one who leaves to the lead's robot, to who looks after it on the page and calls, to the arrival that ends it.

Real are the agent, the broker, the hub and the browser; simulated are the reader that people tap at and the robot. Time
leaps where nothing is to happen.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import col, select

from devices.signals import Signal
from hub.accounts import accounts, sessions
from hub.accounts.reception import now_ms
from hub.alarms.acting import Actor
from hub.alarms.addresses import understand
from hub.changing.numbers import Telephones
from hub.changing.personal import NoteConsent, SetTelephone
from hub.changing.proposal import apply
from hub.database.alarm_tables import AlarmRow, AlarmStep
from hub.database.transactions import reading, writing
from hub.register.telephones import ConsentMatter, Purpose, Whose
from hub.rights import Grant, Reach, Role
from hub.sealing import Safe
from hub.web.gate.gate import COOKIE
from simulator.robot_server import TAKEN, RobotServer, robot_server
from station.hours import SHANGHAI
from tests.hub.intake.messages import BEGAN
from tests.hub.whole.conftest import folder
from tests.whole.test_stepping_out import Station, database_of, station, wait
from tests.whole.wired_kiosk import STATION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.hub.pages.onlooker import Onlooker

__all__ = ["folder"]
pytestmark = [pytest.mark.broker, pytest.mark.browser, pytest.mark.timeout(600)]
DISTRICT = "D-1"
TELEPHONE = "13800001234"
HELPERS = (
    "return [...document.querySelectorAll('.helpers li')].map(e => [e.innerText, e.querySelector('a')?.href ?? ''])"
)
LEAP_S = 100.0  # after 180 s without a word a kiosk is silent; it speaks each 30 s


def enter_robot(engine: Engine, name: str, robot: RobotServer, reach: Reach) -> None:
    with writing(engine) as connection:
        told = understand(f"{robot.url}/cgi-bin/webhook/send?key=made-up-{name}")
        Actor(connection, "clerk", 0).enter_channel(name, told, reach, tells_short=False)


def let_in(engine: Engine) -> str:
    """The key of a session of the county's office."""
    with writing(engine) as connection:
        accounts.invite(connection, "wang", [Grant(Role.COUNTY, Reach(DISTRICT))], by="root", now_ms=now_ms())
        account = accounts.account_named(connection, "wang", now_ms())
        assert account is not None
        return sessions.begin_session(connection, account.id, is_whole=True, browser="", address="", now_ms=now_ms())


def agreed_to_be_called(engine: Engine, folder: Path, person: str) -> None:
    with writing(engine) as connection:
        sealed = Telephones(Safe(folder)).seal(connection, Whose.PERSON, person, TELEPHONE)
        wanted = [
            NoteConsent(person, ConsentMatter.TELEPHONE, BEGAN.date()),
            SetTelephone(Whose.PERSON, person, sealed, Purpose.DUTY),
        ]
        assert not apply(connection, wanted, by="clerk", at=BEGAN, zone=SHANGHAI, why="x").refusals


def said(robot: RobotServer) -> list[str]:
    return [str(asked.told["text"]["content"]) for asked in robot.asked]


class Office:
    """Who looks at the hub with that session."""

    def __init__(self, here: Station, key: str) -> None:
        http = here.hub.config.http
        self.address = f"http://{http.host}:{http.port}"
        self._here, self._key = here, key

    def row(self) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.address}/api/v1/board", headers={"Cookie": f"{COOKIE}={self._key}", "Accept": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as refused:  # the hub has not heard of the account yet
            with refused:
                return {}
        return next((one for one in told["stations"] if one["code"] == STATION), {})

    def let_pass(self, leaps: int) -> None:
        """So many leaps, each once the hub has heard the kiosk lately: so none is so long that it seems silent."""
        for _ in range(leaps):
            wait(lambda: self.row().get("kiosks_heard") == 1)
            self._here.leap(LEAP_S)

    def sit_down(self, onlooker: Onlooker) -> None:
        onlooker.open(f"{self.address}/sign-in")
        onlooker.chrome.add_cookie({"name": COOKIE, "value": self._key, "path": "/"})


def test_an_empty_station_is_told_to_its_lead_looked_after_on_the_page_and_over_when_somebody_comes(
    folder: Path, tmp_path: Path, onlooker: Onlooker
) -> None:
    with (
        robot_server((200, TAKEN)) as lead,
        robot_server((200, TAKEN)) as county,
        station(folder, tmp_path, "08:30") as here,
        database_of(folder) as engine,
        leaving(onlooker),
    ):
        enter_robot(engine, "lead", lead, Reach(station=STATION))
        enter_robot(engine, "county", county, Reach(DISTRICT))
        agreed_to_be_called(engine, folder, "p1")
        office = Office(here, let_in(engine))
        assert here.touch(1)[0] is Signal.ARRIVED
        assert here.touch(1) == (Signal.WARNING, "您是最后一位，开放到 11:30；有误请再刷")
        wait(lambda: office.row().get("class") == "vacant")

        office.let_pass(4)
        wait(lambda: any("无人在岗" in one for one in said(lead)))
        office.sit_down(onlooker)
        onlooker.open(f"{office.address}/inbox?lang=zh")
        onlooker.wait(lambda: "无人在岗" in onlooker.text("main"))
        onlooker.click("[data-kind=alarm] .do form button")
        onlooker.wait(lambda: "wang 来处理" in onlooker.text("main"))
        onlooker.click("[data-kind=alarm] .do a[href$='/call']")
        onlooker.wait(lambda: "谁可以补位" in onlooker.text("main"))
        could_come = onlooker.run(HELPERS)
        assert [href for _, href in could_come if href] == [f"tel:{TELEPHONE}"]
        assert len(could_come) == 3  # the station's people; nobody is on duty

        assert here.touch(1)[0] is Signal.ARRIVED
        wait(lambda: any("已恢复" in one for one in said(lead)))
        onlooker.wait(lambda: len(_could_come(onlooker, office)) == 2)  # who has come is asked no more, once written
        onlooker.wait(lambda: "无人在岗" not in _opened(onlooker, office))
        with reading(engine) as connection:
            (alarm,) = connection.execute(select(AlarmRow).where(col(AlarmRow.lack) == "vacant"))
            ours = select(AlarmStep).where(col(AlarmStep.alarm) == alarm.number).order_by(col(AlarmStep.number))
            steps = [(one.what, one.by) for one in connection.execute(ours)]

    assert steps == [("raised", ""), ("acknowledged", "wang"), ("met", "")]
    assert (alarm.ending, [one for one in said(county) if "无人在岗" in one]) == ("met", [])


@contextmanager
def leaving(onlooker: Onlooker) -> Iterator[None]:
    """The page is left before the hub ends, which it would hold against it."""
    try:
        yield
    finally:
        onlooker.chrome.get("about:blank")


def _could_come(onlooker: Onlooker, office: Office) -> list[list[str]]:
    onlooker.open(f"{office.address}/stations/{STATION}/call?lang=zh")
    found: list[list[str]] = onlooker.run(HELPERS)
    return found


def _opened(onlooker: Onlooker, office: Office) -> str:
    onlooker.open(f"{office.address}/inbox?lang=zh")
    return onlooker.text("main")
