"""Workbooks as programs write them and as nobody should: read within limits, or refused in a sentence."""

from __future__ import annotations

import warnings
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from hub.importing import budget
from hub.importing.budget import Budget
from hub.importing.csv_file import read_csv
from hub.importing.grid import GridLine, UnreadableFileError, letters_of
from hub.importing.sheet_part import at_of
from hub.importing.workbook import read_workbook
from tests.hub.importing.desk import faults_of

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

NAMES = ('<row r="1"><c r="A1" t="inlineStr"><is><t>志愿者编号</t></is></c></row>',)


def pack(sheet: str, *, head: str = "<?xml version='1.0'?>", **parts: str) -> bytes:
    """A workbook of one sheet, by its XML."""
    book = Workbook()
    book.worksheets[0].title = "志愿者"
    plain = BytesIO()
    book.save(plain)
    packed = BytesIO()
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    replaced = {"xl/worksheets/sheet1.xml": f"{head}<worksheet {names}>{sheet}</worksheet>", **parts}
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, replaced.get(name, before.read(name)))
    return packed.getvalue()


def lines_of(content: bytes, spent: Budget | None = None) -> list[GridLine]:
    return list(read_workbook(Path("a.xlsx"), content, spent or Budget())[0].lines)


def said_of(content: bytes, spent: Budget | None = None) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        lines_of(content, spent)
    return str(caught.value.wanted)


def rows(*cells: str) -> str:
    return f"<sheetData>{''.join(cells)}</sheetData>"


def test_a_sheet_that_is_formatted_to_its_last_row_has_as_many_lines_as_are_filled() -> None:
    formatted = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 1_000_000))
    last = '<row r="1048576"><c r="A1048576"><v>7</v></c></row>'

    assert lines_of(pack(rows(*NAMES, formatted, last))) == [GridLine(1, ("志愿者编号",)), GridLine(1_048_576, ("7",))]


def test_more_filled_lines_than_a_city_has_are_refused() -> None:
    filled = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, budget.MAX_LINES + 2))

    assert said_of(pack(rows(filled))) == "at most 200000 filled lines a sheet"


def test_few_bytes_that_stand_for_many_are_refused() -> None:
    content = pack(rows(*NAMES) + " " * (budget.MAX_UNPACKED_BYTES + 1))

    assert len(content) < 400_000
    assert said_of(content) == "workbooks of at most 256 MB unpacked"


def test_many_files_share_what_may_be_read() -> None:
    content = pack(rows(*NAMES))
    lines_of(content, one := Budget())
    spent = Budget(cells=3 * (Budget().cells - one.cells))

    for _ in range(3):
        lines_of(content, spent)

    assert said_of(content, spent) == "at most 2000000 filled cells in one import"


def test_a_file_that_takes_too_long_is_refused() -> None:
    seconds = iter(range(0, 1000, 30))

    assert said_of(pack(rows(*NAMES)), Budget(now_s=lambda: next(seconds))) == "files that are read within 60 s"


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "长" * 40_000 + "</t></is></c></row>",
            "at most 32767 characters",
        ),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "at most 200 columns"),
        (
            '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
            "torn or none (ValueError)",
        ),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "torn or none (ValueError)"),
        ('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', "torn or none (IndexError)"),
        ('<row r="1"><c r="A1"><v>nan</v></c></row>', "torn or none (ValueError)"),
        ("<row", "torn or none (ExpatError)"),
    ],
)
def test_what_no_program_writes_is_refused(sheet: str, said: str) -> None:
    assert said in said_of(pack(rows(sheet)))


def test_entities_that_multiply_are_refused() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    assert "this one has a document type" in said_of(pack(rows(*NAMES), head=head))


