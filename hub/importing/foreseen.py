"""What an import would change, by name and old -> new, for somebody who looks at it before it is written.

History keeps names masked; whoever imports people sees them whole, for they stand in the sheet. What they saw has a
mark: where the city says something else by the time they say yes, they are shown anew what it would overwrite.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Row
from hub.changing.history import HistoryLine
from hub.changing.proposal import Proposal, name_of_command
from hub.changing.told_names import renamed
from hub.database.people_tables import Volunteer
from hub.database.tables import Station
from hub.database.transactions import table_of

MOST_TOLD: Final = 300
_WHOLE: Final = ("full_name", "lead", "deputy")
"""What history masks."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be changed.

    Attributes:
        lines: the first of them: what is there already and becomes otherwise before what is new.
        more: how many there are beside.
        mark: stands for all that would be overwritten, as it is now.
    """

    lines: tuple[HistoryLine, ...] = ()
    more: int = 0
    mark: str = ""


def foresee(proposal: Proposal) -> Foreseen:
    """Say what is proposed."""
    told = [(name_of_command(command), change) for command, change in proposal.changes if change.before or change.after]
    told.sort(key=lambda one: not one[1].before)  # of equals in the order of the sheets
    names = _Names(proposal.draft)
    lines = tuple(_line(what, change, names, proposal) for what, change in told[:MOST_TOLD])
    return Foreseen(lines, max(0, len(told) - MOST_TOLD), overwritten_mark(proposal.draft))


def overwritten_mark(draft: Draft) -> str:
    """Of all rows that would be overwritten, as they are; what is new stands in it by being none of them."""
    found = sha256()
    for model, table in draft.tables.items():
        kept = {key: table.before[key] for key, row in table.touched.items() if table.before.get(key, row) != row}
        for key in sorted(kept, key=repr):
            found.update(repr((table_of(model).name, key, sorted(kept[key].items()))).encode())
    return found.hexdigest()[:16]


class _Names:
    """How people are called, as they are and as they are to be."""

    def __init__(self, draft: Draft) -> None:
        self._people, self._stations = draft.of(Volunteer), draft.of(Station)

    def person(self, person: str) -> str:
        """Number and name; the opaque id of nobody."""
        row = self._people.get(person) or self._people.before.get((person,))
        return f"{row['number']} {row['full_name']}" if row else person

    def whole(self, change: CityChange, *, is_before: bool) -> Row:
        """What was masked, of one side of a change."""
        told = change.before if is_before else change.after
        table, key = (self._people, change.person) if change.person else (self._stations, change.station)
        row = table.before.get((key,)) if is_before else table.get(key)
        return {name: row[name] if row and row.get(name) else said for name, said in told.items() if name in _WHOLE}


def _line(what: str, change: CityChange, names: _Names, proposal: Proposal) -> HistoryLine:
    concerns = {name: getattr(change, name) for name in ("station", "kiosk", "person", "token")}
    before, after = (
        {**told, **names.whole(change, is_before=is_before)}
        for told, is_before in ((change.before, True), (change.after, False))
    )
    line = HistoryLine(
        proposal.now.ms, proposal.by, what, {name: said for name, said in concerns.items() if said}, change.day_from,
        before, after, proposal.why,
    )  # fmt: skip
    return renamed(line, names.person)
