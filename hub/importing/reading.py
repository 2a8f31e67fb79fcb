"""The lines of a recognised sheet into entries: every cell read by its column, every fault noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hub.changing.effects import spell_found
from hub.importing.grid import NOT_CALCULATED, GridLine, letters_of
from hub.importing.no_line import why_no_line
from hub.importing.recognising import Slot, Table
from hub.importing.sheet_faults import Faults, SheetFault, SheetPlace
from hub.importing.sheet_forms import SheetForm
from hub.saying import Said, say
from hub.typed.cells import MAX_TEXT, CellError
from hub.typed.nearest import nearest

_MAX_CELL: Final = 10 * MAX_TEXT  # hours, and codes of many stations


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, read.

    Attributes:
        values: of the columns that the sheet has; None where a cell is empty. A column that the sheet does not
            have is not in it: what it stands for stays as it is.
        slots: where the sheet has a column, and how it calls it, for messages.
    """

    place: SheetPlace
    values: dict[str, Any] = field(repr=False)
    slots: Mapping[str, Slot] = field(repr=False)
    form: SheetForm = field(repr=False)

    def get(self, column: str) -> Any:
        """The value; None where the cell is empty or the column missing."""
        return self.values.get(column)

    def only(self, *columns: str) -> dict[str, Any]:
        """The values of those columns that the sheet has and that are not empty."""
        return {name: self.values[name] for name in columns if self.values.get(name) is not None}

    def blame(self, faults: Faults, column: str, found: str, wanted: str, near: str = "") -> None:
        """Note a fault of this line; `found` is as `spell_found` spells it."""
        slot = self.slots.get(column)
        if slot is None:
            faults.add(SheetFault(self.place, self.form.shown(column), found, wanted))
        else:
            faults.add(_fault(self.place, slot, found, wanted, near))


def read_entries(table: Table, lines: Iterable[GridLine], faults: Faults) -> list[Entry]:
    """The lines without a fault."""
    slots = {slot.column.name: slot for slot in table.slots}
    entries: list[Entry] = []
    for line in lines:
        place, before = table.place(line), len(faults)
        if (why := why_no_line(line, table.slots, is_below_header=line is table.lines[0])) is not None:
            _blame_line(line, place, table, why, faults)
            continue
        values = {slot.column.name: _value(line, slot, place, faults) for slot in table.slots}
        if len(faults) == before:
            entries.append(Entry(place, values, slots, table.form))
        else:
            faults.doubted |= {(table.form.name, values[key]) for key in table.form.keys}
    return entries


def _blame_line(line: GridLine, place: SheetPlace, table: Table, why: tuple[int, Said], faults: Faults) -> None:
    at, wanted = why
    slot = next((slot for slot in table.slots if slot.at == at), None)
    found = spell_found(line.cell(at))
    faults.add(_fault(place, slot, found, wanted) if slot else SheetFault(place, "", found, wanted))


def _value(line: GridLine, slot: Slot, place: SheetPlace, faults: Faults) -> Any:
    cell = line.cell(slot.at)
    if not cell:
        if slot.column.required:
            faults.add(_fault(place, slot, "nothing", say("a value")))
        return None
    if cell == NOT_CALCULATED:
        wanted = say("its value; open the file in a spreadsheet program and save it, or type the value itself")
        faults.add(_fault(place, slot, say("a formula without a value"), wanted))
        return None
    try:
        if len(cell) > _MAX_CELL:
            raise CellError(say("at most {count} {count:character|characters}", count=_MAX_CELL))  # noqa: TRY301 -- as any cell's
        return slot.column.read(cell)
    except CellError as exc:
        near = exc.near or (nearest(cell, exc.words) if exc.words and faults.are_shown else "")
        faults.add(_fault(place, slot, spell_found(cell, private=slot.column.private), exc.wanted, near))
        return None


def _fault(place: SheetPlace, slot: Slot, found: str, wanted: str, near: str = "") -> SheetFault:
    cell = f"{letters_of(slot.at)}{place.line}" if place.sheet else ""
    return SheetFault(place, slot.header, found, wanted, cell, near)
