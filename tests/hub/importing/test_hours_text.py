"""Opening hours as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.importing.cells import CellError
from hub.importing.hours_text import read_hours
from hub.register.kinds import KINDS
from station.hours import Span

MORNING, AFTERNOON = Span(480, 690), Span(870, 1050)
BANK, HOSPITAL = KINDS["bank"].weekly, KINDS["hospital"].weekly


@pytest.mark.parametrize(
    "text",
    [
        "08:00-11:30 14:30-17:30",
        "上午:8:00-11:30  下午：14:30-17:30",
        "8:00—11:30，14:30～17:30",
        "14:30至17:30、8:00至11:30",
    ],
)
def test_hours_without_days_are_those_of_every_day_that_the_kind_is_open(text: str) -> None:
    hours = read_hours(text)

    assert hours.week(BANK) == ((MORNING, AFTERNOON),) * 5 + ((), ())
    assert hours.week(HOSPITAL) == ((MORNING, AFTERNOON),) * 7


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周一至周五 08:00-11:30", [0, 1, 2, 3, 4]),
        ("星期六、星期日 08:00-11:30", [5, 6]),
        ("周六至周一 08:00-11:30", [5, 6, 0]),
        ("工作日 08:00-11:30；周末 休息", [0, 1, 2, 3, 4]),
        ("Mon-Wed 08:00-11:30; Sun closed", [0, 1, 2]),
        ("每天 08:00-11:30", [0, 1, 2, 3, 4, 5, 6]),
        ("周三 8:00-11:30\n周天 8:00-11:30", [2, 6]),
    ],
)
def test_named_days_are_open_and_the_others_closed(text: str, days: list[int]) -> None:
    week = read_hours(text).week(HOSPITAL)

    assert week == tuple((MORNING,) if day in days else () for day in range(7))


@pytest.mark.parametrize("text", ["24小时", "全天", "00:00-24:00"])
def test_round_the_clock_is_midnight_to_midnight(text: str) -> None:
    assert read_hours(text).week(HOSPITAL) == ((Span(0, 1440),),) * 7


@given(text=st.text(alphabet="周一二日至-~:;0123459 上午，休息mon", max_size=25))
def test_any_text_is_a_week_or_a_fault(text: str) -> None:
    try:
        week = read_hours(text).week(HOSPITAL)
    except CellError:
        return
    assert len(week) == 7
