"""What a special day of many stations would do, told before it is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from hub.changing import commands as asked
from hub.changing import foreseeing
from hub.changing.foreseeing import effect_of
from simulator.opening import ZONE
from simulator.world.registry import register, small_city
from tests.hub.ledger.bench import in_memory

NOW = datetime(2026, 3, 5, 8, tzinfo=ZONE)
FIRST = date(2026, 3, 9)


def test_stations_that_keep_the_same_hours_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    city = small_city(1, 22)
    engine = in_memory(register(city, bytes(32)).content)
    compared: list[str] = []
    spell = foreseeing.spell_terms
    monkeypatch.setattr(foreseeing, "spell_terms", lambda terms: compared.append("") or spell(terms))
    closed = [asked.SetSharedDay(FIRST + timedelta(days=n), (), "演练") for n in range(3)]

    effect = effect_of(engine, closed, by="li", at=NOW, zone=ZONE, why="演练")

    of_the_first = [one for one in effect.coming if one.day == FIRST]
    assert {code for one in of_the_first for code in one.stations} == {one.code for one in city.stations}
    assert all(one.after == () for one in effect.coming)
    assert all(list(one.stations) == sorted(one.stations) for one in effect.coming)
    assert len(compared) == 2 * len({one.opening for one in city.stations})
    engine.dispose()
