"""Which form a grid has, and which of its columns is which.

Titles of lists above the header are common here, so the header is looked for in the first lines. A column that
belongs to no form is not read, and said so; one that is wanted and missing is a fault.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple

from hub.importing.grid import NOT_CALCULATED, Grid, GridLine, letters_of
from hub.importing.sheet_faults import Faults, SheetPlace
from hub.importing.sheet_forms import FORMS, Column, FormName, SheetForm
from hub.saying import Said, printable, say
from hub.typed.nearest import nearest

HEADER_WITHIN: Final = 5  # lines that hold anything
_NOTES: Final = ("说明", "填表说明", "notes", "readme")
_DECORATION: Final = re.compile(r"[\s*_-]|\([^()]*\)")
_LONGEST_TITLE: Final = 60
_SHOWN: Final = 8  # cells of a line that is no header

Fit = tuple[int, int, int]
"""How well a header fits: wanted columns that are all there count most, then those that are needed, then all known."""
_NO_FIT: Final = (0, 0, 0)


class Slot(NamedTuple):
    """Which cell of a line belongs to which column, and that column's header as the sheet has it."""

    at: int
    column: Column
    header: str


@dataclass(frozen=True, slots=True)
class Table:
    """A grid whose form is known; `lines` are those below the header that hold anything."""

    grid: Grid
    form: SheetForm
    slots: tuple[Slot, ...]
    lines: tuple[GridLine, ...] = field(repr=False)

    def place(self, line: GridLine) -> SheetPlace:
        """Where a line is."""
        return SheetPlace(self.grid.file, self.grid.sheet, line.number)


def fit_of(title: str, lines: Sequence[GridLine]) -> Fit:
    """How well the best of these lines would do as the header of a sheet of that title."""
    return max((_match(line, form) for line in lines for form in _forms(title)), default=_NO_FIT)


def recognise(grid: Grid, faults: Faults) -> Table | None:
    """Find form and header of a grid; None, with a fault where one is due, for a sheet that is not to be read."""
    if not grid.lines or _plain(grid.title) in _NOTES:
        return None
    forms = _forms(grid.title)
    fits = [(_match(line, form), line, form) for line in grid.lines[:HEADER_WITHIN] for form in forms]
    fit, header, form = max(fits, key=itemgetter(0))  # of equals the first
    form = _wider(header, form, forms)
    place = SheetPlace(grid.file, grid.sheet, header.number)
    if _is_another(grid, fit, forms, faults):
        return None
    if fit == _NO_FIT:
        faults.refuse(
            place, _spell_line(header), say("a header with the columns of one form: {forms}", forms=_spell_forms(forms))
        )
        return None
    slots = _slots(header, form, place, faults)
    if not slots or not _is_whole(grid, header, slots, faults):
        return None
    lines = grid.filled_down(header.number)
    _remark_untitled(header, lines, place, faults)
    _remark_hidden(grid, slots, lines, faults)
    return Table(grid, form, slots, lines)


def _wider(header: GridLine, form: SheetForm, forms: Sequence[SheetForm]) -> SheetForm:
    """The form that has all of these columns, and more: hours beside a name are 站点, not 服务时间."""
    known = _known(header, form)
    wider = [one for one in forms if _match(header, one)[1] and known < _known(header, one)]
    return max(wider, key=lambda one: len(_known(header, one)), default=form)


def _known(header: GridLine, form: SheetForm) -> set[int]:
    """Which columns of the header the form has."""
    return {at for at, cell in enumerate(header.cells) if column_of(cell, form) is not None}


def _is_another(grid: Grid, fit: Fit, forms: Sequence[SheetForm], faults: Faults) -> bool:
    """Whether a sheet that is called like one form has the columns of another; that is a fault."""
    if len(forms) != 1 or fit[:2] != (0, 0):
        return False
    fits = [(_match(line, form), line, form) for line in grid.lines[:HEADER_WITHIN] for form in FORMS]
    best, header, form = max(fits, key=itemgetter(0))
    if not best[0]:
        return False
    found = say("a sheet called {called}, with the columns of {form}", called=say(forms[0].name), form=say(form.name))
    wanted = say("the sheet of {called}, or the name {title}", called=say(forms[0].name), title=form.title)
    faults.refuse(SheetPlace(grid.file, grid.sheet, header.number), found, wanted)
    return True


def _forms(title: str) -> Sequence[SheetForm]:
    return [form for form in FORMS if _plain(title) in form.titles] or FORMS


