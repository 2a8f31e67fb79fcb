"""Sheets as clerks really have them: what is meant comes in, what cannot be told is refused, nothing is passed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from hub.database.people_tables import Membership, Volunteer
from hub.importing.sheet_faults import ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.importing.work import LineCount
from hub.register.reading import read_directory
from station.hours import SHANGHAI, Span
from station.names import StationCode
from tests.hub.importing.desk import Desk, faults_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEETS = Path(__file__).parents[2] / "golden" / "sheets"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Of a city that has what the sheets name."""
    desk.sheets["区县"].append(["east", "东城区"])
    desk.sheets["站点"] += [
        ["park-1", "例城公园学雷锋志愿服务点", "east", "公园", "", ""],
        ["hospital-1", "例城一院学雷锋志愿服务点", "east", "医院", "", ""],
    ]
    desk.import_all()
    return desk


def take(desk: Desk, *names: str) -> dict[FormName, LineCount]:
    return desk.importer().import_files([SHEETS / name for name in names]).counts


def refuse(desk: Desk, *paths: Path) -> list[str]:
    before = desk.everything()

    faults = faults_of(desk.importer(), list(paths))

    assert desk.everything() == before
    return faults


def write_book(desk: Desk, title: str, *lines: Sequence[object], merged: Sequence[str] = ()) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    for ref in merged:
        sheet.merge_cells(ref)
    path = desk.folder / f"{title}.xlsx"
    book.save(path)
    return path


def people(desk: Desk) -> dict[str, str]:
    return {str(row["number"]): str(row["full_name"]) for row in desk.rows(Volunteer)}


def test_a_clock_of_twelve_hours_is_read_by_its_words(desk: Desk) -> None:
    take(desk, "hours-12h.csv")

    with desk.engine.connect() as connection:
        stations = read_directory(connection, SHANGHAI).stations
    days = {code: stations[StationCode(code)].terms.week_on(date(2026, 3, 5))[0] for code in ("a-1", "a-2", "a-3")}
    assert days == {
        "a-1": (Span(480, 690), Span(870, 1050)),
        "a-2": (Span(1140, 1260),),
        "a-3": (Span(480, 720), Span(780, 1020)),
    }


def test_what_is_merged_downwards_stands_in_every_line(desk: Desk) -> None:
    take(desk, "merged-volunteers.xlsx")

    rows = [row for row in desk.rows(Volunteer) if str(row["full_name"]).startswith("样")]
    assert [(row["star"], row["trained_on"]) for row in rows] == [(2, date(2026, 1, 9))] * 4
    whose = {row["person"] for row in rows}
    members = [row for row in desk.rows(Membership) if row["person"] in whose and row["until_day"] is None]
    assert [row["station"] for row in members] == ["hospital-1"] * 4


@pytest.mark.parametrize(
    ("lines", "merged"),
    [
        ([["志愿者编号", "姓名"], ["V8", "样甲"], ["V9", "样乙"]], "A2:B3"),
        ([["志愿者编号", "姓名", "备注"], ["V8", "样甲"], ["V9", "样乙"]], "B2:C2"),
        ([["志愿者编号", "姓名", ""], ["V8", "样", "甲"]], "B1:C1"),
    ],
)
def test_what_is_merged_across_columns_is_refused_with_its_range(
    desk: Desk, lines: list[list[str]], merged: str
) -> None:
    (fault,) = refuse(desk, write_book(desk, "志愿者", *lines, merged=[merged]))

    assert f"found merged cells {merged}; wanted is cells that are not merged across columns" in fault


def test_a_title_that_is_merged_above_the_header_stands_in_no_way(desk: Desk) -> None:
    path = write_book(desk, "志愿者", ["例城志愿者", ""], ["志愿者编号", "姓名"], ["V8", "样甲"], merged=["A1:B1"])

    desk.importer().import_files([path])

    assert people(desk)["V8"] == "样甲"


def test_a_formula_that_was_never_calculated_empties_nothing(desk: Desk) -> None:
    faults = refuse(desk, SHEETS / "formulas-never-calculated.xlsx")

    assert [fault.partition(":")[0] for fault in faults] == [
        "formulas-never-calculated.xlsx, sheet 志愿者, line 2, column 所属站点 (C2)",
        "formulas-never-calculated.xlsx, sheet 志愿者, line 2, column 培训日期 (D2)",
    ]
    assert all("found a formula without a value; wanted is its value; open the file" in fault for fault in faults)


def test_numbers_that_were_rounded_are_refused(desk: Desk) -> None:
    faults = refuse(desk, SHEETS / "long-numbers.csv")

    assert len(faults) == 2
    assert all("make the column text" in fault for fault in faults)
    assert "1.10101" not in "".join(faults)


@pytest.mark.parametrize("typed", ["2026-03-05", "3月5日", "5-Mar"])
def test_a_number_that_became_a_date_is_refused(desk: Desk, typed: str) -> None:
    desk.change("志愿者", 2, "志愿者编号", typed)

    assert "which was made a date: make the column text" in desk.faults()[0]


