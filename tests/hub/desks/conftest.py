"""The hub with accounts of the gate's tests, and the same city in its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.transactions import writing
from tests.hub.gate.conftest import CODES, GuardedHub, guarded
from tests.hub.pages.board_source import MORNING, ZONE, city

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand

__all__ = ["guarded"]
TOKEN = "a1" * 16


@pytest.fixture
def desks(guarded: GuardedHub) -> GuardedHub:
    wanted: list[CityCommand] = [asked.NameCity("云州市")]
    wanted += [asked.EnterDistrict(code, name) for name, code in CODES.items()]
    wanted += [
        asked.EnterStation(row.code, row.name, district=row.district_code, kind=row.kind)
        for row in guarded.source.rows.values()
    ]
    wanted += [asked.EnterKiosk("zg-02-a", "ZG-02", "正门"), asked.EnterKiosk("zg-05-a", "ZG-05", "正门")]
    for number, station in (("1", "ZG-02"), ("2", "ZG-05")):
        wanted += [
            asked.EnterPerson(f"p{number}", f"N{number}", full_name=f"样本{number}"),
            asked.SetMemberships(f"p{number}", frozenset({station})),
        ]
    wanted += [asked.EnterCard(TOKEN, "iso14443a"), asked.AssignCard(TOKEN, "p1")]
    with writing(guarded.engine) as connection:
        outcome = apply(connection, wanted, by="root", at=MORNING, zone=ZONE)
    assert not outcome.refusals
    assert len(city()) == len(guarded.source.rows)
    return guarded
