"""What is far too large is refused within a second and 200 MB, whatever its file is: measured in a process by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>'
END = "</sheetData></worksheet>"
ROW = '<row><c t="inlineStr"><is><t>V1</t></is></c><c t="inlineStr"><is><t>样本人</t></is></c></row>'
READ = """
import json, resource, sys, time
from pathlib import Path
from hub.importing.files import read_files
from hub.importing.sheet_faults import Faults
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
before, began_s, faults = peak(), time.process_time(), Faults()
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
read_files([Path(sys.argv[1])], faults)
print(json.dumps([time.process_time() - began_s, peak() - before, [str(one) for one in faults.faults]]))
"""


SHEET = '<sheet name="志愿者" sheetId="1" r:id="r1"/>'


def workbook(path: Path, sheet: Iterable[str], sheets: str = SHEET) -> None:
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"

    def relations(kind: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{related}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{packages}">{one}</Relationships>'

    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", relations("officeDocument", "xl/workbook.xml"))
        listed = f'<workbook xmlns="{MAIN}" xmlns:r="{related}"><sheets>{sheets}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", listed)
        archive.writestr("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml"))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for part in sheet:
                stream.write(part.encode())


def million_rows(path: Path) -> None:
    workbook(path, [HEAD, *(ROW.replace("V1", f"V{n}") for n in range(1_000_000)), END])


def bomb(path: Path, megabytes: int = 1000) -> None:
    workbook(path, [HEAD, *[" " * (1 << 20)] * megabytes, END])


def small_bomb(path: Path) -> None:
    bomb(path, 200)


def empty_rows(path: Path) -> None:
    workbook(path, [HEAD, *["<row/>" * 10_000] * 500, END])


def million_lines(path: Path) -> None:
    path.with_suffix(".csv").write_text("志愿者编号,姓名\n" + "V1,样本人\n" * 1_000_000, encoding="utf-8")


def one_part_many_times(path: Path) -> None:
    workbook(path, [HEAD, *[ROW] * 3000, END], SHEET * 20_000)


def many_sheets(path: Path) -> None:
    """Each its own, so far as the list says."""
    workbook(path, [HEAD, ROW, END], "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r1"/>' for n in range(99)))


def many_parts(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.xml", "")


def deep(path: Path) -> None:
    workbook(path, [HEAD, *["<a>" * 10_000] * 1000])


def one_long_tag(path: Path) -> None:
    workbook(path, [HEAD, "<row ", *[f'a{n}="{n:09}" ' for n in range(1_500_000)], "/>", END])


def cells_far_to_the_right(path: Path) -> None:
    workbook(path, [HEAD, *['<row><c r="GR1" t="inlineStr"><is><t>V</t></is></c></row>'] * 190_000, END])


def hidden_columns(path: Path) -> None:
    """That there are some is no fault; they must not cost anything."""
    workbook(path, [HEAD, *[f'<col min="{200 * n}" max="{200 * n + 300}" hidden="1"/>' for n in range(100_000)], END])


def blank_lines(path: Path) -> None:
    path.with_suffix(".csv").write_bytes(b"\n" * (31 << 20))


def blank_lines_of_a_mac(path: Path) -> None:
    path.with_suffix(".csv").write_bytes(b"\r" * (31 << 20))


def commas(path: Path) -> None:
    path.with_suffix(".csv").write_bytes(b"," * (31 << 20))


def one_quoted_cell(path: Path) -> None:
    path.with_suffix(".csv").write_bytes(b'"' + b"ab\n" * 500_000 + b"x" * (28 << 20))


def too_many_bytes(path: Path) -> None:
    path.with_suffix(".csv").write_bytes(b"x" * (33 << 20))


@pytest.mark.parametrize(
    ("write", "wanted"),
    [
        (million_rows, "200000 filled lines"), (bomb, "256 MB unpacked"), (small_bomb, "packed at most 100 times"),
        (empty_rows, "200000 filled lines"), (million_lines, "200000 filled lines"), (too_many_bytes, "at most 32 MB"),
        (one_part_many_times, "each sheet a part of its own"), (many_sheets, "each sheet a part of its own"),
        (many_parts, "at most 5000 parts"), (deep, "torn or none"), (one_long_tag, "torn or none"),
        (cells_far_to_the_right, "2000000 filled cells"), (hidden_columns, "nothing in it that can be seen"),
        (blank_lines, "1048576 lines"), (blank_lines_of_a_mac, "1048576 lines"), (commas, "8000000 cells"),
        (one_quoted_cell, "well-formed CSV"),
    ],
)  # fmt: skip
def test_what_is_far_too_large_is_refused_at_once(write: object, wanted: str, tmp_path: Path) -> None:
    assert callable(write)
    write(tmp_path / "much.xlsx")
    [file] = tmp_path.iterdir()

    told = subprocess.run([sys.executable, "-c", READ, str(file)], capture_output=True, text=True, check=True)

    took_s, grown_mb, faults = json.loads(told.stdout)
    assert [wanted in fault for fault in faults] == [True]
    assert took_s < 1
    assert grown_mb < 200


def test_many_rows_without_anything_in_them_do_not_count(tmp_path: Path) -> None:
    blank = '<row><c s="1"/><c t="str"><f>""</f><v></v></c></row>'
    workbook(tmp_path / "formulas.xlsx", [HEAD, ROW, *[blank * 1000] * 250, END])

    told = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "formulas.xlsx")], capture_output=True, text=True, check=True
    )

    assert json.loads(told.stdout)[2] == []
