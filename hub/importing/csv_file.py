"""CSV files as office programs here write them: UTF-8 with or without a mark, GB18030 or UTF-16; comma, tab or `;`."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from hub.importing.grid import MAX_LINES, Grid, Line, UnreadableFileError

_SEPARATORS: Final = (",", "\t", ";")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_csv(path: Path, content: bytes) -> Grid:
    """The one sheet of a CSV file.

    Raises:
        UnreadableFileError: its text or its quoting cannot be read.
    """
    text = _decode(content)
    if "\0" in text:
        raise UnreadableFileError("a CSV file; this one holds NUL bytes")
    return Grid(path.name, "", path.stem, tuple(_lines(text)))


def _decode(content: bytes) -> str:
    encodings = [encoding for mark, encoding in _MARKS if content.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError("text in UTF-8 or GB18030; save the sheet as “CSV UTF-8” or as XLSX")


def _lines(text: str) -> Iterator[Line]:
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            yield Line(number, tuple(cell.strip() for cell in cells))
            number = reader.line_num + 1  # a quoted cell may span lines; the next one begins after them
            if number > MAX_LINES:
                raise UnreadableFileError(f"at most {MAX_LINES} lines")
    except csv.Error as exc:
        raise UnreadableFileError(f"well-formed CSV; at line {number}: {exc}") from exc
