"""The lines of a recognised sheet into entries: every cell read by its column, every fault noted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.changing.answers import spell_found
from hub.importing.cells import CellError
from hub.importing.faults import Faults, Place
from hub.importing.grid import Line
from hub.importing.recognising import Slot, Table


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, read.

    Attributes:
        values: of the columns that the sheet has; None where a cell is empty. A column that the sheet does not
            have is not in it: what it stands for stays as it is.
        headers: what the sheet calls a column, for messages.
    """

    place: Place
    values: dict[str, Any] = field(repr=False)
    headers: dict[str, str] = field(repr=False)

    def get(self, column: str) -> Any:
        """The value; None where the cell is empty or the column missing."""
        return self.values.get(column)

    def only(self, *columns: str) -> dict[str, Any]:
        """The values of those columns that the sheet has and that are not empty."""
        return {name: self.values[name] for name in columns if self.values.get(name) is not None}

    def blame(self, faults: Faults, column: str, found: str, wanted: str) -> None:
        """Note a fault of this line; `found` is as `spell_found` spells it."""
        faults.add(self.place, self.headers.get(column, column), found, wanted)


def read_entries(table: Table, lines: Iterable[Line], faults: Faults) -> list[Entry]:
    """The lines without a fault."""
    headers = {slot.column.name: slot.header for slot in table.slots}
    entries: list[Entry] = []
    for line in lines:
        place, before = table.place(line), len(faults)
        values = {slot.column.name: _value(line, slot, place, faults) for slot in table.slots}
        if len(faults) == before:
            entries.append(Entry(place, values, headers))
        else:
            faults.doubted |= {(table.form.name, values[key]) for key in table.form.keys}
    return entries


def _value(line: Line, slot: Slot, place: Place, faults: Faults) -> Any:
    cell = line.cells[slot.at] if slot.at < len(line.cells) else ""
    if not cell:
        if slot.column.required:
            faults.add(place, slot.header, "nothing", "a value")
        return None
    try:
        return slot.column.read(cell)
    except CellError as exc:
        faults.add(place, slot.header, spell_found(cell, private=slot.column.private), str(exc))
        return None