def test_everybody_twice_but_for_leading_zeros_is_remarked(desk: Desk) -> None:
    take(desk, "leading-zeros-first.csv")

    with desk.engine.connect() as connection:
        if connection.dialect.name == "sqlite":  # rows come in any order, of which this is one
            connection.exec_driver_sql("PRAGMA reverse_unordered_selects = ON")

    imported = desk.importer().import_files([SHEETS / "leading-zeros-second.xlsx"])

    assert [str(warning).partition(" but for")[0] for warning in imported.warnings] == [
        "leading-zeros-second.xlsx, sheet 志愿者, line 2: 4 characters is alike to one that is entered",
        "leading-zeros-second.xlsx, sheet 志愿者, line 3: 2 characters is alike to one that is entered",
    ]


def test_keys_of_one_list_that_are_alike_are_remarked_once(desk: Desk) -> None:
    desk.sheets["站点"].append(["H1", "例城分院学雷锋志愿服务点", "d1", "医院", "", ""])
    desk.sheets["终端"] += [["k-7", "h1", "", ""], ["K-07", "h1", "", ""]]

    warnings = [str(warning) for warning in desk.import_all().warnings]

    assert warnings == [
        "站点.csv, line 6: 'H1' is alike to 站点.csv, line 2 but for zeros, blanks, width or case: is it another one?",
        "终端.csv, line 4: 'k-7' is alike to 终端.csv, line 5 but for zeros, blanks, width or case: is it another one?",
    ]


