"""Which stations a viewer looks at: the whole city, a district, a kind, both, or one station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.presence.board_view import BoardRow


@dataclass(frozen=True, slots=True)
class Scope:
    """A choice of stations; what is empty chooses all. Whoever has the same one shares a screen."""

    district: str = ""
    kind: str = ""
    station: str = ""

    def holds(self, row: BoardRow) -> bool:
        """Say whether a station is in it."""
        return (
            (not self.station or row.code == self.station)
            and (not self.district or row.district == self.district)
            and (not self.kind or row.kind == self.kind)
        )

    def of(self, rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
        """Return those of the stations that are in it."""
        return tuple(row for row in rows if self.holds(row))


CITY = Scope()
