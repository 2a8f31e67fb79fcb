"""Moments as whole milliseconds since 1970."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from station.milliseconds import MILLISECOND, moment_of, moment_or_none, ms_of

ROOT = Path(__file__).parents[2]
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_a_moment_is_in_the_millisecond_that_has_begun_and_in_no_later_one(at: datetime) -> None:
    assert moment_of(ms_of(at)) <= at < moment_of(ms_of(at)) + MILLISECOND


@given(MOMENTS, st.integers(0, 999))
def test_what_is_said_in_a_records_very_millisecond_holds_for_that_record(at: datetime, later_us: int) -> None:
    record_ms = ms_of(at)
    said_at = moment_of(record_ms) + timedelta(microseconds=later_us)

    assert ms_of(said_at) == record_ms


def test_where_there_is_none_there_is_none() -> None:
    assert moment_or_none(None) is None
    assert moment_or_none(1) == datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)


def test_one_place_converts() -> None:
    names = {"ms_of", "moment_of", "moment_or_none"}
    found = {
        f"{path.relative_to(ROOT)}: {node.name}"
        for room in ("station", "edge", "hub", "simulator", "devices")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in names
    }

    assert found == {f"station/milliseconds.py: {name}" for name in names}
