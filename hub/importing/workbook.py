"""XLSX workbooks, each visible sheet a grid, read under a limit of memory and time.

The parts of a workbook are named by its own lists (`_rels`), read by `xml_parts`, `sheet_part` and `cell_value`.
"""

import posixpath
import zlib
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, LargeZipFile, ZipFile

from hub.importing.budget import Budget
from hub.importing.cell_value import CellValues, formats_of
from hub.importing.first_look import look_at_archive, look_at_list, look_at_sheet
from hub.importing.grid import Grid, UnreadableFileError
from hub.importing.sheet_part import TRUE, CellText, SheetPart
from hub.importing.xml_parts import Attributes, attribute, read_part
from hub.saying import printable, say

_UNREADABLE: Final = (
    BadZipFile, LargeZipFile, ExpatError, zlib.error, KeyError, ValueError, IndexError, OverflowError, OSError,
    EOFError, NotImplementedError,
)  # fmt: skip  # of torn and foreign files
_ENCRYPTED: Final = 1  # bit of a ZIP member's flags
PROTECTED: Final = "a workbook without a password; open this one and save it without"


class _Parts(NamedTuple):
    """What a part refers to: the address of each other part by its id, and by its kind."""

    by_id: dict[str, tuple[str, str]]

    def of_kind(self, kind: str) -> str:
        """The first part of that kind; empty where there is none."""
        return next((target for found, target in self.by_id.values() if found == kind), "")


def read_workbook(path: Path, content: bytes, budget: Budget) -> list[Grid]:
    """The visible sheets of a workbook.

    Raises:
        UnreadableFileError: it is no XLSX workbook, or more than may be read.
    """
    try:
        look_at_list(content)
        with ZipFile(BytesIO(content)) as archive:
            if any(part.flag_bits & _ENCRYPTED for part in archive.infolist()):
                raise UnreadableFileError(say(PROTECTED))
            look_at_archive(archive)
            return _Book(archive, budget).grids(path.name)
    except _UNREADABLE as exc:
        wanted = say(
            "an XLSX workbook; this one is torn or none ({why}): open it and save it anew", why=type(exc).__name__
        )
        raise UnreadableFileError(wanted) from exc


class _Book:
    def __init__(self, archive: ZipFile, budget: Budget) -> None:
        self._archive, self._budget = archive, budget
        self._main = self._parts("").of_kind("officeDocument")
        if not self._main.endswith(".xml"):
            raise UnreadableFileError(say("XLSX or CSV; this is another sort of file: open it and save it as XLSX"))
        self._others = self._parts(self._main)
        self._sheets: list[tuple[str, str]] = []
        self._is_mac = False
        read_part(archive, self._main, budget, start=self._see)

    def grids(self, file: str) -> list[Grid]:
        values = CellValues(self._shared_strings(), self._formats(), is_mac=self._is_mac)
        grids = []
        if len({name for _, name in self._sheets}) < len(self._sheets):
            raise UnreadableFileError(say("a workbook with each sheet a part of its own"))
        for title, name in self._sheets:
            look_at_sheet(self._archive, name)
            sheet = SheetPart(values.spell, self._budget)
            read_part(self._archive, name, self._budget, start=sheet.start, end=sheet.end, text=sheet.text)
            grids.append(Grid(file, title, title, tuple(sheet.lines), tuple(sheet.merged), sheet.hidden))
        return grids

    def _see(self, tag: str, attributes: Attributes) -> None:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            kind, name = self._others.by_id[attribute(attributes, "id")]
            if kind == "worksheet":
                self._sheets.append((printable(attributes["name"]), name))
        elif tag == "workbookPr":
            self._is_mac = attributes.get("date1904", "") in TRUE

    def _parts(self, of: str) -> _Parts:
        folder, name = posixpath.split(of)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def see(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                place = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[attributes["Id"]] = posixpath.basename(attributes["Type"]), place

        if listed in self._archive.namelist():
            read_part(self._archive, listed, self._budget, start=see)
        return _Parts(found)

    def _shared_strings(self) -> list[str]:
        name, shared = self._others.of_kind("sharedStrings"), _SharedStrings(self._budget)
        if name:
            read_part(self._archive, name, self._budget, start=shared.start, end=shared.end, text=shared.text)
        return shared.strings

    def _formats(self) -> list[str]:
        """The number format of each style that cells may have."""
        name, own, styles, inside = self._others.of_kind("styles"), dict[int, str](), list[int](), [""]

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "numFmt":
                own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif tag == "xf" and inside[-1] == "cellXfs":
                self._budget.take(1)
                styles.append(int(attributes.get("numFmtId", "0")))
            inside.append(tag)

        def end(_: str) -> None:
            inside.pop()

        if name:
            read_part(self._archive, name, self._budget, start=start, end=end)
        return formats_of(styles, own)


class _SharedStrings:
    """Texts that cells refer to by number."""

    def __init__(self, budget: Budget) -> None:
        self.strings: list[str] = []
        self._budget, self._text = budget, CellText()

    def start(self, tag: str, _: Attributes) -> None:
        """An element begins."""
        if tag == "si":
            self._text = CellText()
        self._text.start(tag)

    def text(self, piece: str) -> None:
        """Text, in pieces."""
        self._text.add(piece)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._text.end(tag)
        if tag == "si":
            self.strings.append(str(self._text))
            self._budget.take(1, len(self.strings[-1]))