def test_a_workbook_with_a_password_is_said_to_have_one(desk: Desk) -> None:
    path = desk.folder / "密.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    )

    (fault,) = faults_of(desk.importer(), [path])

    assert "wanted is a workbook without a password" in fault


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "网.xls",
            b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>",
            "this is a web page, whatever its name",
        ),
        ("文.ods", pack("", **{"_rels/.rels": "<Relationships/>"}), "this is another sort of file"),
        ("大.csv", b"," * (budget.MAX_FILE_BYTES + 1), "a file of at most 32 MB"),
        ("宽.csv", b"a," * 300 + b"b", "at most 200 columns"),
    ],
    ids=["a web page", "another sort", "too large", "too wide"],  # a name that is otherwise each time is two tests
)
def test_another_sort_of_file_is_said_to_be_one(desk: Desk, name: str, content: bytes, said: str) -> None:
    path = desk.folder / name
    path.write_bytes(content)

    (fault,) = faults_of(desk.importer(), [path])

    assert fault.startswith(f"{name}: found a file that cannot be read")
    assert said in fault


def test_a_csv_of_nothing_but_commas_takes_no_memory() -> None:
    content = (b"," * 50 + b"\n") * 150_000

    assert read_csv(Path("a.csv"), content, Budget()).lines == ()


def test_a_text_in_pieces_is_one_without_how_it_is_read_aloud() -> None:
    cell = '<c r="A1" t="inlineStr"><is><r><t>样</t></r><r><t>甲</t></r><rPh sb="0" eb="1"><t>yang</t></rPh></is></c>'

    assert lines_of(pack(rows(f'<row r="1">{cell}</row>'))) == [GridLine(1, ("样甲",))]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="A1"><v>3</v></c>', "3"),
        ('<c r="A1"><v>3.50</v></c>', "3.50"),
        ('<c r="A1"><v>110105194912310020</v></c>', "1.101052E+17"),
        ('<c r="A1" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="A1" t="str"><f>A2</f><v>x</v></c>', "x"),
        ('<c r="A1" t="d"><v>2026-03-05T00:00:00</v></c>', "2026-03-05"),
        ('<c r="A1" t="d"><v>2026-03-05T10:30:00Z</v></c>', "2026-03-05 10:30:00"),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D__x000A_b_x0007_</t></is></c>', "a\nb_x0007_"),
        ("<c><v>1</v></c>", "1"),
    ],
)
def test_a_cell_shows_what_the_program_showed(cell: str, shown: str) -> None:
    assert lines_of(pack(rows(f'<row r="1">{cell}</row>'))) == [GridLine(1, (shown,))]


def test_a_formula_that_gives_no_text_is_empty() -> None:
    assert lines_of(pack(rows('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>'))) == []


@pytest.mark.parametrize("number", [14, 22, 31, 57])
def test_a_date_of_a_chinese_program_is_a_date(number: int) -> None:
    styles = f'<styleSheet><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    content = pack(rows('<row r="1"><c r="A1" s="0"><v>46086</v></c></row>'), **{"xl/styles.xml": styles})

    assert lines_of(content)[0].cells[0].startswith("2026-03-05")


@pytest.mark.parametrize(("letters", "at"), [("A", 0), ("Z", 25), ("AA", 26), ("XFD", 16383)])
def test_columns_are_named_as_programs_name_them(letters: str, at: int) -> None:
    assert (letters_of(at), at_of(letters)) == (letters, at)


def test_what_another_reader_reads_is_read_alike() -> None:
    """Sheets written by openpyxl, cells of every sort, against openpyxl's own reading."""
    from openpyxl import load_workbook

    book = Workbook()
    sheet = book.worksheets[0]
    for n in range(1, 60):
        sheet.append([f"V{n}", n, n * 1.5, "样甲", None, f"{n:06}"])
    content = BytesIO()
    book.save(content)

    mine = lines_of(content.getvalue())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = list(
            load_workbook(BytesIO(content.getvalue()), read_only=True).worksheets[0].iter_rows(values_only=True)
        )

    assert len(mine) == len(theirs)
    assert [line.cells[0] for line in mine] == [row[0] for row in theirs]
    assert [float(line.cells[2]) for line in mine] == [row[2] for row in theirs]
