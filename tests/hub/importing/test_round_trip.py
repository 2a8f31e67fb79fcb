"""What is exported comes back unchanged and changes nothing; what is exported is no more than one may have."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.changing import commands as asked
from hub.changing import personal
from hub.changing.numbers import Telephones
from hub.database.transactions import reading
from hub.exporting.city import Exporter
from hub.exporting.special_days import write_special_days
from hub.exporting.workbook import empty_workbook, workbook_of
from hub.importing.importer import Imported, Importer
from hub.importing.sheet_faults import ImportRefusedError
from hub.importing.sheet_forms import FORMS, FormName
from hub.register.shifts import shifts_of
from hub.register.telephones import ConsentMatter, Whose
from hub.rights import Grant, Reach, Role
from hub.sealing import FILE_NAME, Safe
from hub.typed.cells import CellError, person_name, public_reason, text
from station.hours import SHANGHAI, Span
from station.tidy import tidy
from tests.hub.changing.office import NOW, TODAY, Office
from tests.hub.changing.test_any_sequence import UNSHRUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.changing.commands import CityCommand

SITE_KEY = bytes(range(32))
CITY = (Grant(Role.CITY),)
PERSONS = ["样本人", "-样本", "@样本", "样·本", "Li Ming"]
ODD = st.text(st.sampled_from("=+-@'\"，,；;：\t\r\n 0７Ａ（）样本x/、|\\🀄\u200b"), max_size=12)
LONG = st.sampled_from(["样" * 100, 'a, "b"; ' * 12])


def taken(texts: st.SearchStrategy[str], read: Callable[[str], str]) -> st.SearchStrategy[str]:
    """What pages and sheets take of these, as they keep it; they refuse the rest."""

    def keep(text: str) -> str:
        try:
            return read(text) if tidy(text) else ""
        except CellError:
            return ""

    return texts.map(keep).filter(bool)


PERSON_NAMES = st.sampled_from(PERSONS) | taken(ODD, person_name)
NAMES = st.sampled_from([*PERSONS, "+86"]) | taken(ODD | LONG, text)
REASONS = st.just("") | taken(ODD | LONG, public_reason)
OR_NONE = st.just("") | NAMES
DAYS = st.integers(-5, 15).map(lambda n: TODAY + timedelta(days=n))
PAST = st.integers(-9, 0).map(lambda n: TODAY + timedelta(days=n))
WEEKS = st.sampled_from([
    ((),) * 7, ((Span(480, 690),),) * 7, ((Span(0, 1440),),) * 7, ((Span(300, 400), Span(1200, 1440)), (), *((Span(540, 541),),) * 5),
])  # fmt: skip
PEOPLE, STATIONS = st.sampled_from(["p1", "p2", "p7"]), st.sampled_from(["S-01", "S-02"])
SHIFTS = st.sampled_from([
    (), shifts_of([(480, 690, ["p1", "p2"]), (870, 1050, ["p2"])]), shifts_of([(0, 1440, ["p1"])]),
])  # fmt: skip
SPECIAL_DAYS = st.one_of(
    st.builds(asked.SetSpecialDay, STATIONS, DAYS, st.none() | st.sampled_from([(), (Span(480, 690),)]), REASONS),
    st.builds(asked.SetSharedDay, DAYS, st.none() | st.just(()), REASONS, st.sampled_from(["", "D-1"]),
              st.sampled_from(["", "bank"])),
)  # fmt: skip
COMMANDS = st.one_of(
    st.builds(asked.EnterPerson, st.just("p7"), st.sampled_from(["N=7", "007", "-7", "+7A", "@8", "N" * 30]), PERSON_NAMES, st.integers(0, 5), st.none() | PAST),
    st.builds(asked.TrainPerson, PEOPLE, st.none() | PAST),
    st.builds(asked.SetMemberships, PEOPLE, st.frozensets(STATIONS), st.none() | PAST),
    st.builds(asked.PlanWeek, st.just("S-01"), DAYS, SHIFTS.map(lambda day: (day, (), *(day,) * 5))),
    st.builds(asked.SetShiftDay, st.just("S-01"), DAYS, st.none() | SHIFTS, OR_NONE),
    st.builds(asked.LeavePerson, PEOPLE, st.none() | DAYS),
    st.builds(asked.ReturnPerson, PEOPLE),
    st.builds(personal.ErasePerson, PEOPLE),
    st.builds(personal.NoteConsent, PEOPLE, st.sampled_from(ConsentMatter), PAST),
    st.builds(personal.WithdrawConsent, PEOPLE, st.sampled_from(ConsentMatter)),
    st.builds(asked.EnterStation, STATIONS, NAMES, OR_NONE, lead=st.just("") | PERSON_NAMES,
              deputy=st.just("") | PERSON_NAMES, authority=OR_NONE),
    st.builds(asked.SetTerms, STATIONS, st.none() | DAYS, st.none() | WEEKS, st.none() | st.integers(1, 2),
              st.none() | st.integers(2, 4)),
    SPECIAL_DAYS,
    st.builds(asked.CloseStation, STATIONS, st.none() | DAYS),
    st.builds(asked.ReopenStation, STATIONS),
    st.builds(asked.EnterKiosk, st.just("K-01-1"), st.just("S-01"), OR_NONE, st.none() | DAYS),
    st.builds(asked.RetireKiosk, st.sampled_from(["K-01-1", "K-02-1"]), st.none() | DAYS),
    st.builds(asked.EnterDistrict, st.sampled_from(["D-1", "d9"]), NAMES),
    st.builds(asked.NameAuthority, st.just("bank"), NAMES),
    st.builds(asked.NameCity, NAMES, st.sampled_from(["", "changzhi", "puer"])),
)  # fmt: skip


def exported(office: Office, telephones: Telephones, grants: Sequence[Grant] = CITY, today: date = TODAY) -> bytes:
    with reading(office.engine) as connection:
        return workbook_of(Exporter(connection, telephones, grants, today).sheets())


def importer(office: Office, telephones: Telephones) -> Importer:
    return Importer(office.engine, SITE_KEY, lambda: office.now, SHANGHAI, "clerk", telephones)


@pytest.fixture
def telephones(tmp_path: Path) -> Telephones:
    return Telephones(Safe(tmp_path))


@settings(max_examples=60, deadline=None, phases=UNSHRUNK)
@given(steps=st.lists(COMMANDS, max_size=12))
def test_what_is_exported_comes_back_and_changes_nothing(steps: list[CityCommand]) -> None:
    office = Office()
    with tempfile.TemporaryDirectory() as folder:
        numbers = Telephones(Safe(Path(folder)))
        for command in steps:
            office.give(command, why="it was so")
        keep_numbers(office, numbers)
        before = office.everything()
        (Path(folder) / "全部.xlsx").write_bytes(exported(office, numbers))

        done = importer(office, numbers).import_files([Path(folder) / "全部.xlsx"])

    assert unchanged(done)
    assert office.everything() == before


@settings(max_examples=25, deadline=None, phases=UNSHRUNK)
@given(days=st.lists(SPECIAL_DAYS, min_size=1, max_size=8))
def test_special_days_exported_at_the_terminal_come_back_and_change_nothing(days: list[CityCommand]) -> None:
    office = Office()
    office.give(*days, asked.SetSpecialDay("S-01", TODAY, (), ""), why="it was so")
    before = office.everything()
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "特殊日.csv"
        with reading(office.engine) as connection, sheet.open("w", encoding="utf-8-sig", newline="") as file:
            write_special_days(connection, file)

        done = importer(office, Telephones(Safe(Path(folder)))).import_files([sheet])

    assert unchanged(done)
    assert office.everything() == before


def unchanged(done: Imported) -> bool:
    return all((count.added, count.changed) == (0, 0) for count in done.counts.values())


def keep_numbers(office: Office, telephones: Telephones) -> None:
    """Of whom and what may have one."""
    for whose, of in ((Whose.PERSON, "p1"), (Whose.STATION, "S-01"), (Whose.LEAD, "S-01")):
        with reading(office.engine) as connection:
            sealed = telephones.seal(connection, whose, of, "13800001234")
        office.give(personal.SetTelephone(whose, of, sealed))


def cells(content: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(BytesIO(content))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    return {sheet.title: [[str(cell or "") for cell in row] for row in sheet.values] for sheet in book}


def test_no_cell_is_a_formula_and_a_sign_that_begins_one_is_quoted(telephones: Telephones) -> None:
    office = Office()
    office.give(asked.EnterPerson("p1", next(row["number"] for row in people(office)), full_name='=HYPERLINK("x")'))
    content = exported(office, telephones)

    assert any('=HYPERLINK("x")' in row for row in cells(content)["志愿者"])
    book = openpyxl.load_workbook(BytesIO(content))
    [cell] = [cell for row in book["志愿者"].iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert cell.quotePrefix


def people(office: Office) -> list[dict[str, object]]:
    from hub.database.people_tables import Volunteer

    return [row for row in office.rows(Volunteer) if row["person"] == "p1"]


@pytest.mark.parametrize(
    ("grants", "sheets", "has_number"),
    [
        (CITY, {"城市", "区县", "站点", "终端", "服务时间", "志愿者"}, True),
        ((Grant(Role.FEDERATION),), {"志愿者"}, True),
        ((Grant(Role.COUNTY, Reach("D-1")),), {"站点", "终端", "服务时间", "志愿者"}, True),
        ((Grant(Role.COUNTY, Reach("D-9")),), {"站点", "终端", "志愿者"}, False),
        ((Grant(Role.LEAD, Reach(station="S-01")),), set(), False),
        ((Grant(Role.AUTHORITY, Reach(kind="bank")),), set(), False),
    ],
)
def test_somebody_gets_the_rows_and_columns_of_their_grants(
    telephones: Telephones, grants: tuple[Grant, ...], sheets: set[str], has_number: bool
) -> None:
    office = Office()
    office.give(personal.NoteConsent("p1", ConsentMatter.TELEPHONE, TODAY))
    keep_numbers(office, telephones)

    found = cells(exported(office, telephones, grants))

    assert set(found) - {"说明"} >= sheets - {"城市", "区县"}
    assert set(found) - {"说明"} <= sheets | {"业务主管单位"}
    assert any("13800001234" in row for rows in found.values() for row in rows) == has_number
    if grants[0].reach.district == "D-9":
        assert [len(rows) for title, rows in found.items() if title != "说明"] == [1, 1, 1]


def test_numbers_that_cannot_be_read_are_no_emptied_column(telephones: Telephones, tmp_path: Path) -> None:
    office = Office()
    office.give(personal.NoteConsent("p1", ConsentMatter.TELEPHONE, TODAY))
    keep_numbers(office, telephones)
    (tmp_path / FILE_NAME).unlink()

    found = cells(exported(office, Telephones(Safe(tmp_path))))

    assert "联系电话" not in found["志愿者"][0]
    assert "站点电话" not in found["站点"][0]


def test_every_form_can_be_had_empty_with_what_its_columns_mean(telephones: Telephones, tmp_path: Path) -> None:
    found = cells(empty_workbook())

    for form in FORMS:
        assert [head.rstrip("*") for head in found[form.title][0]] == [column.aliases[0] for column in form.columns]
    assert any("说明" not in row and "卡号" in "".join(row) for row in found["说明"])
    assert set(FormName) == {form.name for form in FORMS}
    (tmp_path / "模板.xlsx").write_bytes(empty_workbook())
    office = Office()
    before = office.everything()
    with pytest.raises(ImportRefusedError, match="hold nothing to import"):
        importer(office, telephones).import_files([tmp_path / "模板.xlsx"])
    assert office.everything() == before
    assert office.now == NOW
