"""A gap is never hidden by another station's surplus: whatever is added up, nobody's hours stand in for somebody else's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from hub.coverage.reckoning import DAY
from hub.coverage.sums import MONTH
from hub.database.tables import District
from hub.database.transactions import reading, writing
from hub.rights import Grant, Role
from hub.web.coverage.asked import AskedCoverage, CoverageSpan
from hub.web.coverage.shown import read_many
from station.hours import SHANGHAI
from station.milliseconds import moment_of
from tests.hub.cities import enter, make_city, station_rows
from tests.hub.desks.coverage_days import a_day, put

if TYPE_CHECKING:
    from sqlalchemy import Engine

CODES = ("S-01", "S-02", "S-03")
FIRST = date(2026, 2, 27)
HOURS = st.floats(0, 6.5).map(lambda hours: round(hours, 3))
DAYS = st.dictionaries(st.tuples(st.sampled_from(CODES), st.integers(0, 5)), HOURS, min_size=1)
CLASSES = ("met_ms", "minimum_ms", "vacant_ms", "unknown_ms")


@pytest.fixture
def town(engine: Engine) -> Engine:
    """Two stations of one district and one of another."""
    make_city(engine, CODES[:2])
    other = station_rows(CODES[2], 1, range(50, 51))
    enter(engine, [District(code="D-2", name="西样区"), *(_moved(row) for row in other)])
    return engine


def _moved(row: Any) -> Any:
    if hasattr(row, "district"):
        row.district = "D-2"
    return row


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS, st.sampled_from(CoverageSpan))
def test_a_gap_is_never_hidden_by_another_stations_surplus(
    town: Engine, vacant: dict[tuple[str, int], float], span: CoverageSpan
) -> None:
    days = [a_day(code, FIRST + timedelta(days=n), hours) for (code, n), hours in sorted(vacant.items())]
    with writing(town) as connection:
        for table in (DAY, MONTH):
            connection.execute(delete(table))
    put(town, days)
    asked = AskedCoverage(span, FIRST + timedelta(days=2), FIRST + timedelta(days=40))

    with reading(town) as connection:
        shown = read_many(connection, [Grant(Role.CITY)], asked, moment_of(days[0]["until_ms"]).astimezone(SHANGHAI))

    within = [one for one in days if asked.stretch.holds(one["day"])]
    for group, theirs in (
        (shown.total, within),
        *((one.sums, [day for day in within if day["station"] == one.code]) for one in shown.stations),
        *((one.sums, [day for day in within if (day["station"] == "S-03") == (one.code == "D-2")])
          for one in shown.districts),
        *((sums, [day for day in within if day["day"] == of]) for of, sums in shown.days.items()),
    ):  # fmt: skip
        for name in (*CLASSES, "opened_ms", "union_ms"):
            assert getattr(group, name) == sum(day[name] for day in theirs), name
        assert sum(getattr(group, name) for name in CLASSES) == group.opened_ms
    assert [one.sums.vacant_ms for one in shown.stations if one.sums.vacant_ms] == [
        one.sums.vacant_ms for one in shown.stations if one.sums.share is not None and one.sums.share < 1
    ]
