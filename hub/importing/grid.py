"""A spreadsheet as lines of text cells, whatever file it came in.

`csv_file` and `workbook` make grids, `forms` reads them. A cell is text without blanks around it; dates are
spelled `2026-03-05`, and a number that the file no longer holds exactly is spelled with an exponent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.errors import HubError

MAX_LINES: Final = 200_000  # far above a whole city; a file beyond it is not what was meant
MAX_BYTES: Final = 64 * 1024 * 1024


class Line(NamedTuple):
    """One line; `number` is what the spreadsheet program shows."""

    number: int
    cells: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Line({self.number}, {len(self.cells)} cells)"  # cells may hold card numbers and names


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet; `title` is the sheet's name, or a CSV file's without its ending."""

    file: str
    sheet: str
    title: str
    lines: tuple[Line, ...] = field(repr=False)

    def filled(self) -> Iterator[Line]:
        """The lines that hold anything."""
        return (line for line in self.lines if any(line.cells))


class UnreadableFileError(HubError):
    """The file is no spreadsheet that can be read; the text says what is wanted."""
