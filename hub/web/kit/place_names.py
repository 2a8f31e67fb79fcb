"""What pages call districts and stations: the names that the board has of them, a code only where it has none."""

from collections.abc import Iterable
from functools import cached_property

from hub.presence.board_view import BoardView
from hub.web.kit.row_words import short_of


class PlaceNames:
    """Of one city at one moment; reckoned when somebody asks."""

    def __init__(self, view: BoardView) -> None:
        self._view = view

    def station(self, code: str) -> str:
        """A station's, as short as the city says it."""
        return self._stations.get(code, code)

    def stations(self, codes: Iterable[str]) -> list[str]:
        """Those of several."""
        return [self.station(code) for code in codes]

    def district(self, code: str) -> str:
        """A district's."""
        return self._districts.get(code, code)

    @cached_property
    def _stations(self) -> dict[str, str]:
        view = self._view
        return {row.code: short_of(row.name, row.short_name, view.city, "") for row in view.rows}

    @cached_property
    def _districts(self) -> dict[str, str]:
        return {row.district_code: row.district for row in self._view.rows if row.district_code}
