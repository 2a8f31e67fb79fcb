"""The board as its viewers have it now: who stands where, and how many are in each class.

It takes changed rows one after the other and says what each does to a screen, so that everybody who
applies the same changes in the same order sees the same board. It renders nothing and sends nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from hub.presence.board_view import TROUBLE_FIRST, screen_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.presence.board_view import BoardRow
    from station.duty import DutyClass


class Counted(StrEnum):
    """What a figure counts."""

    CITY = "city"
    DISTRICT = "district"
    KIND = "kind"


class Figure(NamedTuple):
    """One number on the board: the stations of one class in the city, a district or a kind."""

    scope: Counted
    name: str
    duty_class: DutyClass


@dataclass(frozen=True, slots=True)
class Move:
    """What one changed row does to a screen."""

    row: BoardRow
    before: BoardRow | None
    """The row as it stood, None where the station is new."""
    next_code: str | None
    """The station that it stands in front of, None at the end of its group."""
    stays: bool
    """It keeps its place, so it can be changed where it is."""


@dataclass(frozen=True, slots=True)
class Update:
    """What one flush tells everybody."""

    moves: tuple[Move, ...]
    figures: tuple[tuple[Figure, int], ...]
    """Only the numbers that changed."""


def group_of(row: BoardRow) -> str:
    """Return which list a row stands in: trouble is one list (``""``), all others go by district."""
    return "" if row.duty_class in TROUBLE_FIRST else row.district


class Screen:
    """The published board. Not thread-safe: it belongs to the event loop."""

    def __init__(self, rows: Iterable[BoardRow]) -> None:
        self._rows = {row.code: row for row in rows}
        self._order = sorted(screen_key(row) for row in self._rows.values())
        self._figures: Counter[Figure] = Counter()
        self._before: dict[Figure, int] = {}  # what the last `apply` has changed, as it was
        for row in self._rows.values():
            self._count(row, 1)

    def rows(self) -> tuple[BoardRow, ...]:
        """Return all rows, top to bottom."""
        return tuple(self._rows[key[-1]] for key in self._order)

    def figure(self, figure: Figure) -> int:
        """Return one number of the board."""
        return self._figures[figure]

    def apply(self, rows: Iterable[BoardRow]) -> Update:
        """Put changed rows in their places and say what that does to a screen."""
        self._before = {}
        moves = tuple(self._move(row) for row in rows if self._rows.get(row.code) != row)
        changed = (figure for figure, before in self._before.items() if self._figures[figure] != before)
        figures = tuple(sorted((figure, self._figures[figure]) for figure in changed))
        return Update(moves, figures)

    def _move(self, row: BoardRow) -> Move:
        before = self._rows.get(row.code)
        left = self._take_out(before) if before else None
        key = screen_key(row)
        insort(self._order, key)
        self._rows[row.code] = row
        self._count(row, 1)
        follower = self._follower(bisect_left(self._order, key), row)
        stays = before is not None and group_of(before) == group_of(row) and left == follower
        return Move(row, before, follower, stays)

    def _take_out(self, row: BoardRow) -> str | None:
        """Remove a row and return whom it stood in front of."""
        at = bisect_left(self._order, screen_key(row))
        follower = self._follower(at, row)
        del self._order[at]
        self._count(row, -1)
        return follower

    def _follower(self, at: int, row: BoardRow) -> str | None:
        if at + 1 >= len(self._order):
            return None
        following = self._rows[self._order[at + 1][-1]]
        return following.code if group_of(following) == group_of(row) else None

    def _count(self, row: BoardRow, by: int) -> None:
        for scope, name in ((Counted.CITY, ""), (Counted.DISTRICT, row.district), (Counted.KIND, row.kind)):
            figure = Figure(scope, name, row.duty_class)
            self._before.setdefault(figure, self._figures[figure])
            self._figures[figure] += by