def test_a_number_that_a_sheet_shows_with_zeros_has_them(desk: Desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "志愿者"
    sheet.append(["志愿者编号", "姓名"])
    sheet.append([7147, "样甲"])
    sheet["A2"].number_format = "000000"
    book.save(desk.folder / "志愿者.xlsx")

    desk.importer().import_files([desk.folder / "志愿者.xlsx"])

    assert "007147" in people(desk)


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        ('"V"000', "V017"), ("\\V0", "V17"), ('"样-"0000', "样-0017"), ('000"号"', "017号"), ("-000", "-017"),
        ('0"人"', "17"), ('"¥"#,##0', "17"), ("0", "17"), ("General", "17"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_format_shows_it(desk: Desk, shape: str, shown: str) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "志愿者"
    sheet.append(["志愿者编号", "姓名"])
    sheet.append([17, "样甲"])
    sheet["A2"].number_format = shape
    book.save(desk.folder / "志愿者.xlsx")

    desk.importer().import_files([desk.folder / "志愿者.xlsx"])

    assert shown in people(desk)


def test_a_header_alone_is_no_import(desk: Desk) -> None:
    path = desk.folder / "志愿者.csv"
    path.write_text("志愿者编号,姓名\n", encoding="utf-8")

    with pytest.raises(ImportRefusedError, match="the files hold nothing to import; wanted are lines below the header"):
        desk.importer().import_files([path])


def test_what_keeps_numbers_text_comes_off(desk: Desk) -> None:
    take(desk, "excel-safe.csv")

    assert {"007147", "000042", "000043"} <= people(desk).keys()


@pytest.mark.parametrize("disguise", ["\u200b{}", "\u202e{}\u202c", "{}\ufeff", "\xa0{}\u3000", "'{}", '="{}"'])
def test_what_nobody_sees_makes_no_second_person(desk: Desk, disguise: str) -> None:
    desk.change("志愿者", 2, "志愿者编号", disguise.format("V1"))
    desk.change("志愿者", 2, "姓名", disguise.format("例\u200e乙丑"))
    desk.change("卡", 2, "志愿者编号", disguise.format("Ｖ１"))
    desk.change("终端", 2, "站点编号", disguise.format("h1"))

    imported = desk.import_all()

    assert {(count.added, count.changed) for count in imported.counts.values()} == {(0, 0)}


@pytest.mark.parametrize("name", ["买买提·艾力", "䶮䶮", "𠮷野", "样（甲）"])
def test_a_rare_name_stays_as_it_is_written(desk: Desk, name: str) -> None:
    desk.change("志愿者", 2, "姓名", name)

    desk.import_all()

    assert people(desk)["V1"] == name


def test_blanks_that_only_widen_a_name_go(desk: Desk) -> None:
    desk.change("志愿者", 2, "姓名", "样　甲")
    desk.change("志愿者", 3, "姓名", "Li  Invented")

    desk.import_all()

    assert (people(desk)["V1"], people(desk)["V2"]) == ("样甲", "Li Invented")


@pytest.mark.parametrize("title", ["volunteers", "列表"])
def test_a_title_with_commas_over_tabs_is_a_title(desk: Desk, title: str) -> None:
    path = desk.folder / f"{title}.csv"
    path.write_text("名单,甲,乙,丙\n志愿者编号\t姓名\nV8\t样甲\n", encoding="utf-8")

    desk.importer().import_files([SHEETS / "title-over-tabs.csv", path])

    assert people(desk)["V8"] == "样甲"


@pytest.mark.parametrize("word", ["合计", "总 计", "小计：", "合计 25人", "Total"])
def test_a_line_of_totals_is_no_volunteer(desk: Desk, word: str) -> None:
    desk.sheets["志愿者"].append([word, "1人", "", "", ""])

    (fault,) = desk.faults()

    assert "wanted is a line of its own; take out the line of totals" in fault


@pytest.mark.parametrize(
    "line",
    [
        ["志愿者编号", "姓名"], ["编号", "姓名", "", "", "培训日期"], ["站点编号", "站点名称"], ["number", "name"],
    ],
)  # fmt: skip
def test_a_header_that_stands_again_among_lines_is_no_volunteer(desk: Desk, line: list[str]) -> None:
    desk.sheets["志愿者"].append([*line, *[""] * (5 - len(line))])

    faults = desk.faults()

    assert any("take out the header that stands here again" in fault for fault in faults)


@pytest.mark.parametrize(
    "line",
    [
        ["制表：样丙", "审核：样丁"], ["填表人", "样丙"], ["注：2026 年的名单", "单位盖章"], ["共25人", "2026年"],
        ["审 核 人：", "样丁"], ["以上为全部人员", "样丁"], ["备注2：样", "样"],
    ],
)  # fmt: skip
def test_what_is_written_around_a_list_is_no_volunteer(desk: Desk, line: list[str]) -> None:
    desk.sheets["志愿者"].append([*line, "", "", ""])

    (fault,) = desk.faults()

    assert "wanted is a line of its own; take out" in fault


@pytest.mark.parametrize("number", ["样丙", "编号：07", "——"])
def test_what_is_no_number_of_a_register_is_refused(desk: Desk, number: str) -> None:
    desk.change("志愿者", 2, "志愿者编号", number)

    assert any("wanted is a number of the register" in fault for fault in desk.faults())


@pytest.mark.parametrize("number", ["甲-07", "长志007", "V1#", "A"])
def test_numbers_of_registers_are_taken(desk: Desk, number: str) -> None:
    desk.sheets["志愿者"].append([number, "样丙", "", "", ""])

    desk.import_all()

    assert number in people(desk)


@pytest.mark.parametrize("name", ["样甲、样乙", "样甲，样乙", "样甲,样乙", "12", "男", "——"])
def test_what_is_no_name_of_one_person_is_refused(desk: Desk, name: str) -> None:
    desk.change("志愿者", 2, "姓名", name)

    (fault,) = desk.faults()

    assert "wanted is the name of one person" in fault


def test_a_workbooks_line_of_totals_is_no_volunteer(desk: Desk) -> None:
    (fault,) = refuse(desk, SHEETS / "totals-line.xlsx")

    assert "totals-line.xlsx, sheet 志愿者, line 3, column 志愿者编号 (A3)" in fault


def test_a_strict_workbook_beside_a_good_file_keeps_both_out(desk: Desk) -> None:
    (fault,) = refuse(desk, SHEETS / "strict-ooxml.xlsx", SHEETS / "leading-zeros-first.csv")

    assert fault.startswith(
        "strict-ooxml.xlsx: found a file that cannot be read; wanted is an Excel workbook; this one"
    )


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n ,,\r\n", "\u200b\n".encode()])
def test_an_empty_file_beside_a_good_one_keeps_both_out(desk: Desk, content: bytes) -> None:
    path = desk.folder / "空.csv"
    path.write_bytes(content)

    (fault,) = refuse(desk, path, SHEETS / "leading-zeros-first.csv")

    assert fault.startswith("空.csv: found nothing in it that can be seen")


def test_a_workbook_of_hidden_sheets_beside_a_good_file_keeps_both_out(desk: Desk) -> None:
    book = Workbook()
    book.create_sheet("志愿者").append(["志愿者编号", "姓名"])
    book["志愿者"].sheet_state = "hidden"
    book.save(desk.folder / "藏.xlsx")

    (fault,) = refuse(desk, desk.folder / "藏.xlsx", SHEETS / "leading-zeros-first.csv")

    assert fault.startswith("藏.xlsx: found nothing in it that can be seen")


def test_a_column_without_a_header_is_not_read_and_said_so(desk: Desk) -> None:
    path = desk.folder / "志愿者.csv"
    path.write_text("志愿者编号,姓名,\nV8,样甲,\nV9,样乙,b1\n", encoding="utf-8")

    imported = desk.importer().import_files([path])

    assert list(imported.warnings) == ["志愿者.csv, line 1: column C has no header, and is not read"]


def test_what_is_hidden_is_read_and_said(desk: Desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "志愿者"
    for line in desk.sheets["志愿者"]:
        sheet.append(line)
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[3].hidden = True
    paths = [path for path in desk.write() if path.stem != "志愿者"]
    book.save(desk.folder / "人.xlsx")

    imported = desk.importer().import_files([*paths, desk.folder / "人.xlsx"])

    assert sorted(map(str, imported.warnings)) == [
        "人.xlsx, sheet 志愿者: 1 line is hidden or filtered out, and read all the same",
        "人.xlsx, sheet 志愿者: column 星级 is hidden, and read all the same",
    ]
    assert {row["number"] for row in desk.rows(Volunteer)} == {"V1", "V2"}
