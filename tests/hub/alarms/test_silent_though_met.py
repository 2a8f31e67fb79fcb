"""A kiosk that is not heard is told of, also where people are recorded at its station."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.database.alarm_tables import AlarmRow
from hub.presence.board_view import Cause, Reason
from hub.rights import Reach
from hub.web.kit.row_words import reason_line
from simulator.robot_server import TAKEN, robot_server
from tests.hub.alarms.test_telling import MET, START, UNKNOWN, VACANT, ZONE, Town
from tests.hub.cities import make_city

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

CODES = tuple(f"S-{n:02}" for n in range(1, 11))


@pytest.fixture
def town(engine: Engine) -> Iterator[Town]:
    make_city(engine, CODES)
    town = Town(engine, CODES)
    yield town
    town.postman.stop()


def look(town: Town, minutes: int, unwatched: int, silent: int = 1) -> None:
    """Two are there at every station; at the first ones that many kiosks are not watched."""
    unseen = Reason(Cause.SILENT, START, unwatched, "K-1") if unwatched else None
    rows = town.rows((MET,))
    rows = (*(replace(row, kiosks=2, unseen=unseen) for row in rows[:silent]), *rows[silent:])
    for _ in range(minutes * 3):
        town.seconds += 20
        town.keeper.look(rows)
        town.keeper.work()
        town.deliver()


def alarms(town: Town) -> list[tuple[str, str, bool]]:
    return [(one.station, one.lack, one.over_ms is not None) for one in town.all(AlarmRow)]


def test_an_unheard_kiosk_is_told_of_while_people_are_there(town: Town) -> None:
    assert town.clock.now() == START
    look(town, 3, 1)
    assert alarms(town) == []
    look(town, 1, 1)
    assert alarms(town) == [("S-01", "unwatched", False)]
    town.restart()
    look(town, 5, 1)
    assert alarms(town) == [("S-01", "unwatched", False)]
    look(town, 1, 0)
    assert alarms(town) == [("S-01", "unwatched", True)]


def test_the_message_says_which_kiosk_and_by_what_the_count_stands(town: Town) -> None:
    with robot_server((200, TAKEN)) as server:
        town.channel("S-01", server, Reach(station="S-01"))
        town.say = lambda row, now: reason_line(row, now, ZONE, str)
        town.restart()
        look(town, 4, 1)
        look(town, 1, 0)

        assert [asked.told["text"]["content"] for asked in server.asked] == [
            "【在岗】01：08:00 起无法确认在岗情况，按最后刷卡 2 人在岗；终端 K-1 08:00 起无信号（共 2 台终端）：请查电源和网络",
            "【在岗】01：已恢复，终端已有联系",
        ]


def test_an_alarm_of_a_hub_that_told_only_of_shortfalls_goes_on_once_people_are_recorded(town: Town) -> None:
    town.pass_minutes(4, UNKNOWN, MET)
    town.restart()
    look(town, 5, 1)
    assert alarms(town) == [("S-01", "unwatched", False)]
    look(town, 1, 0)
    assert alarms(town) == [("S-01", "unwatched", True)]


def test_a_vacancy_beside_a_blind_kiosk_is_told_as_such_and_the_kiosk_too(town: Town) -> None:
    blind = replace(town.rows((VACANT, MET))[0], kiosks=2, unseen=Reason(Cause.BLIND, START, 1, "K-1"))
    for _ in range(18):
        town.seconds += 20
        town.keeper.look((blind, *town.rows((MET,))[1:]))
        town.keeper.work()

    assert alarms(town) == [("S-01", "unwatched", False), ("S-01", "vacant", False)]


def test_four_of_a_district_that_fall_silent_while_people_are_there_are_one_alarm(town: Town) -> None:
    look(town, 5, 1, silent=4)
    assert alarms(town) == [("district/D-1", "unwatched", False)]
    look(town, 1, 0)
    assert alarms(town) == [("district/D-1", "unwatched", True)]


def test_half_of_a_city_is_an_outage_also_while_people_are_there(town: Town) -> None:
    look(town, 4, 1, silent=len(CODES) // 2)
    assert [one for one in alarms(town) if not one[0]] == [("", "unwatched", False)]
