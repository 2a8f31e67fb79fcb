"""A sheet that changes some columns needs those and its key; one that is called like another is told so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.database.people_tables import Volunteer
from hub.database.tables import Kiosk, Station, TermsRow

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk


def only(desk: Desk, title: str, *lines: list[str]) -> None:
    """Nothing but this sheet."""
    desk.sheets = {title: [list(line) for line in lines]}


def test_a_sheet_with_its_key_and_one_column_changes_that_alone(desk: Desk) -> None:
    desk.import_all()
    before = desk.everything()

    only(desk, "站点", ["站点编号", "最低在岗"], ["h1", "2"])
    imported = desk.import_all()
    assert [(count.added, count.changed) for count in imported.counts.values()] == [(0, 1)]
    assert {row["minimum"] for row in desk.rows(TermsRow) if row["station"] == "h1"} == {1, 2}
    after = desk.everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"terms", "change", "edition", "import_", "imported_row"}  # the last two so that it can be undone

    only(desk, "志愿者", ["志愿者编号", "培训日期"], ["V2", "2026-02-01"])
    desk.import_all()
    [row] = [row for row in desk.rows(Volunteer) if row["number"] == "V2"]
    assert (row["full_name"], str(row["trained_on"])) == ("例丙寅", "2026-02-01")

    only(desk, "终端", ["终端编号", "入口"], ["k1", "东门"])
    desk.import_all()
    assert {row["id"]: (row["station"], row["entrance"]) for row in desk.rows(Kiosk)}["k1"] == ("h1", "东门")


def test_hours_alone_keep_to_the_kind_that_is_entered(desk: Desk) -> None:
    desk.import_all()
    only(desk, "站点", ["站点编号", "服务时间", "简称"], ["h1", "", ""], ["b1", "09:00-10:00", "例城银行"])

    desk.import_all()

    assert {row["code"]: row["kind"] for row in desk.rows(Station)} == {"h1": "hospital", "b1": "bank"}


def test_a_new_line_needs_all_that_is_required(desk: Desk) -> None:
    desk.import_all()
    only(desk, "站点", ["站点编号", "最低在岗"], ["h1", "2"], ["h9", "2"])

    assert desk.faults() == [
        f"站点.csv, line 3, column {column}: found no such column; wanted is a value, for a line that is new"
        for column in ("站点名称 (name)", "区县 (district)", "类别 (kind)")
    ]
    only(desk, "志愿者", ["志愿者编号", "星级"], ["V9", "2"])
    assert len(desk.faults()) == 1


def test_a_file_without_a_telling_name_is_known_by_its_columns(desk: Desk) -> None:
    desk.import_all()
    only(desk, "新建表格", ["志愿者编号", "星级"], ["V1", "5"])
    desk.import_all()
    assert {row["number"]: row["star"] for row in desk.rows(Volunteer)} == {"V1": 5, "V2": 0}
    only(desk, "新建表格", ["终端编号", "入口"], ["k1", "西门"])
    desk.import_all()
    assert "西门" in {row["entrance"] for row in desk.rows(Kiosk)}


def test_a_sheet_of_another_form_is_told_by_its_columns(desk: Desk) -> None:
    desk.sheets["终端"] = desk.sheets.pop("志愿者")
    desk.sheets.pop("卡")

    [fault] = desk.faults()

    assert fault == (
        "终端.csv, line 1: found a sheet called kiosks, with the columns of volunteers; "
        "wanted is the sheet of kiosks, or the name 志愿者"
    )


def test_a_sheet_without_a_title_is_the_form_that_has_all_of_its_columns(desk: Desk) -> None:
    """Names and opening days beside the hours were left out: they stood on what was taken for 服务时间."""
    desk.import_all()

    only(
        desk, "Sheet1", ["站点编号", "站点名称", "服务时间", "开放日期"],
        ["h1", "例城新医院学雷锋志愿服务点", "08:00-12:00", "2026-01-05"],
    )  # fmt: skip
    imported = desk.import_all()

    [row] = [row for row in desk.rows(Station) if row["code"] == "h1"]
    assert (row["name"], str(row["opened_on"]), imported.warnings) == ("例城新医院学雷锋志愿服务点", "2026-01-05", ())
