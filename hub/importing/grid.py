"""A spreadsheet as lines of text cells, whatever file it came in.

`csv_file` and `workbook` make grids, `recognising` and `reading` read them. A cell is text that was tidied; dates are
spelled `2026-03-05`, and a number that the file no longer holds exactly is spelled with an exponent.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.errors import HubError

NOT_CALCULATED: Final = "\0"  # a formula whose value the file does not hold; no cell can hold this itself


class GridLine(NamedTuple):
    """One line; `number` is what the spreadsheet program shows."""

    number: int
    cells: tuple[str, ...]

    def cell(self, at: int) -> str:
        """One cell; empty beyond the last."""
        return self.cells[at] if at < len(self.cells) else ""

    def __repr__(self) -> str:
        return f"GridLine({self.number}, {len(self.cells)} cells)"  # cells may hold card numbers and names


class Merged(NamedTuple):
    """A range of cells that were made one; only the first of them holds anything. Columns count from 0."""

    ref: str
    first_line: int
    last_line: int
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a spreadsheet program does not show: lines by their number, columns from 0; a filter hides lines too."""

    lines: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet; `title` is the sheet's name, or a CSV file's without its ending. Its lines all hold something."""

    file: str
    sheet: str
    title: str
    lines: tuple[GridLine, ...] = field(repr=False)
    merged: tuple[Merged, ...] = ()
    hidden: Hidden = field(default_factory=Hidden)

    def filled_down(self, below: int) -> tuple[GridLine, ...]:
        """The lines below that one, with what was merged downwards in every line that it stands for."""
        lines = {line.number: line for line in self.lines if line.number > below}
        numbers = sorted(lines)
        for merged in self.merged:
            if merged.first_at != merged.last_at or merged.first_line not in lines:
                continue
            text = lines[merged.first_line].cell(merged.first_at)
            for number in numbers[bisect_left(numbers, merged.first_line) : bisect_left(numbers, merged.last_line + 1)]:
                lines[number] = _with(lines[number], merged.first_at, text)
        return tuple(lines[number] for number in numbers)

    def torn(self, below: int) -> Iterator[Merged]:
        """What was merged across columns, or across the header's lower edge: whose it is cannot be told."""
        for merged in self.merged:
            if merged.last_line > below and (merged.first_at != merged.last_at or merged.first_line <= below):
                yield merged


class UnreadableFileError(HubError):
    """The file is no spreadsheet that can be read; `wanted` says what would be."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


def letters_of(at: int) -> str:
    """A column as spreadsheet programs name it: A, B, ... AA."""
    rest, letters = at + 1, ""
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _with(line: GridLine, at: int, text: str) -> GridLine:
    cells = [*line.cells, *[""] * (at + 1 - len(line.cells))]
    cells[at] = text
    return GridLine(line.number, tuple(cells))
