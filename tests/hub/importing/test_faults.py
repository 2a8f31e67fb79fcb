"""Each column's bad values: where they are, what was found, what is wanted, and nothing of it imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from hub.importing.sheet_faults import SHOWN, ImportRefusedError, more_than_shown
from hub.saying import Said, tell
from tests.databases import be_impatient, locked
from tests.hub.importing.desk import CITY, faults_of

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

BAD_CELLS = [
    ("区县", 2, "区县名称", "", "nothing; wanted is a value"),
    ("城市", 2, "城市", "例" * 101, "at most 100 characters"),
    ("城市", 2, "命名规则", "北京", "one of changzhi, puer"),
    ("区县", 2, "区县编号", "d 1", "letters a-z or A-Z, digits"),
    ("区县", 3, "区县编号", "d1", "each once"),
    ("区县", 3, "区县名称", "东例区", "a name of its own"),
    ("业务主管单位", 2, "类别", "工厂", "one of 医院"),
    ("业务主管单位", 2, "业务主管单位", "", "a value"),
    ("站点", 3, "站点编号", "h1", "each once"),
    ("站点", 3, "站点编号", "站一", "letters a-z or A-Z, digits"),
    ("站点", 3, "站点编号", "x" * 33, "1 to 32"),
    ("站点", 3, "站点名称", "#REF!", "a formula that failed"),
    ("站点", 3, "区县", "北例区", "code or name of a district"),
    ("站点", 3, "类别", "bancs", "hospital, bank"),
    ("站点", 3, "服务时间", "8点到11点半", "hours as 08:00-11:30"),
    ("站点", 3, "服务时间", "11:30-08:00", "from earlier to later"),
    ("站点", 3, "服务时间", "08:00-11:30 11:00-12:00", "without overlap"),
    ("站点", 3, "服务时间", "22:00-06:00", "over midnight as 22:00-次日06:00"),
    ("站点", 3, "服务时间", "08:61-11:30", "hours as"),
    ("站点", 3, "服务时间", "周一 08:00-11:30; 周一 14:00-15:00", "each day once"),
    ("站点", 3, "服务时间", "休息", "hours as"),
    ("站点", 3, "生效日期", "2026-02-30", "a date as 2026-03-05"),
    ("站点", 3, "最低在岗", "0", "a whole number from 1 to 50"),
    ("站点", 3, "最低在岗", "1.5", "a whole number"),
    ("站点", 3, "应在岗", "-2", "a whole number"),
    ("终端", 2, "终端编号", "hub", "the hub's own"),
    ("终端", 3, "终端编号", "k1", "each once"),
    ("终端", 2, "站点编号", "h9", "a station in these files"),
    ("终端", 2, "启用日期", "昨天", "a date"),
    ("终端", 2, "停用日期", "2026-01-05", "a day after 2026-01-05"),
    ("志愿者", 3, "志愿者编号", "V1", "each once"),
    ("志愿者", 2, "志愿者编号", "11010519491231002X", "identity card's number is not kept"),
    ("志愿者", 2, "姓名", "", "a value"),
    ("志愿者", 2, "所属站点", "h1, h9", "codes of stations"),
    ("志愿者", 2, "星级", "6", "from 0 to 5"),
    ("志愿者", 2, "培训日期", "2026-03-06", "not after today"),
    ("卡", 3, "卡号", "04000000000001", "a number of 5 bytes for em4100"),
    ("卡", 2, "卡号", "0400000000000", "an even count of hex digits"),
    ("卡", 2, "卡号", "4.00000000000001E+15", "make the column text"),
    ("卡", 2, "卡号", "08A1B2C3", "as phones give it"),
    ("卡", 2, "卡号", "AFA1B2C3", "many cards carry this one"),
    ("卡", 2, "卡号", "88A1B2C3", "many cards carry this one"),
    ("卡", 2, "卡号", "01020304", "many cards carry this one"),
    ("卡", 2, "卡号", "00000000", "all bytes of this one are the same"),
    ("卡", 2, "卡技术", "射频", "em4100, iso14443a"),
    ("卡", 2, "卡号格式", "八进制", "hex, hex-reversed"),
    ("卡", 2, "卡号前缀", "XY", "a prefix of hex digits"),
    ("卡", 2, "志愿者编号", "V9", "a volunteer in these files"),
    ("卡", 2, "状态", "借出", "one of 有效"),
]


@pytest.mark.parametrize(("title", "line", "column", "text", "wanted"), BAD_CELLS)
def test_a_bad_cell_is_named_and_nothing_comes_in(
    desk: Desk,
    *,
    title: str,
    line: int,
    column: str,
    text: str,
    wanted: str,
) -> None:
    empty = desk.everything()
    desk.change(title, line, column, text)

    faults = desk.faults()

    assert faults[0].startswith(f"{title}.csv, line ")
    assert any(f"line {line}, column" in fault and wanted in fault for fault in faults)
    assert desk.everything() == empty


@pytest.mark.parametrize(
    ("title", "line", "column", "text"),
    [
        ("卡", 2, "卡号", "0EA1B2C3D4E5F6A7"),
        ("卡", 3, "卡号前缀", "62E30812"),
        ("卡", 3, "志愿者编号", "V-SECRET"),
        ("志愿者", 3, "姓名", "例" * 120),
        ("志愿者", 3, "志愿者编号", "11010519491231002X"),
        ("站点", 2, "负责人", "例" * 120),
    ],
)
def test_a_fault_never_shows_what_a_private_cell_holds(
    desk: Desk, title: str, line: int, column: str, text: str
) -> None:
    desk.change(title, line, column, text)

    faults = desk.faults()

    assert faults
    assert text not in "\n".join(faults)


def test_all_faults_of_all_files_are_told_at_once(desk: Desk) -> None:
    desk.change("区县", 2, "区县编号", "d 1")
    desk.change("站点", 2, "类别", "工厂")
    desk.change("站点", 3, "服务时间", "随时")
    desk.change("卡", 2, "卡号", "08A1B2C3")

    faults = desk.faults()

    for place in ("区县.csv, line 2", "站点.csv, line 2", "站点.csv, line 3", "卡.csv, line 2"):
        assert any(fault.startswith(place) for fault in faults)


def test_a_station_that_is_missing_is_named_once_with_how_many_lines_want_it(desk: Desk) -> None:
    desk.sheets["志愿者"] += [[f"N{n}", "例丁卯", "h7", "", ""] for n in range(100)]

    told = told_of(desk)

    wanted = (
        "志愿者.csv, 100 lines (4, 5, 6, 7, 8 and more), column 所属站点: found 'h7'; wanted is codes of stations in "
        "these files or the database"
    )
    assert [tell(said, is_chinese=False) for said in told] == [wanted]
    assert "有 100 行（第 4，5，6，7，8 行等）“所属站点”列：现为 “h7”" in tell(told[0], is_chinese=True)


def test_two_lines_with_the_same_fault_are_both_named(desk: Desk) -> None:
    desk.sheets["志愿者"] += [[f"N{n}", "例丁卯", "h7", "", ""] for n in range(2)]

    assert [str(said).partition(",")[2][:12] for said in told_of(desk)] == [" lines 4, 5,"]


@pytest.mark.parametrize("second", [["", "", "", "星级", "日期"], ["", "", "上午、下午", "", ""]])
def test_a_header_of_two_lines_is_called_one(desk: Desk, second: list[str]) -> None:
    desk.sheets["志愿者"].insert(1, second)

    (told,) = desk.faults()

    assert told.startswith("志愿者.csv, line 2, column ")
    assert "the header has two lines: make them one" in told


def test_a_header_of_two_lines_that_were_merged_is_called_one(desk: Desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "区县"
    sheet.append(["区县编号", "区县名称"])
    sheet.append([])
    sheet.append(["d9", "北例区"])
    for column in "AB":
        sheet.merge_cells(f"{column}1:{column}2")
    book.save(desk.folder / "例城.xlsx")

    wanted = (
        "例城.xlsx, sheet 区县, line 1: found a header of 2 lines, 1, 2; wanted is a header of one line: "
        "split the merged cells, and give each column one name"
    )
    assert faults_of(desk.importer(), [desk.folder / "例城.xlsx"]) == [wanted]


def told_of(desk: Desk) -> list[Said]:
    with pytest.raises(ImportRefusedError) as refused:
        desk.importer().import_files(desk.write())
    return refused.value.faults.said


def test_a_screenful_is_shown_and_the_rest_counted() -> None:
    assert list(more_than_shown(SHOWN, is_chinese=False)) == []
    assert list(more_than_shown(SHOWN + 7, is_chinese=False)) == ["and 7 more"]
    assert list(more_than_shown(SHOWN + 7, is_chinese=True)) == ["另有 7 项"]


def test_a_line_in_a_workbook_is_named_with_its_sheet(desk: Desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "区县"
    sheet.append(["区县编号", "区县名称"])
    sheet.append(["d 1", "东例区"])
    book.save(desk.folder / "例城.xlsx")

    faults = faults_of(desk.importer(), [desk.folder / "例城.xlsx"])

    assert [fault.partition(":")[0] for fault in faults] == ["例城.xlsx, sheet 区县, line 2, column 区县编号 (A2)"]


def test_a_card_number_that_excel_has_rounded_is_not_guessed(desk: Desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "卡"
    sheet.append(CITY["卡"][0])
    sheet.append([1125899906842625.0, "NTAG", "decimal", "", ""])
    book.save(desk.folder / "卡.xlsx")

    faults = faults_of(desk.importer(), [desk.folder / "卡.xlsx"])

    assert "make the column text" in faults[0]


def test_the_line_is_right_after_a_cell_of_several_lines(desk: Desk) -> None:
    desk.change("站点", 2, "负责人", "例甲子\n(暂)")
    desk.change("站点", 3, "类别", "工厂")

    faults = desk.faults()

    assert [fault.partition(", column")[0] for fault in faults] == ["站点.csv, line 2", "站点.csv, line 4"]


def test_one_card_in_two_spellings_is_one_card_twice(desk: Desk) -> None:
    desk.sheets["卡"].append(["3808980205", "ID卡", "十进制", "62", "V1"])

    faults = desk.faults()

    assert len(faults) == 1
    assert "卡.csv, line 4, column 卡号: found the same again as in 卡.csv, line 3" in faults[0]


def test_a_holder_is_not_taken_away_by_an_emptied_cell(desk: Desk) -> None:
    desk.import_all()
    desk.change("卡", 2, "志愿者编号", "")

    faults = desk.faults()

    assert "found nothing; wanted is the volunteer whose card it is; a card that is given back" in faults[0]


def test_a_station_that_closes_under_a_kiosk_in_service_is_a_fault_of_its_cell(desk: Desk) -> None:
    desk.change("站点", 2, "关闭日期", "2026-04-01")

    faults = desk.faults()

    found = "2026-04-01, and kiosk k1 in service there without an end"
    wanted = "a day from which none of its kiosks is in service; retire them first"
    assert faults == [f"站点.csv, line 2, column 关闭日期: found {found}; wanted is {wanted}"]


def test_a_kiosk_does_not_change_stations(desk: Desk) -> None:
    desk.import_all()
    desk.change("终端", 2, "站点编号", "b1")

    faults = desk.faults()

    assert "a kiosk that moves gets a new id" in faults[0]


def test_a_target_below_the_minimum_is_a_fault(desk: Desk) -> None:
    desk.change("站点", 2, "最低在岗", "3")
    desk.change("站点", 2, "应在岗", "2")

    faults = desk.faults()

    assert "found 2, below the minimum of 3" in faults[0]


def test_a_missing_column_is_named_once(desk: Desk) -> None:
    for line in desk.sheets["终端"]:
        del line[1]

    faults = desk.faults()

    assert faults == [
        "终端.csv, line 2, column 站点编号 (station): found no such column; wanted is a value, for a line that is new"
    ]


def test_a_column_twice_is_a_fault(desk: Desk) -> None:
    desk.sheets["区县"][0] = ["区县编号", "district_code"]

    faults = desk.faults()

    assert "found the column district_code twice" in faults[0]


def test_a_file_without_any_known_header_says_what_headers_there_are(desk: Desk) -> None:
    path = desk.folder / "随便.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")

    faults = faults_of(desk.importer(), [path])

    assert "found '甲', '乙'" in faults[0]
    assert "cards (卡号, 卡技术, 卡号格式)" in faults[0]


def test_a_list_without_a_header_is_not_repeated_in_a_fault(desk: Desk) -> None:
    path = desk.folder / "随便.csv"
    path.write_text("62E3086CED,04000000000001,13800000000\n", encoding="utf-8")

    (fault,) = faults_of(desk.importer(), [path])

    assert "found '62E…CED', '…', '…'" in fault


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("a.csv", b"\xff\xff\xff", "UTF-8 or GB18030"),
        ("a.csv", b"a\0b", "this is no text and no workbook"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n\0\0", "this is no text and no workbook"),
        ("a.csv", b'"never closed\n', "well-formed CSV"),
        ("a.xlsx", b"PK\x03\x04 and no more", "an XLSX workbook"),
    ],
)
def test_a_torn_file_is_a_fault(desk: Desk, name: str, content: bytes, wanted: str) -> None:
    path = desk.folder / name
    path.write_bytes(content)

    faults = faults_of(desk.importer(), [path])

    assert len(faults) == 1
    assert wanted in faults[0]


def test_a_database_locked_by_another_is_told_in_one_sentence(desk: Desk) -> None:
    be_impatient(desk.engine)

    with locked(desk.engine), pytest.raises(ImportRefusedError, match=r"refused: (database is locked|.* for too long)"):
        desk.import_all()
