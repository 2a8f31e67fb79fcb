"""Which form a grid has, and which of its columns is which.

Titles of lists above the header are common here, so the header is looked for in the first lines. A column that
belongs to no form is not read, and said so; one that is wanted and missing is a fault.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, NamedTuple

from hub.changing.answers import spell_found
from hub.importing.faults import Faults, Place
from hub.importing.forms import FORMS, Column, Form
from hub.importing.grid import Grid, Line

_HEADER_WITHIN: Final = 5  # lines that hold anything
_NOTES: Final = ("说明", "填表说明", "notes", "readme")
_DECORATION: Final = re.compile(r"[\s*_-]|\([^)]*\)")


class Slot(NamedTuple):
    """Which cell of a line belongs to which column, and that column's header as the sheet has it."""

    at: int
    column: Column
    header: str


@dataclass(frozen=True, slots=True)
class Table:
    """A grid whose form is known; `lines` are those below the header that hold anything."""

    grid: Grid
    form: Form
    slots: tuple[Slot, ...]
    lines: tuple[Line, ...] = field(repr=False)

    def place(self, line: Line) -> Place:
        """Where a line is."""
        return Place(self.grid.file, self.grid.sheet, line.number)


def recognise(grid: Grid, faults: Faults) -> Table | None:
    """Find form and header of a grid; None, with a fault where one is due, for a sheet that is not to be read."""
    filled = list(grid.filled())
    if not filled or _plain(grid.title) in _NOTES:
        return None
    titled = [form for form in FORMS if _plain(grid.title) in form.titles]
    fits = [(_match(line, form), line, form) for line in filled[:_HEADER_WITHIN] for form in titled or FORMS]
    fit, header, form = max(fits, key=itemgetter(0))  # of equals the first
    place = Place(grid.file, grid.sheet, header.number)
    if fit == (0, 0):
        found = spell_found("、".join(cell for cell in header.cells if cell))
        faults.refuse(place, found, "a header with the columns of one form: " + _spell_forms(titled or FORMS))
        return None
    slots = _slots(header, form, place, faults)
    return Table(grid, form, slots, tuple(line for line in filled if line.number > header.number)) if slots else None


def _slots(header: Line, form: Form, place: Place, faults: Faults) -> tuple[Slot, ...]:
    """The columns of the header; none, with a fault, where it cannot stand."""
    found: dict[str, Slot] = {}
    for at, title in enumerate(header.cells):
        column = _column(title, form)
        if column is None:
            if title:
                faults.warn(place, f"the column {title[:40]!r} is not known among {form.name}, and not read")
        elif column.name in found:
            faults.refuse(place, f"the column {title} twice", f"{column.shown} once")
            return ()
        else:
            found[column.name] = Slot(at, column, title)
    missing = [column.shown for column in form.columns if column.required and column.name not in found]
    if missing:
        faults.refuse(place, f"no such column among {form.name}", ", ".join(missing))
        return ()
    return tuple(found.values())


def _match(line: Line, form: Form) -> tuple[int, int]:
    """How well a header fits: wanted columns that are all there count most, then columns known at all."""
    known = {column.name: column for cell in line.cells if (column := _column(cell, form)) is not None}
    complete = all(column.name in known for column in form.columns if column.required)
    return (int(complete), len(known))


def _column(title: str, form: Form) -> Column | None:
    plain = _plain(title)
    return next(
        (column for column in form.columns if plain in {_plain(name) for name in (column.name, *column.aliases)}), None
    )


def _plain(title: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", title)).lower()


def _spell_forms(forms: Iterable[Form]) -> str:
    return "; ".join(f"{form.name}: " + ", ".join(c.aliases[0] for c in form.columns if c.required) for form in forms)
