"""A kiosk that is not heard is told of, also where people are recorded at its station."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.database.alarm_tables import AlarmRow
from hub.presence.board_view import Cause, Reason
from tests.hub.alarms.test_telling import MET, START, Town
from tests.hub.cities import make_city

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

CODES = ("S-01", "S-02", "S-03", "S-04", "S-05")


@pytest.fixture
def town(engine: Engine) -> Iterator[Town]:
    make_city(engine, CODES)
    town = Town(engine, CODES)
    yield town
    town.postman.stop()


def look(town: Town, minutes: int, unwatched: int) -> None:
    """Two are there at every station; at the first one that many kiosks are not watched."""
    first, *others = town.rows((MET,))
    unseen = Reason(Cause.SILENT, START, unwatched, "K-1") if unwatched else None
    rows = (replace(first, kiosks=2, unseen=unseen), *others)
    for _ in range(minutes * 3):
        town.seconds += 20
        town.keeper.look(rows)
        town.keeper.work()


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
