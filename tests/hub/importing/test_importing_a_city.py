"""What an operator gets from good sheets, and from the same sheets again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from hub.database.people_tables import Loss, Volunteer
from hub.database.tables import Kiosk, Station, TermsRow
from hub.importing import samples
from hub.importing.sheet_faults import ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.importing.work import LineCount
from hub.register.directory import roster_cards
from hub.register.kinds import KINDS
from hub.register.reading import read_directory, read_edition
from hub.register.terms import ALWAYS
from station.hours import SHANGHAI
from station.names import StationCode
from station.token import token_of
from tests.hub.importing.desk import NOW, SITE_KEY, Desk, faults_of

H1 = StationCode("h1")
SAMPLES = Path(samples.__file__).parent
OUT_OF_ORDER = {
    "sqlite": ("CREATE TRIGGER broken BEFORE INSERT ON card BEGIN SELECT RAISE(ABORT, 'out of order'); END",),
    "postgresql": (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'out of order'; END $$",
        "CREATE TRIGGER broken BEFORE INSERT ON card EXECUTE FUNCTION refuse()",
    ),
}


def test_a_city_comes_in_whole(desk: Desk) -> None:
    imported = desk.import_all()

    assert {form: count.added for form, count in imported.counts.items()} == {
        FormName.CITY: 1, FormName.DISTRICTS: 2, FormName.AUTHORITIES: 1, FormName.STATIONS: 2,
        FormName.KIOSKS: 2, FormName.VOLUNTEERS: 2, FormName.CARDS: 2,
    }  # fmt: skip
    with desk.engine.connect() as connection:
        directory = read_directory(connection, SHANGHAI)
    hospital = directory.stations[H1]
    assert (directory.city, hospital.district, hospital.authority) == ("例城", "东例区", "例城卫健委")
    assert hospital.short_name == "例城医院"
    assert directory.kiosks["k1"].in_service_from == date(2026, 1, 5)
    assert directory.kiosks["k2"].in_service_from == date(2026, 3, 5)


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.import_all()
    before = desk.everything()
    desk.now = NOW + timedelta(days=40)

    imported = desk.import_all()

    assert {(count.added, count.changed) for count in imported.counts.values()} == {(0, 0)}
    assert desk.everything() == before


def test_one_bad_cell_keeps_everything_out(desk: Desk) -> None:
    empty = desk.everything()
    desk.change("卡", 3, "志愿者编号", "V9")

    faults = desk.faults()

    assert len(faults) == 1
    assert desk.everything() == empty


def test_a_database_that_breaks_off_leaves_nothing_behind(desk: Desk) -> None:
    empty = desk.everything()
    with desk.engine.begin() as connection:
        for statement in OUT_OF_ORDER[connection.dialect.name]:
            connection.exec_driver_sql(statement)

    with pytest.raises(ImportRefusedError, match="the database refused: out of order"):
        desk.import_all()

    assert desk.everything() == empty


def test_a_dry_run_counts_and_writes_nothing(desk: Desk) -> None:
    empty = desk.everything()

    imported = desk.import_all(dry_run=True)

    assert imported.counts[FormName.STATIONS] == LineCount(2, 0, 0)
    assert desk.everything() == empty


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_gives_the_same_names(desk: Desk, encoding: str) -> None:
    desk.importer().import_files(desk.write(encoding))

    assert {row["full_name"] for row in desk.rows(Volunteer)} == {"例乙丑", "例丙寅"}


def test_one_workbook_is_as_good_as_seven_files(desk: Desk) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in desk.sheets.items():
        sheet = book.create_sheet(title)
        sheet.append([f"例城{title}一览表"])  # a title above the header, as lists here have
        for line in lines:
            sheet.append(line)
    book.create_sheet("说明").append(["填写前请先阅读"])
    book.save(desk.folder / "例城.xlsx")
    desk.importer().import_files([desk.folder / "例城.xlsx"])
    from_book = desk.everything()

    imported = desk.import_all()

    assert {(count.added, count.changed) for count in imported.counts.values()} == {(0, 0)}
    assert desk.everything() == from_book


def test_dates_and_numbers_of_a_workbook_are_read_as_such(desk: Desk) -> None:
    desk.import_all()
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "志愿者"
    sheet.append(["志愿者编号", "姓名", "星级", "培训日期"])
    sheet.append([20260001, "例丁卯", 3.0, date(2026, 2, 1)])
    book.save(desk.folder / "新.xlsx")

    desk.importer().import_files([desk.folder / "新.xlsx"])

    (row,) = [row for row in desk.rows(Volunteer) if row["number"] == "20260001"]
    assert (row["star"], row["trained_on"]) == (3, date(2026, 2, 1))


def test_english_headers_and_other_separators_are_read(desk: Desk) -> None:
    desk.import_all()
    path = desk.folder / "Volunteers.csv"
    path.write_text("number;name;stations;trained_on\nV7;Li Invented;h1;2026-02-03\n")

    desk.importer().import_files([path])

    assert "V7" in {row["number"] for row in desk.rows(Volunteer)}


def test_a_sheet_of_any_name_is_known_by_its_header(desk: Desk) -> None:
    desk.import_all()
    path = desk.folder / "Sheet1.csv"
    path.write_text("终端编号,站点编号\nk3,h1\n", encoding="utf-8")

    imported = desk.importer().import_files([path])

    assert imported.counts == {FormName.KIOSKS: LineCount(1, 0, 0)}


def test_a_column_that_a_sheet_lacks_stays_as_it_is(desk: Desk) -> None:
    desk.import_all()
    path = desk.folder / "站点.csv"
    path.write_text("站点编号,站点名称,区县,类别\nh1,例城医院学雷锋志愿服务点,d1,医院\n", encoding="utf-8")

    imported = desk.importer().import_files([path])

    assert imported.counts == {FormName.STATIONS: LineCount(0, 0, 1)}
    assert {row["lead"] for row in desk.rows(Station)} == {"例甲子", ""}


def test_an_emptied_cell_empties(desk: Desk) -> None:
    desk.import_all()
    desk.change("站点", 2, "负责人", "")

    imported = desk.import_all()

    assert imported.counts[FormName.STATIONS] == LineCount(0, 1, 1)
    assert {row["lead"] for row in desk.rows(Station)} == {""}


def test_changed_hours_hold_from_today_and_yesterday_keeps_its_own(desk: Desk) -> None:
    desk.import_all()
    desk.change("站点", 2, "服务时间", "08:30-12:00")
    desk.import_all()

    with desk.engine.connect() as connection:
        hospital = read_directory(connection, SHANGHAI).stations[H1]
    rules = hospital.rules(since=date(2026, 3, 1), until=date(2026, 6, 1))
    yesterday, today = (rules.calendar.periods_on(date(2026, 3, day)) for day in (4, 5))
    assert [len(yesterday), len(today)] == [2, 1]


def test_hours_of_a_later_day_do_not_hold_before_it(desk: Desk) -> None:
    desk.import_all()
    desk.change("站点", 3, "服务时间", "10:00-11:00")
    desk.change("站点", 3, "生效日期", "2026-04-01")
    desk.import_all()
    again = desk.import_all()

    with desk.engine.connect() as connection:
        bank = read_directory(connection, SHANGHAI).stations[StationCode("b1")]
    duty = bank.duty(today=date(2026, 3, 5), version=1)
    assert again.counts[FormName.STATIONS] == LineCount(0, 0, 2)
    assert duty.weekly[0] == duty.weekly[4]
    assert len(duty.weekly[5]) == 0  # the kind's week has no Saturday
    assert len(duty.days[date(2026, 3, 7)]) == 1  # a Saturday of the hours before
    assert date(2026, 4, 4) not in duty.days


def test_a_station_without_hours_of_its_own_follows_its_kind(desk: Desk) -> None:
    desk.import_all()

    assert {row["from_day"] for row in desk.rows(TermsRow)} == {ALWAYS}
    with desk.engine.connect() as connection:
        hospital = read_directory(connection, SHANGHAI).stations[H1]
    assert [len(spans) for spans in hospital.terms.week_on(date(2026, 3, 5))] == [2] * 7


def test_a_lost_card_stays_lost_until_somebody_says_otherwise(desk: Desk) -> None:
    began_ms = int(NOW.timestamp() * 1000)
    desk.change("卡", 2, "状态", "挂失")
    desk.import_all()
    lost = [(row["from_ms"], row["until_ms"]) for row in desk.rows(Loss)]
    desk.change("卡", 2, "状态", "")
    desk.import_all()
    still = [(row["from_ms"], row["until_ms"]) for row in desk.rows(Loss)]
    desk.change("卡", 2, "状态", "有效")
    desk.now += timedelta(days=1)
    desk.import_all()

    assert lost == still == [(began_ms, None)]
    assert [(row["from_ms"], row["until_ms"]) for row in desk.rows(Loss)] == [(began_ms, began_ms + 86_400_000)]


def test_the_roster_knows_own_people_and_those_seen_lately_with_masked_names(desk: Desk) -> None:
    desk.import_all()

    with desk.engine.connect() as connection:
        directory = read_directory(connection, SHANGHAI)
    token = token_of(SITE_KEY, "em4100", bytes.fromhex("62E3086CED"))
    first = directory.holder(token_of(SITE_KEY, "iso14443a", bytes.fromhex("04000000000001")), NOW)
    at_bank = roster_cards(directory, StationCode("b1"), frozenset(), NOW)
    assert at_bank.keys() == {token}
    assert (at_bank[token].name, at_bank[token].flags, at_bank[token].star) == ("例*寅", ("untrained",), 0)
    assert (first.name, first.flags, first.star) == ("例*丑", (), 2)
    assert len(roster_cards(directory, StationCode("b1"), frozenset({first.person}), NOW)) == 2


def test_an_import_that_changes_something_raises_the_edition(desk: Desk) -> None:
    editions = []
    for star in ("2", "2", "3"):
        desk.change("志愿者", 2, "星级", star)
        desk.import_all()
        with desk.engine.connect() as connection:
            editions.append(read_edition(connection))

    assert editions == [1, 1, 2]


def test_an_end_is_set_to_a_kiosk_that_goes(desk: Desk) -> None:
    desk.import_all()
    desk.change("终端", 2, "停用日期", "2026年3月31日")

    imported = desk.import_all()

    assert imported.counts[FormName.KIOSKS] == LineCount(0, 1, 1)
    assert {row["in_service_to"] for row in desk.rows(Kiosk)} == {None, date(2026, 3, 31)}


def test_a_name_that_breaks_the_citys_rule_is_remarked_and_taken(desk: Desk) -> None:
    desk.change("城市", 2, "命名规则", "普洱")
    desk.change("站点", 3, "站点名称", "例城银行服务站")

    imported = desk.import_all()

    assert len(imported.warnings) == 1
    assert "站点.csv, line 3: the name '例城银行服务站'" in imported.warnings[0]
    assert "×××学雷锋志愿服务点" in imported.warnings[0]


def test_a_column_that_nobody_knows_is_not_read_and_said_so(desk: Desk) -> None:
    desk.change("志愿者", 2, "身份证号", "000000000000000000")

    imported = desk.import_all()

    assert any("'身份证号' is not known" in warning for warning in imported.warnings)
    assert "0000000000" not in repr(desk.everything())


def test_no_files_content_is_no_import(desk: Desk) -> None:
    path = desk.folder / "空.csv"
    path.write_text("\n\n")

    faults = faults_of(desk.importer(), [path])

    assert faults == ["空.csv: found nothing in it that can be seen; wanted is a sheet with a header and lines"]


def test_a_missing_file_and_an_old_excel_file_are_faults(desk: Desk) -> None:
    old = desk.folder / "旧.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))

    faults = faults_of(desk.importer(), [old, desk.folder / "无.csv"])

    assert ["旧.xls: " in faults[0], "save it as XLSX" in faults[0], "无.csv: " in faults[1]] == [True] * 3


def test_the_samples_are_a_city_with_one_station_of_each_kind(desk: Desk) -> None:
    imported = desk.importer().import_files(sorted(SAMPLES.glob("*.csv")))

    assert imported.warnings == ()
    assert {row["kind"] for row in desk.rows(Station)} == set(KINDS)
