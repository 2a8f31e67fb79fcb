"""Which stations a viewer looks at: what they chose, of those that their grants reach."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.presence.board_view import BoardRow
from hub.rights import WHOLE_CITY, Reach

EVERYWHERE = frozenset({WHOLE_CITY})


@dataclass(frozen=True, slots=True)
class Scope:
    """A choice of stations; what is empty chooses all. Whoever has the same one shares a screen."""

    district: str = ""
    kind: str = ""
    station: str = ""
    within: frozenset[Reach] = EVERYWHERE
    """Where somebody may see anything at all."""
    has_leads: bool = True
    """Whether rows say whom to call; a screen on a wall says nobody's name."""

    def holds(self, row: BoardRow) -> bool:
        """Say whether a station is in it."""
        return (
            (not self.station or row.code == self.station)
            and (not self.district or row.district == self.district)
            and (not self.kind or row.kind == self.kind)
            and (self.within == EVERYWHERE or self._reaches(row))
        )

    def of(self, rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
        """Return those of the stations that are in it."""
        held = (row for row in rows if self.holds(row))
        return (
            tuple(held)
            if self.has_leads
            else tuple(row.nameless() if row.lead or row.expected else row for row in held)
        )

    def _reaches(self, row: BoardRow) -> bool:
        thing = Reach(row.district_code, row.kind, row.code)
        return any(reach.holds(thing) for reach in self.within)


CITY = Scope()
