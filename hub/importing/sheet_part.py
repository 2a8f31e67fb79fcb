"""One sheet of a workbook, as its XML tells it, into lines: only cells that hold something are looked at.

A formula stands for the value that the program stored with it. Where none is stored, the cell says so.
"""

import re
from collections.abc import Callable
from typing import Final

from hub.importing.budget import MAX_CELL_CHARACTERS, MAX_COLUMNS, Budget, check_column, check_line
from hub.importing.grid import NOT_CALCULATED, GridLine, Hidden, Merged, UnreadableFileError
from hub.importing.xml_parts import Attributes
from hub.saying import say
from station.tidy import tidy

_REF: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")  # ECMA-376-1 22.4.2.4: what XML cannot hold, and line ends
TRUE: Final = ("1", "true", "on")
Spell = Callable[[str, str, int], str]
"""A cell's value by its raw text, its type and its style."""


class SheetPart:
    """Told of a sheet's XML, `lines` and `merged` are what it holds."""

    def __init__(self, spell: Spell, budget: Budget) -> None:
        self.lines: list[GridLine] = []
        self.merged: list[Merged] = []
        self.hidden = Hidden()
        self._spell, self._budget = spell, budget
        self._number, self._at = 0, -1
        self._cells: dict[int, str] = {}
        self._text = CellText()
        self._type, self._style = "n", 0
        self._has_formula = self._is_hidden = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        if tag == "c":
            ref = _REF.match(attributes.get("r", ""))
            self._at = at_of(ref[1]) if ref else self._at + 1
            self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
            self._has_formula = False
            self._text = CellText()
        elif tag == "row":
            number = int(attributes.get("r", self._number + 1))
            if number <= self._number:
                raise ValueError("rows out of order")
            self._number, self._at, self._cells = number, -1, {}
            self._is_hidden = attributes.get("hidden", "") in TRUE
        elif tag == "col" and attributes.get("hidden", "") in TRUE:
            first, last = int(attributes["min"]) - 1, int(attributes["max"])
            self.hidden.columns.update(range(max(0, first), min(last, MAX_COLUMNS)))
        elif tag == "f":
            self._has_formula = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        self._text.start(tag)

    def text(self, piece: str) -> None:
        """Text, in pieces."""
        self._text.add(piece)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._text.end(tag)
        if tag == "c":
            self._take_cell()
        elif tag == "row" and self._cells:
            width = max(self._cells) + 1
            self._budget.take(width - len(self._cells))  # blank ones are kept too
            line = GridLine(self._number, tuple(self._cells.get(at, "") for at in range(width)))
            self.lines.append(line)
            if self._is_hidden:
                self.hidden.lines.add(self._number)
            check_line(len(self.lines))

    def _take_cell(self) -> None:
        raw = str(self._text)
        if raw:
            shown = tidy(self._spell(raw, self._type, self._style))
        else:
            shown = NOT_CALCULATED if self._has_formula and self._type != "str" else ""
        if shown:
            check_column(self._at)
            if self._at in self._cells:
                raise ValueError("a cell twice")
            self._budget.take(1, len(shown))
            self._cells[self._at] = shown

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        corners = _REF.fullmatch(first), _REF.fullmatch(last)
        if corners[0] and corners[1]:
            lines = int(corners[0][2]), int(corners[1][2])
            self._budget.take(1 + max(0, min(lines[1], len(self.lines)) - lines[0]))
            self.merged.append(Merged(ref, *lines, at_of(corners[0][1]), at_of(corners[1][1])))


class CellText:
    """The text of a cell or of a shared string: its pieces, without what says how they are read aloud."""

    __slots__ = ("_is_sound", "_is_text", "_length", "_pieces")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._is_text = self._is_sound = False

    def start(self, tag: str) -> None:
        """An element begins."""
        self._is_text = tag in {"v", "t"} and not self._is_sound
        self._is_sound |= tag == "rPh"

    def end(self, tag: str) -> None:
        """An element ends."""
        self._is_text = False
        self._is_sound &= tag != "rPh"

    def add(self, piece: str) -> None:
        """Text, in pieces."""
        if self._is_text:
            self._length += len(piece)
            if self._length > MAX_CELL_CHARACTERS:
                raise UnreadableFileError(
                    say("at most {count} {count:character|characters} a cell", count=MAX_CELL_CHARACTERS)
                )
            self._pieces.append(piece)

    def __str__(self) -> str:
        return _ESCAPED.sub(_unescape, "".join(self._pieces))


def at_of(letters: str) -> int:
    """The column that spreadsheet programs name so; A is 0."""
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def _unescape(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if char in "\t\n\r" or char >= " " else found[0]
