"""What is wrong in a spreadsheet, cell by cell, so that a person can mend it all in one go.

A fault names place, column, what was found and what is wanted, in the sheet's own words, in English or Chinese. What
a private column holds (a card number, a person's name) is told by its length only: faults end up in terminals, logs
and screenshots.

HubError
|-- UnreadableFileError    (grid) one file is no spreadsheet: a fault among the others
|-- CellError              (cells) one cell cannot stand: a fault among the others
|-- ImportMovedError       it would overwrite something else than was shown; nothing was written
`-- ImportRefusedError     nothing was imported, or not all (it says); a person mends what is wrong and imports again
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from hub.errors import HubError
from hub.saying import Said, as_said, printable, say, tell

T = TypeVar("T")
FIRST_LINES: Final = 5  # named of many with the same fault: enough to find what they have in common
SHOWN: Final = 100  # more than a screenful says no more than that the file is another one than meant


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A line of a file; `sheet` is empty in a CSV, `column` where it is not one cell."""

    file: str
    sheet: str = ""
    line: int = 0

    @property
    def said(self) -> Said:
        """In words."""
        file, sheet = printable(self.file), printable(self.sheet)
        if sheet and self.line:
            return say("{file}, sheet {sheet}, line {line}", file=file, sheet=sheet, line=self.line)
        if sheet:
            return say("{file}, sheet {sheet}", file=file, sheet=sheet)
        return say("{file}, line {line}", file=file, line=self.line) if self.line else say("{file}", file=file)

    def __str__(self) -> str:
        return str(self.said)

    def said_with(self, others: "list[SheetPlace]") -> Said:
        """In words, for several lines of a sheet."""
        lines = [place.line for place in (self, *others)]
        first, more = [str(line) for line in lines[:FIRST_LINES]], len(lines) - FIRST_LINES
        file = SheetPlace(self.file, self.sheet).said
        if more > 0:
            return say(
                "{file}, {count} {count:line|lines} ({lines} and more)", file=file, count=len(lines), lines=first
            )
        return say("{file}, lines {lines}", file=file, lines=first)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing to mend.

    Attributes:
        column: as the sheet calls it; empty where it is a line's, sheet's or file's fault.
        cell: as a spreadsheet program calls it; empty in a CSV.
        near: of what would do, what was meant as likely as not; empty where nothing is like it.
    """

    place: SheetPlace
    column: str
    found: str
    wanted: str
    cell: str = ""
    near: str = ""

    @property
    def said(self) -> Said:
        """In words."""
        return self.said_with([])

    def is_as(self) -> tuple[str, ...]:
        """What is alike of faults that are one, of several lines."""
        return (self.place.file, self.place.sheet, self.column, self.found, self.wanted)

    def said_with(self, others: "list[SheetFault]") -> Said:
        """In words, for this line and others with the same fault."""
        place = self.place.said_with([other.place for other in others]) if others else self.place.said
        if self.column and self.cell and not others:
            place = say("{place}, column {column} ({cell})", place=place, column=self.column, cell=self.cell)
        elif self.column:
            place = say("{place}, column {column}", place=place, column=self.column)
        told = {"place": place, "found": as_said(self.found), "wanted": as_said(self.wanted)}
        if not self.near:
            return say("{place}: found {found}; wanted is {wanted}", **told)
        return say("{place}: found {found}; wanted is {wanted}; is {near} meant?", **told, near=printable(self.near))

    def __str__(self) -> str:
        return str(self.said)


@dataclass(slots=True)
class Faults:
    """All faults of one import, in the order they were seen, and what is odd but no fault.

    Attributes:
        doubted: form and key of lines with a fault: what refers to them is not blamed as well.
        is_whole: false where a sheet could not be read at all, so that references cannot be judged.
    """

    faults: list[SheetFault] = field(default_factory=list)
    remarks: list[tuple[SheetPlace, Said]] = field(default_factory=list)
    doubted: set[tuple[str, object]] = field(default_factory=set)
    is_whole: bool = True

    @property
    def said(self) -> list[Said]:
        """Each fault in words, once though many lines have it."""
        return [first.said_with(others) for first, *others in _together((one.is_as(), one) for one in self.faults)]

    @property
    def warnings(self) -> list[Said]:
        """What is odd in words, each once."""
        alike = (((place.file, place.sheet, str(text)), (place, text)) for place, text in self.remarks)
        return [_remarked(text, place, [other for other, _ in others]) for (place, text), *others in _together(alike)]

    @property
    def are_shown(self) -> bool:
        """Whether one more is shown, and worth a look for what was meant."""
        return len(self.faults) < SHOWN

    def add(self, fault: SheetFault) -> None:
        """Note a fault; what it found is as `hub.changing.effects.spell_found` spells it."""
        self.faults.append(fault)

    def refuse(self, place: SheetPlace, found: str, wanted: str, near: str = "") -> None:
        """Note that a whole file or sheet cannot be read."""
        self.is_whole = False
        self.add(SheetFault(place, "", found, wanted, near=near))

    def warn(self, place: SheetPlace, text: Said, near: str = "") -> None:
        """Note something that does not stand in the way."""
        if near:
            text = say("{text}; is {near} meant?", text=text, near=printable(near))
        self.remarks.append((place, text))

    def copy(self) -> "Faults":
        """The same so far."""
        return Faults(list(self.faults), list(self.remarks), set(self.doubted), self.is_whole)

    def __len__(self) -> int:
        return len(self.faults)


def _together(keyed: Iterable[tuple[tuple[str, ...], T]]) -> list[list[T]]:
    """Those with the same key beside the first of them."""
    found: dict[tuple[str, ...], list[T]] = {}
    for key, one in keyed:
        found.setdefault(key, []).append(one)
    return list(found.values())


def _remarked(text: Said, place: SheetPlace, others: list[SheetPlace]) -> Said:
    return say("{place}: {text}", place=place.said_with(others) if others else place.said, text=text)


def more_than_shown(count: int, *, is_chinese: bool) -> Iterator[str]:
    """How many there are beyond the first `SHOWN`."""
    if count > SHOWN:
        yield tell(say("and {count} more", count=count - SHOWN), is_chinese=is_chinese)


class ImportMovedError(HubError):
    """The city was changed since somebody looked at what an import would overwrite; nothing was written."""


class ImportRefusedError(HubError):
    """Nothing was imported, or not all; `said` says which, and why."""

    def __init__(self, said: Said, faults: Faults | None = None) -> None:
        super().__init__(said)
        self.said = said
        self.faults = faults or Faults()
