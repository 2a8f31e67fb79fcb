"""Days of coverage put straight into the tables: what a page shows, without the records that they come of."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from hub.coverage.keeper import REVISION
from hub.coverage.reckoning import DAY, GAP
from hub.coverage.sums import sum_months
from hub.database.transactions import writing
from station.hours import SHANGHAI
from station.milliseconds import ms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

HOUR = 3_600_000


def a_day(station: str, day: date, vacant_h: float = 0.0, verdict: str = "kept") -> dict[str, Any]:
    """A day of 6.5 h, so long vacant, half of the rest met."""
    open_ms, vacant_ms = int(6.5 * HOUR), int(vacant_h * HOUR)
    there = open_ms - vacant_ms
    midnight = datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
    return {
        "day": day, "station": station, "until_ms": ms_of(midnight), "opened_ms": open_ms, "met_ms": there // 2,
        "minimum_ms": there - there // 2, "vacant_ms": vacant_ms, "unknown_ms": 0, "partial_ms": 0, "assumed_ms": 0,
        "union_ms": there, "person_ms": there * 3 // 2, "supplemented_ms": there, "verdict": verdict,
        "short_ms": max(0, 5 * HOUR - there) if verdict == "short" else 0, "marks": '{"assumed":2}' if vacant_ms else "{}",
    }  # fmt: skip


def a_gap(station: str, day: date, began: str, ended: str) -> dict[str, Any]:
    began_at, ended_at = (datetime.fromisoformat(f"{day} {text}").replace(tzinfo=SHANGHAI) for text in (began, ended))
    return {
        "station": station, "day": day, "began_ms": ms_of(began_at), "ended_ms": ms_of(ended_at), "duty_class": "vacant",
        "partial": False, "before_ms": ms_of(began_at), "after_ms": None, "watched": f'{{"{station}-a":{HOUR}}}',
    }  # fmt: skip


def put(engine: Engine, days: Sequence[dict[str, Any]], gaps: Sequence[dict[str, Any]] = ()) -> None:
    """Store them, with their months."""
    with writing(engine) as connection:
        connection.execute(insert(DAY), list(days))
        if gaps:
            connection.execute(insert(GAP), list(gaps))
        for station in sorted({one["station"] for one in days}):
            sum_months(connection, station, [one["day"] for one in days if one["station"] == station])


def revise(
    engine: Engine,
    station: str,
    day: date,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Let a day have come to be otherwise."""
    before = before or {"union_ms": 7_200_000, "verdict": "short"}
    after = after or {"union_ms": 18_000_000, "verdict": "kept"}
    said = {"before": json.dumps(before), "after": json.dumps(after)}
    with writing(engine) as connection:
        connection.execute(
            insert(REVISION).values(station=station, day=day, at_ms=1_772_700_000_000, why="records", **said)
        )
