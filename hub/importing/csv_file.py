"""CSV files as office programs here write them: UTF-8 with or without a mark, GB18030 or UTF-16; comma, tab or `;`."""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from hub.importing.budget import Budget, check_column, check_line
from hub.importing.first_look import look_at_csv
from hub.importing.grid import Grid, GridLine, UnreadableFileError
from hub.importing.recognising import HEADER_WITHIN, Fit, fit_of
from hub.saying import say
from station.tidy import encoding_of, tidy

_SEPARATORS: Final = (",", "\t", ";")
_HEAD_CHARACTERS: Final = 20_000
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def read_csv(path: Path, content: bytes, budget: Budget) -> Grid:
    """The one sheet of a CSV file.

    Raises:
        UnreadableFileError: its text or its quoting cannot be read, or it is more than may be read.
    """
    look_at_csv(content)
    text = _decode(content)
    if "\0" in text:
        raise UnreadableFileError(
            say("XLSX or CSV; this is no text and no workbook: open it where it was made and save it as XLSX")
        )
    return Grid(path.name, "", path.stem, tuple(_lines(text, _separator(text, path.stem), budget)))


def _decode(content: bytes) -> str:
    for encoding in dict.fromkeys((encoding_of(content), "gb18030")):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(say("text in UTF-8 or GB18030; save the sheet as “CSV UTF-8” or as XLSX"))


def _separator(text: str, title: str) -> str:
    """That which makes a header of one of the first lines: a title above it may hold any of them."""
    head = text[:_HEAD_CHARACTERS]

    def promise(separator: str) -> tuple[Fit, int]:
        try:
            lines = list(islice(_lines(head, separator, Budget()), HEADER_WITHIN))
        except UnreadableFileError:  # the head ends within a quoted cell, or this is not how the file is parted
            lines = []
        return fit_of(title, lines), head.partition("\n")[0].count(separator)

    return max(_SEPARATORS, key=promise)


def _lines(text: str, separator: str, budget: Budget) -> Iterator[GridLine]:
    """The lines that hold anything."""
    reader = csv.reader(_split(text), delimiter=separator, strict=True)
    number, count = 1, 0
    try:
        for row in reader:
            cells = _trimmed([tidy(cell) if cell else "" for cell in row])
            if cells:
                count += 1
                check_line(count)
                check_column(len(cells) - 1)
                budget.take(len(cells), sum(map(len, cells)))
                yield GridLine(number, cells)
            budget.look_at_the_clock()
            number = reader.line_num + 1  # a quoted cell may span lines; the next one begins after them
    except csv.Error as exc:
        raise UnreadableFileError(say("well-formed CSV; at line {line}: {why}", line=number, why=exc)) from exc


def _split(text: str) -> Iterator[str]:
    """The lines with their ends; `StringIO` would hold all of it once more, with four bytes a sign."""
    return (found[0] for found in _LINE.finditer(text))


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
