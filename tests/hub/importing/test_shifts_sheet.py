"""值班表 as a sheet: who is expected when, and what is said beside the cell where it cannot be read."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from hub.database.people_tables import Volunteer
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.importing.sheet_faults import ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.importing.shifts import _Line, _remark_twice
from hub.register.shifts import read_shift_week, read_shifts
from hub.typed.hours_spelled import spell_weekdays
from hub.typed.hours_text import read_weekdays
from station.hours import WEEK, Span

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

HEAD = ["站点编号", "星期", "日期", "时段", "值班人员", "生效日期", "说明"]


def faults(desk: Desk, *lines: list[str], head: list[str] = HEAD) -> list[str]:
    desk.sheets["值班表"] = [head, *lines]
    with pytest.raises(ImportRefusedError) as refused:
        desk.import_all()
    return [str(one) for one in refused.value.faults.faults]


def people(desk: Desk) -> dict[str, str]:
    return {str(row["number"]): str(row["person"]) for row in desk.rows(Volunteer)}


def test_weeks_and_days_are_taken_with_people_by_number_or_name(desk: Desk) -> None:
    desk.sheets["值班表"] = [
        HEAD,
        ["h1", "周一至周三", "", "08:00-11:30", "V1 V2", "2026-03-09", ""],
        ["h1", "周三", "", "14:30-17:30", "例乙丑", "2026-03-09", ""],
        ["h1", "", "2026-03-12", "08:00-11:30", "v2", "", "对调"],
        ["h1", "", "2026-03-13", "08:00-11:30", "", "", ""],
    ]

    counts = desk.import_all().counts

    who = people(desk)
    [row] = desk.rows(ShiftWeekRow)
    week = read_shift_week(str(row["shifts"]))
    assert (row["station"], row["from_day"]) == ("h1", date(2026, 3, 9))
    assert [[sorted(shift.people) for shift in day] for day in week] == [
        [sorted(who.values())], [sorted(who.values())], [sorted(who.values()), [who["V1"]]], [], [], [], [],
    ]  # fmt: skip
    days = {str(one["day"]): (read_shifts(str(one["shifts"])), one["reason"]) for one in desk.rows(ShiftDayRow)}
    assert [shift.people for shift in days["2026-03-12"][0]] == [(who["V2"],)]
    assert (days["2026-03-12"][1], days["2026-03-13"]) == ("对调", ((), ""))
    assert counts[FormName.SHIFTS].added == 3
    assert desk.import_all().counts[FormName.SHIFTS].unchanged == 3


def test_a_line_a_person_is_read_as_well(desk: Desk) -> None:
    desk.sheets["值班表"] = [HEAD[:5], *(["h1", "周一", "", "08:00-11:30", one] for one in ("V1", "V2"))]

    desk.import_all()

    [row] = desk.rows(ShiftWeekRow)
    [[shift], *_] = read_shift_week(str(row["shifts"]))
    assert sorted(shift.people) == sorted(people(desk).values())
    assert row["from_day"] == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["h9", "周一", "", "08:00-11:30", "V1"], "column 站点编号: found 'h9'; wanted is a station in these files"),
        (["h1", "", "", "08:00-11:30", "V1"], "column 星期: found nothing; wanted is weekdays, as 周一至周五"),
        (
            ["h1", "周一", "2026-03-09", "08:00-11:30", "V1"],
            "column 星期: found a weekday and a day; wanted is weekdays",
        ),
        (["h1", "初一", "", "08:00-11:30", "V1"], "column 星期: found '初一'; wanted is weekdays as 周一, 周一至周五"),
        (["h1", "周一", "", "八点", "V1"], "column 时段: found '八点'; wanted is hours of one day"),
        (
            ["h1", "周一", "", "周一 08:00-11:30", "V1"],
            "column 时段: found '周一 08:00-11:30'; wanted is hours of one day",
        ),
        (["h1", "周一", "", "08:00-11:30", "V9"], "column 值班人员: found 2 characters; wanted is number or name of"),
        (
            ["b1", "周一", "", "08:00-11:30", "例乙丑"],
            "column 值班人员: found 3 characters; wanted is number or name of",
        ),
        (["h1", "周一", "", "08:00-11:30", "13800001234"], "column 值班人员: found 11 characters; wanted is a code;"),
    ],
)
def test_what_cannot_be_read_is_told_of_its_cell(desk: Desk, line: list[str], said: str) -> None:
    [fault] = faults(desk, line, head=HEAD[:5])

    assert said in fault
    assert "例乙丑" not in fault
    assert desk.rows(ShiftWeekRow) == []


def test_hours_that_overlap_are_told_once(desk: Desk) -> None:
    lines = [["h1", "周一", "", hours, "V1", "", ""] for hours in ("08:00-11:30", "11:00-12:00")]

    [fault] = faults(desk, *lines)

    assert "column 时段: found hours that overlap; wanted is hours without overlap" in fault


def test_who_stands_in_one_stretch_twice_counts_once_and_is_remarked(desk: Desk) -> None:
    desk.sheets["值班表"] = [
        HEAD[:5],
        ["h1", "周一至周三", "", "08:00-11:30", "V1"],
        ["h1", "周三", "", "08:00-11:30", "V1 V2"],
        ["h1", "周四", "", "08:00-11:30", "V1 例乙丑"],
    ]

    told = desk.import_all()

    who = people(desk)
    [row] = desk.rows(ShiftWeekRow)
    week = read_shift_week(str(row["shifts"]))
    assert [shift.people for shift in week[2]] == [tuple(sorted(who.values()))]
    [remarked] = [str(one) for one in told.warnings if "again in" in str(one)]
    assert "lines 3, 4" in remarked
    assert "V1 again in 08:00-11:30, which counts once" in remarked


def test_a_line_of_many_is_not_gone_through_once_for_each() -> None:
    """It may name hundreds, in dozens of stretches of every day."""
    compared = []

    class Told(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append(other)
            return str.__eq__(self, other)

    many, stretch = [Told(n) for n in (*range(300), 7)], Span(480, 690)
    warned: list[object] = []
    work = SimpleNamespace(
        draft=SimpleNamespace(of=lambda _: {}), faults=SimpleNamespace(warn=lambda *said: warned.append(said))
    )
    line = _Line(SimpleNamespace(place="line 2"), tuple(range(WEEK)), (stretch,), tuple(many))  # type: ignore[arg-type]  # the little that is asked of it

    _remark_twice([line], work)  # type: ignore[arg-type]  # as above

    assert len(warned) == 1
    assert len(compared) < 10 * WEEK * len(many)


def test_a_name_that_two_have_is_no_answer(desk: Desk) -> None:
    desk.sheets["志愿者"] += [["V3", "例乙丑", "h1", "", ""]]

    [fault] = faults(desk, ["h1", "周一", "", "08:00-11:30", "例乙丑", "", ""])

    assert "found a name that 2 people of the station have; wanted is number or name of somebody" in fault


def test_hours_in_which_it_is_never_open_are_remarked_and_taken(desk: Desk) -> None:
    desk.sheets["值班表"] = [HEAD, ["b1", "周一、周日", "", "09:00-12:00", "V2", "", ""]]

    told = desk.import_all()

    assert any("09:00-12:00, in which the station is not open" in str(one) for one in told.warnings)
    assert len(desk.rows(ShiftWeekRow)) == 1


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周一", (0,)),
        ("周一至周五", (0, 1, 2, 3, 4)),
        ("工作日", (0, 1, 2, 3, 4)),
        ("周六、周日", (5, 6)),
        ("Mon-Wed", (0, 1, 2)),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: str, days: tuple[int, ...]) -> None:
    assert read_weekdays(text) == days
    assert read_weekdays(spell_weekdays(days)) == days


@pytest.mark.parametrize(("title", "column"), [("志愿者", "培训日期"), ("站点", "服务时间")])
def test_who_may_stand_on_a_line_with_a_fault_is_not_blamed_as_well(title: str, column: str, desk: Desk) -> None:
    """By number or name; also who is of another station, whose own line is at fault."""
    for line in (2, 3):
        desk.change(title, line, column, "是")
    lines = [["h1", "周一", "", "08:00-11:30", one, "", ""] for one in ("V1", "例乙丑", "V2", "例丙寅")]

    told = faults(desk, *lines)

    assert len(told) == 2, told
    assert all(column in one for one in told)