def _slots(header: GridLine, form: SheetForm, place: SheetPlace, faults: Faults) -> tuple[Slot, ...]:
    """The columns of the header; none, with a fault, where it cannot stand."""
    found: dict[str, Slot] = {}
    strange = dict[str, Said]()
    for at, title in enumerate(header.cells):
        column = column_of(title, form)
        shown = printable(title[:_LONGEST_TITLE])
        if title == NOT_CALCULATED:
            faults.refuse(
                place, say("a formula without a value in {cell}", cell=f"{letters_of(at)}{place.line}"), say("a header")
            )
        elif column is None:
            if title:
                strange[title] = say(
                    "the column '{column}' is not known among {form}, and not read", column=shown, form=say(form.name)
                )
        elif column.name in found:
            faults.refuse(
                place, say("the column {column} twice", column=shown), say("{column} once", column=column.shown)
            )
            return ()
        else:
            found[column.name] = Slot(at, column, shown)
    missing = [column for column in form.columns if column.required and column.name not in found]
    needed = [column for column in missing if form.is_needed(column)]
    if missing:
        words = [name for column in missing for name in column.aliases]
        near = next((like for title in strange if (like := nearest(title, words))), "")
        near = next((title for title in strange if near and nearest(near, [title])), "")
        if needed or near:
            wanted = say("{columns}", columns=[column.shown for column in (needed or missing)])
            faults.refuse(place, say("no such column among {form}", form=say(form.name)), wanted, near)
            return ()
    known = [name for column in form.columns if column.name not in found for name in column.aliases]
    for title, text in strange.items():
        faults.warn(place, text, nearest(title, known))
    return tuple(found.values())


def _is_whole(grid: Grid, header: GridLine, slots: tuple[Slot, ...], faults: Faults) -> bool:
    """Whether every line can be told from the others, whatever was merged."""
    read = {slot.at for slot in slots}
    torn = [merged for merged in grid.torn(header.number) if read & set(range(merged.first_at, merged.last_at + 1))]
    torn += [
        merged for merged in grid.merged
        if merged.first_line <= header.number <= merged.last_line and merged.first_at in read
        and merged.first_at != merged.last_at and merged not in torn
    ]  # fmt: skip
    deep = [merged.last_line for merged in torn if merged.first_line <= header.number < merged.last_line]
    if deep:
        _blame_header(grid, header, max(deep), faults)
        torn = [merged for merged in torn if merged.first_line > header.number]
    for merged in torn:
        place = SheetPlace(grid.file, grid.sheet, merged.first_line)
        faults.refuse(
            place, say("merged cells {range}", range=merged.ref), say("cells that are not merged across columns")
        )
    return not torn and not deep


def _blame_header(grid: Grid, header: GridLine, last_line: int, faults: Faults) -> None:
    lines = [str(number) for number in range(header.number, last_line + 1)]
    place = SheetPlace(grid.file, grid.sheet, header.number)
    found = say("a header of {count} {count:line|lines}, {lines}", count=len(lines), lines=lines)
    faults.refuse(place, found, say("a header of one line: split the merged cells, and give each column one name"))


def _remark_untitled(header: GridLine, lines: Iterable[GridLine], place: SheetPlace, faults: Faults) -> None:
    filled = {at for line in lines for at, cell in enumerate(line.cells) if cell and not header.cell(at)}
    for at in sorted(filled):
        faults.warn(place, say("column {column} has no header, and is not read", column=letters_of(at)))


def _remark_hidden(grid: Grid, slots: Iterable[Slot], lines: Iterable[GridLine], faults: Faults) -> None:
    """What somebody does not see counts all the same: most often a filter stands over the list."""
    place = SheetPlace(grid.file, grid.sheet)
    for slot in slots:
        if slot.at in grid.hidden.columns:
            faults.warn(place, say("column {column} is hidden, and read all the same", column=slot.header))
    hidden = sum(line.number in grid.hidden.lines for line in lines)
    if hidden:
        faults.warn(
            place, say("{count} {count:line is|lines are} hidden or filtered out, and read all the same", count=hidden)
        )


def _match(line: GridLine, form: SheetForm) -> Fit:
    known = {column.name: column for cell in line.cells if (column := column_of(cell, form)) is not None}
    complete = all(column.name in known for column in form.columns if column.required)
    is_keyed = all(column.name in known for column in form.columns if form.is_needed(column))
    return (int(complete), int(is_keyed), len(known))


def column_of(title: str, form: SheetForm) -> Column | None:
    """The form's column that a header names; None where it names none."""
    return _columns().get(_plain(title), {}).get(form.name)


def forms_with(title: str) -> Collection[FormName]:
    """The forms of which it is a header."""
    return _columns().get(_plain(title), {})


@cache
def _columns() -> Mapping[str, Mapping[FormName, Column]]:
    """By what a header says, in each form that has such a column: each line of a sheet is looked at."""
    found: dict[str, dict[FormName, Column]] = defaultdict(dict)
    for form in FORMS:
        for column in form.columns:
            for name in (column.name, *column.aliases):
                found[_plain(name)].setdefault(form.name, column)
    return found


def _plain(title: str) -> str:
    if len(title) > _LONGEST_TITLE:
        return ""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", title)).lower()


def _spell_line(line: GridLine) -> Said:
    """A line that may be one of people and cards: no more of its numbers than that they are some."""
    cells = [re.sub(r"\d{4,}", "…", printable(cell[:20])) for cell in line.cells if cell]
    return say("{cells}", cells=[say("'{text}'", text=cell) for cell in cells[:_SHOWN]])


def _spell_forms(forms: Iterable[SheetForm]) -> list[Said]:
    return [
        say("{form} ({columns})", form=say(form.name), columns=[c.aliases[0] for c in form.columns if c.required])
        for form in forms
    ]
