"""What an operator is told: in their language, in the sheet's own words, with what was meant as likely as not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from hub.typed.nearest import nearest
from hub.verbs import import_sheets as command
from tests.hub.importing.desk import Desk
from tests.hub.importing.test_command import data_dir, run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["data_dir"]


@pytest.mark.parametrize(
    ("found", "meant"),
    [("潞州", "潞州区"), ("潞洲区", "潞州区"), ("bancs", "bank"), ("BANK", "bank"), ("园", ""), ("工厂", ""), ("", "")],
)
def test_the_nearest_word_is_found(found: str, meant: str) -> None:
    assert nearest(found, ["上党区", "潞州区", "bank", "park", "公园广场"]) == meant


@pytest.mark.parametrize(
    ("title", "column", "typed", "meant"),
    [
        ("站点", "区县", "东例", "东例区"),
        ("站点", "类别", "医阮", ""),
        ("站点", "类别", "政务大厅", "政务服务大厅"),
        ("终端", "站点编号", "h-1", "h1"),
        ("卡", "卡技术", "ntagg", "ntag"),
        ("卡", "卡号格式", "十六进", "十六进制"),
        ("卡", "状态", "遗 失卡", "遗失"),
        ("城市", "命名规则", "普洱城", "普洱"),
    ],
)
def test_a_fault_names_what_was_meant(desk: Desk, title: str, column: str, typed: str, meant: str) -> None:
    desk.change(title, 2, column, typed)

    (fault, *_) = desk.faults()

    assert fault.endswith(f"; is {meant} meant?") == bool(meant)
    assert ("meant?" in fault) == bool(meant)


def test_a_column_that_is_missing_names_the_one_that_is_like_it(desk: Desk) -> None:
    desk.sheets["站点"][0][1] = "站点名"

    (fault,) = desk.faults()

    assert fault == (
        "站点.csv, line 1: found no such column among stations; wanted is 站点名称 (name); is 站点名 meant?"
    )


def test_a_column_that_is_not_read_names_the_one_that_is_like_it(desk: Desk) -> None:
    desk.sheets["志愿者"][0][3] = "星级数"

    (warning,) = desk.import_all().warnings

    assert str(warning).endswith("the column '星级数' is not known among volunteers, and not read; is 星级 meant?")


def test_a_persons_number_is_never_answered_with_anothers(desk: Desk) -> None:
    desk.change("卡", 2, "志愿者编号", "V11")

    (fault,) = desk.faults()

    assert "meant?" not in fault


def test_faults_are_told_in_chinese_in_the_sheets_own_words(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "站点"
    sheet.append(["编号", "名称", "所属区县", "类型"])
    sheet.append(["h1", "例城医院学雷锋志愿服务点", "东例", "医院"])
    book.save(desk.folder / "例城.xlsx")
    sheets = [desk.write_one("区县"), desk.folder / "例城.xlsx"]

    status = run(command, "--lang", "zh", *map(str, sheets))

    assert status == 1
    assert capsys.readouterr().err.splitlines() == [
        "例城.xlsx 工作表“站点”第 2 行“所属区县”列（C2）：现为 “东例”；应为 这些文件或已有资料中某个区县的编号或名称；是否指“东例区”？",
        "1 处错误；没有导入任何内容",
    ]


def test_the_summary_is_told_in_chinese_by_the_locale(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    status = run(command, "--dry-run", *map(str, desk.write()))

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[0] == "城市：新增      1，更改      0，不变      0"
    assert lines[-1] == "试运行：没有写入任何内容"


def test_the_language_that_is_asked_for_wins_over_the_locale(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    run(command, "--lang", "en", "--dry-run", *map(str, desk.write()))

    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")


def test_a_sheet_of_nothing_but_faults_is_told_soon(desk: Desk) -> None:
    desk.sheets["终端"] += [[f"k{n}", f"h-{n}", "", ""] for n in range(10, 20_000)]
    began = time.thread_time()  # the processor's: beside others the same work takes longer

    faults = desk.faults()

    assert len(faults) == 19_990
    assert time.thread_time() - began < 20


@pytest.mark.parametrize(
    ("title", "column", "typed", "meant"),
    [
        ("志愿者", "所属站点", "例城医院", "h1"),
        ("志愿者", "所属站点", "例城医院学雷锋志愿服务点", "h1"),
        ("志愿者", "所属站点", "例城医院站", "h1 (例城医院)"),
        ("志愿者", "所属站点", "火车西站", ""),
        ("终端", "站点编号", "例城医院", "h1"),
        ("特殊日", "站点编号", "例城医院", "h1"),
        ("值班表", "站点编号", "例城医院", "h1"),
        ("值班表", "站点编号", "H1", "h1"),
        ("服务时间", "站点编号", "例城医院", "h1"),
    ],
)
def test_a_stations_name_in_the_place_of_its_code_is_answered_by_the_code(
    desk: Desk, title: str, column: str, typed: str, meant: str
) -> None:
    desk.sheets["特殊日"] = [["日期", "站点编号", "服务时间", "原因"], ["2026-04-01", "h1", "休息", "停电"]]
    desk.sheets["值班表"] = [["站点编号", "星期", "时段", "值班人员"], ["h1", "周一", "08:00-11:30", "V1"]]
    desk.sheets["服务时间"] = [["站点编号", "服务时间"], ["h1", "08:00-11:30"]]
    desk.change(title, 2, column, typed)

    (fault, *_) = desk.faults()

    assert f"found '{typed}'; wanted is " in fault
    assert "in these files or the database" in fault
    assert fault.endswith(f"; is {meant} meant?") if meant else "meant?" not in fault


@pytest.mark.parametrize("typed", ["1002.5", "2026.10"])
def test_a_fraction_is_no_volunteers_number(desk: Desk, typed: str) -> None:
    desk.change("志愿者", 2, "志愿者编号", typed)

    assert "wanted is a number of the register, not a fraction" in desk.faults()[0]


@pytest.mark.parametrize(
    ("typed", "meant"), [("46082", "2026-03-01"), ("26.3.1", "2026-03-01"), ("26-13-1", ""), ("3月1日", ""), ("99", "")]
)
def test_a_date_that_cannot_be_taken_is_asked_about(desk: Desk, typed: str, meant: str) -> None:
    desk.change("志愿者", 2, "培训日期", typed)

    (fault,) = desk.faults()

    assert fault.endswith("wanted is a date as 2026-03-05" + (f"; is {meant} meant?" if meant else ""))
