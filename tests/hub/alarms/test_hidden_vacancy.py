"""The oracle on a keeper by itself: who fell silent with others, is back and vacant, must not stay hidden among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.database.alarm_tables import AlarmRow, MessageRow
from hub.rights import Reach
from simulator.oracle.judge import judge
from simulator.robot_server import robot_server
from simulator.world.broken_keepers import break_keeper
from simulator.world.scenario import Scenario
from station.milliseconds import ms_of
from tests.hub.alarms.test_telling import MET, START, UNKNOWN, VACANT, Town
from tests.hub.cities import make_city

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

CODES = tuple(f"S-{n:02}" for n in range(1, 13))
MINUTE = 60_000
FIRST = ms_of(START) + 20_000  # the first look


@pytest.fixture
def town(engine: Engine) -> Iterator[Town]:
    make_city(engine, CODES)
    town = Town(engine, CODES)
    yield town
    town.postman.stop()


def evidence(town: Town) -> dict[str, Any]:
    """As a world leaves it: five silent for ten minutes, then the first of them vacant for as long."""
    silent = (FIRST, "unknown")
    classes: dict[str, list[tuple[int, str]]] = {code: [(FIRST, "met")] for code in CODES}
    classes |= {code: [silent] for code in CODES[1:5]} | {"S-01": [silent, (FIRST + 10 * MINUTE, "vacant")]}
    alarms = {row.number: row for row in town.all(AlarmRow)}
    told = [
        {"at_ms": one.sent_ms, "made_ms": one.made_ms, "channel": one.channel, "what": one.what,
         "lack": alarms[one.alarm].lack, "station": one.channel}
        for one in town.all(MessageRow) if one.sent_ms is not None
    ]  # fmt: skip
    return {
        "alarms": {
            "until_ms": FIRST + 20 * MINUTE - 20_000, "classes": classes, "scopes": dict.fromkeys(CODES, "district/D-1"),
            "channels": [{"name": "S-01", "level": 1, "stations": ("S-01",)}], "closings": dict.fromkeys(CODES, ()),
            "hub": [{"since_ms": FIRST, "state": "up"}], "doubts": [], "done": [], "told": told,
        }
    }  # fmt: skip


@pytest.mark.parametrize("hides", [False, True])
def test_a_group_that_swallows_a_vacant_station_is_caught(town: Town, *, hides: bool) -> None:
    break_keeper(town.keeper, town.engine, Scenario(hides_vacancies=hides))
    with robot_server() as server:
        town.channel("S-01", server, Reach(station="S-01"))
        town.pass_minutes(10, *[UNKNOWN] * 5, MET)
        town.pass_minutes(10, VACANT, *[UNKNOWN] * 4, MET)

    found = judge(evidence(town))

    assert any("raised vacant was not told to S-01" in rule for rule in found) == hides
    assert bool(found) == hides, found
