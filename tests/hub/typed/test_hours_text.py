"""Opening hours as people type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.register.kinds import KINDS
from hub.saying import tell
from hub.typed.cells import CellError
from hub.typed.hours_spelled import spell_hours, spell_week_of
from hub.typed.hours_text import read_day_hours, read_hours, read_weekdays
from station.hours import Span

if TYPE_CHECKING:
    from hub.register.terms import Week

MORNING, AFTERNOON = Span(480, 690), Span(870, 1050)
BANK, HOSPITAL = KINDS["bank"].weekly, KINDS["hospital"].weekly


@pytest.mark.parametrize(
    "text",
    [
        "08:00-11:30 14:30-17:30",
        "上午:8:00-11:30  下午：14:30-17:30",
        "8:00—11:30，14:30～17:30",
        "14:30至17:30、8:00至11:30",
        "8:00-11:30\n14:30-17:30",
        "8:00-11:30；14:30-17:30",
        "8:00-11:30/14:30-17:30",
        "上午 8:00-11:30\n下午 2:30-5:30",
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
        ("周一\n周三\n8:00-11:30", [0, 2]),
        ("周一；周三：8:00-11:30", [0, 2]),
        ("周一/周三 8:00-11:30", [0, 2]),
    ],
)
def test_named_days_are_open_and_the_others_closed(text: str, days: list[int]) -> None:
    week = read_hours(text).week(HOSPITAL)

    assert week == tuple((MORNING,) if day in days else () for day in range(7))


@given(week=st.tuples(*[st.sampled_from([(), (MORNING,), (MORNING, AFTERNOON), (Span(0, 1440),)])] * 7))
def test_a_week_is_read_as_it_was_spelled_in_either_language(week: Week) -> None:
    for is_chinese in (True, False):
        text = spell_week_of(week, is_chinese=is_chinese)
        assert not text or read_hours(text).week(HOSPITAL) == week


@pytest.mark.parametrize("text", ["24小时", "全天", "00:00-24:00"])
def test_round_the_clock_is_midnight_to_midnight(text: str) -> None:
    assert read_hours(text).week(HOSPITAL) == ((Span(0, 1440),),) * 7


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("上午8:00-11:30 下午2:30-5:30", "08:00-11:30 14:30-17:30"),
        ("上午8:00-12:00，下午1:00-5:00", "08:00-12:00 13:00-17:00"),
        ("上午8:00-下午5:00", "08:00-17:00"),
        ("8:00-下午5:00", "08:00-17:00"),
        ("早8:00-晚9:00", "08:00-21:00"),
        ("早上 7:30 至 中午 12:30", "07:30-12:30"),
        ("中午11:30-1:30", "11:30-13:30"),
        ("中午12:00-15:00", "12:00-15:00"),
        ("晚上7:00-9:00", "19:00-21:00"),
        ("晚上10:00-12:00", "22:00-24:00"),
        ("夜间18:00-24:00", "18:00-24:00"),
        ("凌晨12:00-5:00", "00:00-05:00"),
        ("凌晨4:30-上午11:00", "04:30-11:00"),
        ("下午14:30-17:30", "14:30-17:30"),
        ("下午1:00-9:00", "13:00-21:00"),
        ("9:00am-5:30pm", "09:00-17:30"),
        ("12:00 pm - 12:30 p.m.", "12:00-12:30"),
        ("8:00——11:30", "08:00-11:30"),
        ("8∶00‐11∶30", "08:00-11:30"),
        ("上午8:00-11:30和下午2:30-5:30", "08:00-11:30 14:30-17:30"),
        ("02:00-05:30 08:00-11:30", "02:00-05:30 08:00-11:30"),
    ],
)
def test_a_clock_of_twelve_hours_is_read_by_its_words(text: str, spelled: str) -> None:
    hours = read_hours(text)

    assert spell_hours(hours.week(HOSPITAL)[0]) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "午夜8:00-11:30",
        "课间8:00-11:30",
        "8:00-11:30（暑假）",
        "8:00-11:30 下午",
        "上午14:00-15:00",
        "晚上3:00-4:00",
        "上午8:00-5:30",
        "8:00-5:30",
        "8:00-11:30 2:30-5:30",
        "上午8:00-11:30 2:30-5:30",
        "上午08:00-11:30 02:30-05:30",
        "2:30-5:30pm",
        "上午8:00am-11:30",
        "下午0:30-2:00",
    ],
)
def test_what_cannot_be_told_is_refused_and_no_word_dropped(text: str) -> None:
    with pytest.raises(CellError, match="hours as"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("18:00-次日02:00", ["00:00-02:00 18:00-24:00"] * 7),
        ("晚上10:00-次日凌晨6:00", ["00:00-06:00 22:00-24:00"] * 7),
        ("周五、周六 20:00 至 第二天 1:30", ["", "", "", "", "20:00-24:00", "00:00-01:30 20:00-24:00", "00:00-01:30"]),
        ("周日 08:00-12:00 22:00-翌日00:00; 周一 09:00-10:00", ["09:00-10:00", *[""] * 5, "08:00-12:00 22:00-24:00"]),
    ],
)
def test_over_midnight_is_the_evening_of_one_day_and_the_morning_of_the_next(text: str, days: list[str]) -> None:
    assert [*map(spell_hours, read_hours(text).week(HOSPITAL))] == days


def test_the_night_after_a_kinds_last_open_day_is_its_hours_too() -> None:
    days = [*map(spell_hours, read_hours("18:00-次日02:00").week(BANK))]

    assert days == ["18:00-24:00", *["00:00-02:00 18:00-24:00"] * 4, "00:00-02:00", ""]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("22:00-06:00", "over midnight as 22:00-次日06:00"),
        ("17:00-08:00", "over midnight as 22:00-次日06:00"),
        ("08:00-次日09:00", "without overlap"),
        ("周一 22:00-次日06:00; 周二 05:00-07:00", "without overlap"),
        ("次日08:00-09:00", "hours as"),
    ],
)
def test_backward_hours_and_a_night_that_reaches_too_far_are_refused(text: str, wanted: str) -> None:
    with pytest.raises(CellError, match=wanted):
        read_hours(text)


@pytest.mark.parametrize(("text", "spelled"), [("9:00-12:00", "09:00-12:00"), ("休息", ""), ("24小时", "00:00-24:00")])
def test_one_days_hours_have_no_name_of_a_day(text: str, spelled: str) -> None:
    assert spell_hours(read_day_hours(text)) == spelled


@pytest.mark.parametrize("text", ["周六 09:00-12:00", "每天 09:00-12:00", "工作日 休息", "20:00-次日02:00"])
def test_what_says_more_than_one_days_hours_is_refused_and_no_day_is_closed_by_it(text: str) -> None:
    with pytest.raises(CellError, match="hours of one day without its name"):
        read_day_hours(text)


@given(text=st.text(alphabet="次周一二日至-~:;0123459 上下午晚中，休息monap", max_size=25))
def test_any_text_is_a_week_or_a_fault(text: str) -> None:
    try:
        week = read_hours(text).week(HOSPITAL)
    except CellError:
        return
    assert len(week) == 7


@pytest.mark.parametrize("between", ["\n", "；", "、", "，", "/", " "])
def test_periods_of_named_days_may_be_parted_by_any_sign_or_a_line(between: str) -> None:
    week = read_hours(f"周一至周五 8:00-11:30{between}14:30-17:30\n周六 8:00-11:30").week(HOSPITAL)

    assert week == ((MORNING, AFTERNOON),) * 5 + ((MORNING,), ())
    assert read_day_hours(f"8:00-11:30{between}14:30-17:30") == (MORNING, AFTERNOON)


@pytest.mark.parametrize("between", ["\n", "；", "、", "，", "/", " "])
def test_weekdays_may_be_parted_by_any_sign_or_a_line(between: str) -> None:
    assert read_weekdays(f"周一{between}周三{between}周五") == (0, 2, 4)


@pytest.mark.parametrize("text", ["8:00-9:00\n周一 9:00-10:00", "周一 8:00-9:00\n周一 10:00-11:00", "周一\n周三"])
def test_hours_of_nobody_knows_which_day_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="hours as"):
        read_hours(text)


def test_a_week_in_which_no_day_is_open_is_spelled_so_that_it_is_read_as_that() -> None:
    for is_chinese in (True, False):
        assert read_hours(spell_week_of(((),) * 7, is_chinese=is_chinese)).week(HOSPITAL) == ((),) * 7


@pytest.mark.parametrize(
    "text", ["八点半", "17:30-14:30", "08:00-11:30 11:00-12:00", "8:00-11:30 2:30-5:30", "周一 8:00-9:00"]
)
def test_who_is_asked_for_one_days_hours_is_shown_no_weekdays(text: str) -> None:
    with pytest.raises(CellError) as refused:
        read_day_hours(text)

    assert "hours of one day without its name" in refused.value.wanted
    assert "周" not in tell(refused.value.wanted, is_chinese=False)
    assert "次日" not in tell(refused.value.wanted, is_chinese=True)
