"""A station's taps of some days are found by an index: of years of taps, no others are gone through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from hub.coverage.reading import _put_there
from hub.database.transactions import reading
from hub.ledger.past import marked_at
from hub.ledger.review import taps_of_day
from station.names import StationCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

S1 = StationCode("S-01")
FROM_MS, TO_MS = 1_772_668_800_000, 1_772_755_200_000
READ: dict[str, Callable[[Connection], object]] = {
    "those about a gap that a person put there": lambda c: _put_there(c, S1, FROM_MS, TO_MS),
    "those of a day": lambda c: taps_of_day(c, S1, FROM_MS, TO_MS),
    "those to be looked at again": lambda c: marked_at(c, S1, FROM_MS, TO_MS),
}


def asked_of_taps(engine: Engine, read: Callable[[Connection], object]) -> tuple[str, Any]:
    """The statement about taps that reading makes."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cu: object, said: str, values: object, *_: object) -> None:
        if "ledger_tap" in said:
            asked.append((said, values))

    event.listen(engine, "before_cursor_execute", note)
    with reading(engine) as connection:
        read(connection)
    event.remove(engine, "before_cursor_execute", note)
    (found,) = asked
    return found


def plan_of(engine: Engine, said: str, values: Any) -> str:
    """How the database would find them; an empty table is gone through unless that is forbidden."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values))
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            connection.exec_driver_sql(f"SET enable_{way} = off")
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {said}", values))


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_taps_of_some_days_are_found_by_their_time(engine: Engine, read: Callable[[Connection], object]) -> None:
    plan = plan_of(engine, *asked_of_taps(engine, read))

    assert re.search(r"ledger_tap USING .*INDEX .*at_ms>\? AND at_ms<\?|Index Cond: .*at_ms >= .*at_ms <= ", plan), plan
    assert not re.search(r"SCAN ledger_tap|Seq Scan on ledger_tap", plan), plan
