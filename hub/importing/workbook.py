"""XLSX workbooks through openpyxl, each visible sheet a grid.

Excel holds numbers as floats of 15 digits: a card number typed as a number may have lost digits or leading
zeros before it comes here. Such a number is spelled with an exponent, so that no reader of cells takes it.
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, LargeZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hub.importing.grid import MAX_LINES, Grid, Line, UnreadableFileError

EXACT: Final = 10**15  # the first number that Excel may not hold exactly
_MAX_COLUMNS: Final = 200
_MAX_UNPACKED_BYTES: Final = 512 * 1024 * 1024
_UNREADABLE: Final = (
    BadZipFile, LargeZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, OSError,
)  # fmt: skip  # what openpyxl was seen to raise on torn and foreign files


def read_workbook(path: Path, content: bytes) -> list[Grid]:
    """The visible sheets of a workbook.

    Raises:
        UnreadableFileError: it is no XLSX workbook, or too large a one.
    """
    try:
        _refuse_bombs(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl remarks on styles that nobody reads here
            return list(_grids(path, content))
    except _UNREADABLE as exc:
        raise UnreadableFileError(f"an XLSX workbook; this one cannot be read ({type(exc).__name__})") from exc


def _refuse_bombs(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > _MAX_UNPACKED_BYTES:
        raise UnreadableFileError(f"a workbook of at most {_MAX_UNPACKED_BYTES} bytes unpacked")


def _grids(path: Path, content: bytes) -> Iterator[Grid]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # some programs write wrong ones, and rows would be missed
                yield Grid(path.name, sheet.title, sheet.title, tuple(_lines(sheet.iter_rows(values_only=True))))
    finally:
        book.close()


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        if number > MAX_LINES:
            raise UnreadableFileError(f"at most {MAX_LINES} lines a sheet")
        yield Line(number, tuple(_spell(value) for value in row[:_MAX_COLUMNS]))


def _spell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _spell_number(value)
    return str(value).strip()


def _spell_number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:E}"
    return str(int(value)) if value == int(value) else str(value)
