"""What is wrong in a spreadsheet, cell by cell, so that a person can mend it all in one go.

A fault names place, column, what was found and what is wanted. What a private column holds (a card number, a
person's name) is told by its length only: faults end up in terminals, logs and screenshots.

HubError
|-- UnreadableFileError    (grid) one file is no spreadsheet: a fault among the others
`-- ImportRefusedError     nothing was imported; a person mends the files, or the database, and imports again
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hub.errors import HubError

SHOWN: Final = 100  # more than a screenful says no more than that the file is another one than meant


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; `sheet` is empty in a CSV."""

    file: str
    sheet: str = ""
    line: int = 0

    def __str__(self) -> str:
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{sheet}{line}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend."""

    place: Place
    column: str
    found: str
    wanted: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.place}{column}: found {self.found}; wanted is {self.wanted}"


@dataclass(slots=True)
class Faults:
    """All faults of one import, in the order they were seen, and what is odd but no fault.

    Attributes:
        doubted: form and key of lines with a fault: what refers to them is not blamed as well.
        is_whole: false where a sheet could not be read at all, so that references cannot be judged.
    """

    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubted: set[tuple[str, object]] = field(default_factory=set)
    is_whole: bool = True

    def add(self, place: Place, column: str, found: str, wanted: str) -> None:
        """Note a fault; `found` is as `hub.changing.answers.spell_found` spells it."""
        self.faults.append(Fault(place, column, found, wanted))

    def refuse(self, place: Place, found: str, wanted: str) -> None:
        """Note that a whole file or sheet cannot be read."""
        self.is_whole = False
        self.add(place, "", found, wanted)

    def warn(self, place: Place, text: str) -> None:
        """Note something that does not stand in the way."""
        self.warnings.append(f"{place}: {text}")

    def __len__(self) -> int:
        return len(self.faults)


def shown(lines: list[str]) -> Iterator[str]:
    """The first `SHOWN` of them, and how many more there are."""
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"and {len(lines) - SHOWN} more"


class ImportRefusedError(HubError):
    """Nothing was imported."""

    def __init__(self, text: str, faults: Faults | None = None) -> None:
        super().__init__(text)
        self.faults = faults or Faults()
