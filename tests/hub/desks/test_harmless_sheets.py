"""No sheet that leaves the hub has a cell that a spreadsheet would run, whoever named the station."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

import hub
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.transactions import reading, writing
from hub.exporting.harmless import SIGNS, harmless
from hub.exporting.special_days import write_special_days
from hub.rights import Grant, Role
from hub.web.kit.sheets import SheetTable, as_csv, as_xlsx
from station.hours import Span
from station.tidy import tidy
from tests.hub.desks.coverage_days import a_day, put
from tests.hub.desks.test_inbox import raised
from tests.hub.pages.board_source import MORNING, TODAY, ZONE

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

EVIL = '=HYPERLINK("http://example.invalid","x")'
SHEETS = (
    "/alarms/sheet.csv", "/alarms/sheet.xlsx", "/shifts/sheet.csv", "/shifts/sheet.xlsx", "/city/export.xlsx",
    "/city/import/template.xlsx", "/coverage/sheets/stations.csv", "/coverage/sheets/stations.xlsx",
    "/coverage/sheets/districts.csv", "/coverage/sheets/districts.xlsx", "/stations/ZG-02/day.csv",
    "/stations/ZG-02/shifts/sheet.xlsx",
)  # fmt: skip
TELL_NO_NAME = {"/city/import/template.xlsx", "/stations/ZG-02/day.csv", "/stations/ZG-02/shifts/sheet.xlsx"}


@pytest.fixture
def evil(desks: GuardedHub) -> GuardedHub:
    """A city in which somebody meant ill when naming things."""
    wanted = [asked.EnterDistrict("D-1", f"@{EVIL}"), asked.EnterPerson("p1", "N1", full_name=EVIL)]
    for code in desks.source.rows:
        wanted += [asked.EnterStation(code, EVIL)]
    wanted += [asked.SetSpecialDay("ZG-02", TODAY, (Span(480, 690),), f"-{EVIL}")]
    with writing(desks.engine) as connection:
        assert not apply(connection, wanted, by="root", at=MORNING, zone=ZONE).refusals
    put(desks.engine, [a_day("ZG-02", TODAY.replace(day=4))], [])
    raised(desks, "ZG-02")
    return desks


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_download_has_a_cell_that_would_run(evil: GuardedHub, sheet: str) -> None:
    with evil.ask(evil.session("li", Grant(Role.CITY))) as client:
        answer = client.get(f"{sheet}?gap=no_roster" if sheet.startswith("/shifts/") else sheet)

    assert answer.status_code == 200
    if sheet.endswith(".csv"):
        found = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
        assert [cell for cell in found if cell.startswith(SIGNS)] == []
    else:
        cells = [cell for one in openpyxl.load_workbook(io.BytesIO(answer.content)) for row in one for cell in row]
        assert not any(cell.data_type == "f" for cell in cells)
        assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(SIGNS))
        found = [str(cell.value) for cell in cells]
    assert any("HYPERLINK" in cell for cell in found) == (sheet not in TELL_NO_NAME)


def test_special_days_leave_harmless_and_come_back_as_they_were(evil: GuardedHub) -> None:
    file = io.StringIO()
    with reading(evil.engine) as connection:
        write_special_days(connection, file)

    [line] = list(csv.reader(io.StringIO(file.getvalue())))[1:]
    assert line[-1] == f"'-{EVIL}"
    assert tidy(line[-1]) == f"-{EVIL}"


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_is_made_text_and_an_import_takes_the_mark_off(sign: str) -> None:
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert tidy(harmless(f"{sign}1")) == tidy(f"{sign}1")
    written = as_csv(SheetTable([f"{sign}head"], [[f"{sign}1", -2, -0.5]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline=""))) == [[f"'{sign}head"], [f"'{sign}1", "-2", "-0.5"]]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(SheetTable(["head"], [["-1", -1]])))).active
    assert sheet is not None
    assert [(sheet.cell(2, n).value, sheet.cell(2, n).quotePrefix) for n in (1, 2)] == [("-1", True), (-1, False)]


def test_one_place_writes_sheets() -> None:
    room = Path(hub.__file__).parent
    writers = [
        str(path.relative_to(room))
        for path in sorted(room.rglob("*.py"))
        if re.search(r"csv\.writer|DictWriter|Workbook\(", path.read_text(encoding="utf-8"))
    ]
    assert writers == ["exporting/harmless.py"]
