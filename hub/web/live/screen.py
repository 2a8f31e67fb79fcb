"""The board as its viewers have it now: each station's cell, the list of what needs somebody, and the numbers.

It takes changed rows one after the other, and the passing of time, and says what each does to a screen, so that
everybody who applies the same changes in the same order sees the same board. It renders nothing and sends nothing.
Cells keep their places for good; only the list moves. What lasts a moment only (a card held for a step-out makes a
station "minimum" for two seconds) is not drawn.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, islice
from typing import NamedTuple

from hub.presence.board_view import BoardRow, screen_key
from station.duty import DutyClass

DRAWN_AFTER = timedelta(seconds=5)  # a fall from met to minimum; shorter ones are a card that is held
LISTED_AFTER = timedelta(minutes=5)  # a minimum; a change of shift takes less
BEFORE_OPENING = timedelta(hours=1)  # when a kiosk should be on
MANY = 8  # unknown at once, or at their minimum: then that is one thing, and one line
MOST_LISTED = 30  # more than an operator reads


class Counted(StrEnum):
    """What a figure counts."""

    ALL = "all"
    DISTRICT = "district"
    KIND = "kind"


class Figure(NamedTuple):
    """One number on the board: the stations of one class among all that are shown, in a district or of a kind."""

    counted: Counted
    name: str
    duty_class: DutyClass


@dataclass(frozen=True, slots=True)
class CityNotice:
    """What is said of many stations at once.

    Attributes:
        unknown: so many are unknown, where they are too many to be listed one by one; else 0.
        is_wide: those are of several districts and kinds, so that what ails them is no one's own network.
        minimum: the same of those that have long been at their minimum.
        of: so many are open.
        silent: so many open soon, and a kiosk of theirs is not heard.
        opens_at: when the first of the silent ones opens.
        unready: so many are about to open, and fewer are there than there must be.
        unready_at: when the first of those opens.
        urgent: so many are vacant or unknown and can be listed.
        lasting: so many have long been at their minimum and can be listed.
    """

    unknown: int = 0
    is_wide: bool = False
    minimum: int = 0
    of: int = 0
    silent: int = 0
    opens_at: datetime | None = None
    unready: int = 0
    unready_at: datetime | None = None
    urgent: int = 0
    lasting: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One station's cell as it is to be drawn."""

    row: BoardRow
    before: BoardRow | None
    is_listed: bool
    """It stands in the list too."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One station's line in the list."""

    row: BoardRow
    next_code: str | None
    """The station that it stands in front of, None at the end."""
    stays: bool
    """It keeps its place, so it can be changed where it is."""
    is_new: bool
    """It was not in the list."""


@dataclass(frozen=True, slots=True)
class Update:
    """What one flush, or a second that passed, tells everybody."""

    rows: tuple[BoardRow, ...] = ()
    """What changed, at once; programs are told these."""
    cells: tuple[Cell, ...] = ()
    gone: tuple[str, ...] = ()
    """Stations that leave the list."""
    placed: tuple[PlacedRow, ...] = ()
    """Stations of the list, the last first: each stands in front of one that is there already."""
    notice: CityNotice | None = None
    """Only where it is another."""
    figures: tuple[tuple[Figure, int], ...] = ()
    """Only the numbers that changed."""

    def __bool__(self) -> bool:
        return bool(self.rows or self.cells or self.gone or self.placed or self.notice or self.figures)


class Screen:
    """The published board of one scope. Not thread-safe: it belongs to the event loop."""

    def __init__(self, rows: Iterable[BoardRow], as_of: datetime) -> None:
        self._rows = {row.code: row for row in rows}
        self._held: dict[str, BoardRow] = {}
        self._figures: Counter[Figure] = Counter()
        self._before: dict[Figure, int] = {}  # what an update has changed, as it was
        self._classes: dict[DutyClass, list[BoardRow]] = {
            duty_class: [] for duty_class in DutyClass
        }  # as they are read
        for row in self._rows.values():
            self._count(row, 1)
        self._look_ahead(as_of)
        self._listed, self.notice = self._list(as_of)

    def rows(self) -> tuple[BoardRow, ...]:
        """Return all rows by district and code, as their cells stand."""
        return tuple(sorted(self._rows.values(), key=lambda row: (row.district_code, row.district, row.code)))

    def told(self) -> tuple[BoardRow, ...]:
        """Return all rows as programs have them: also what is not drawn yet."""
        return tuple((self._rows | self._held).values())

    def listed(self) -> tuple[BoardRow, ...]:
        """Return what the list has, top to bottom."""
        return tuple(self._rows[code] for code in self._listed)

    def mark(self) -> str:
        """Return what another state of the board has otherwise: by it a page says which one it came with."""
        return f"{hash((frozenset(self._rows.values()), self._listed, self.notice)) & (1 << 64) - 1:x}"

    def figure(self, figure: Figure) -> int:
        """Return one number of the board."""
        return self._figures[figure]

    def apply(self, rows: Iterable[BoardRow], as_of: datetime) -> Update:
        """Take changed rows, and say what that does to a screen."""
        told = tuple(row for row in rows if self._held.get(row.code, self._rows.get(row.code)) != row)
        for row in told:
            self._held.pop(row.code, None)
            if self._is_brief(row, as_of):
                self._held[row.code] = row
        drawn = [row for row in told if row.code not in self._held and self._rows.get(row.code) != row]
        return self._draw(told, drawn, as_of)

    def pass_time(self, as_of: datetime) -> Update:
        """Let time pass: what was held back is drawn, what lasts is listed."""
        due = [row for row in self._held.values() if not self._is_brief(row, as_of)]
        for row in due:
            del self._held[row.code]
        self._look_ahead(as_of)
        return self._draw((), due, as_of)

    def _is_brief(self, row: BoardRow, as_of: datetime) -> bool:
        before = self._rows.get(row.code)
        falls = before is not None and before.duty_class is DutyClass.MET and row.duty_class is DutyClass.MINIMUM
        return falls and row.since is not None and as_of - row.since < DRAWN_AFTER

    def _draw(self, told: tuple[BoardRow, ...], drawn: list[BoardRow], as_of: datetime) -> Update:
        self._before = {}
        before = {row.code: self._rows.get(row.code) for row in drawn}
        for row in drawn:
            if (old := before[row.code]) is not None:
                self._count(old, -1)
            self._rows[row.code] = row
            self._count(row, 1)
        if any(row.duty_class is DutyClass.CLOSED for row in (*drawn, *before.values()) if row is not None):
            self._look_ahead(as_of)
        was_listed, was_noticed = self._listed, self.notice
        self._listed, self.notice = self._list(as_of)
        listed = set(self._listed)
        turned = set(was_listed) ^ listed
        return Update(
            rows=told,
            cells=tuple(
                Cell(self._rows[code], before.get(code, self._rows[code]), code in listed)
                for code in (*before, *sorted(turned - before.keys()))
            ),
            gone=tuple(code for code in was_listed if code not in listed),
            placed=self._placed(was_listed, before.keys()),
            notice=self.notice if self.notice != was_noticed else None,
            figures=self._changed_figures(),
        )

    def _changed_figures(self) -> tuple[tuple[Figure, int], ...]:
        changed = (figure for figure, n in self._before.items() if self._figures[figure] != n)
        return tuple(sorted((figure, self._figures[figure]) for figure in changed))

    def _placed(self, was_listed: tuple[str, ...], changed: Iterable[str]) -> tuple[PlacedRow, ...]:
        """Lines that are new, changed, or elsewhere, from the last to the first."""
        if was_listed == self._listed and not set(changed) & set(self._listed):
            return ()
        kept = [code for code in was_listed if code in self._listed]
        stays = _longest_in_order(kept, self._listed)
        placed = []
        for code, following in zip(reversed(self._listed), (None, *reversed(self._listed)), strict=False):
            if code not in stays or code in set(changed):
                placed.append(PlacedRow(self._rows[code], following, code in stays, code not in kept))
        return tuple(placed)

    def _list(self, as_of: datetime) -> tuple[tuple[str, ...], CityNotice]:
        vacant, unknown = self._classes[DutyClass.VACANT], self._classes[DutyClass.UNKNOWN]
        minimum = [row for row in self._classes[DutyClass.MINIMUM] if is_lasting(row, as_of)]
        many_unknown, many_minimum = len(unknown) >= MANY, len(minimum) >= MANY
        one_by_one = chain(vacant, () if many_unknown else unknown, () if many_minimum else minimum)
        notice = CityNotice(
            unknown=len(unknown) if many_unknown else 0,
            is_wide=many_unknown and len({row.district for row in unknown}) > 1 < len({row.kind for row in unknown}),
            minimum=len(minimum) if many_minimum else 0,
            of=len(self._rows) - len(self._classes[DutyClass.CLOSED]),
            silent=len(self._silent),
            opens_at=_first_opening(self._silent),
            unready=len(self._unready),
            unready_at=_first_opening(self._unready),
            urgent=len(vacant) + (0 if many_unknown else len(unknown)),
            lasting=0 if many_minimum else len(minimum),
        )
        return tuple(row.code for row in islice(one_by_one, MOST_LISTED)), notice

    def _look_ahead(self, as_of: datetime) -> None:
        closed = self._classes[DutyClass.CLOSED]
        self._silent = [row for row in closed if is_still_off(row, as_of)]
        self._unready = [row for row in closed if row.opens_soon and row.on_duty < row.minimum]

    def _count(self, row: BoardRow, by: int) -> None:
        there = self._classes[row.duty_class]
        if by > 0:
            insort(there, row, key=screen_key)
        else:
            del there[bisect_left(there, screen_key(row), key=screen_key)]
        for counted, name in ((Counted.ALL, ""), (Counted.DISTRICT, row.district), (Counted.KIND, row.kind)):
            figure = Figure(counted, name, row.duty_class)
            self._before.setdefault(figure, self._figures[figure])
            self._figures[figure] += by


def is_lasting(row: BoardRow, as_of: datetime) -> bool:
    """Say whether a station at its minimum wants somebody: it is short for long, and nobody is only out for a while."""
    short = row.on_duty + row.stepped_out < row.target
    return short and row.since is not None and as_of - row.since >= LISTED_AFTER


def is_still_off(row: BoardRow, as_of: datetime) -> bool:
    """Say whether a closed station opens soon, and a kiosk of it is not heard yet."""
    opens_soon = row.next_change_at is not None and row.next_change_at - as_of <= BEFORE_OPENING
    return row.duty_class is DutyClass.CLOSED and not row.is_open and opens_soon and row.kiosks_heard < row.kiosks


def _first_opening(rows: Iterable[BoardRow]) -> datetime | None:
    return min((row.next_change_at for row in rows if row.next_change_at), default=None)


def _longest_in_order(kept: list[str], listed: tuple[str, ...]) -> set[str]:
    """Return the most of `kept` that stand in `listed` in the same order, so that few lines move."""
    place = {code: index for index, code in enumerate(listed)}
    tails: list[str] = []  # of the chains of each length, the last one of that which ends highest
    before: dict[str, str] = {}
    for code in kept:
        length = bisect_left(tails, place[code], key=place.__getitem__)
        if length:
            before[code] = tails[length - 1]
        tails[length : length + 1] = [code]
    chosen, code = set(), tails[-1] if tails else ""
    while code:
        chosen.add(code)
        code = before.get(code, "")
    return chosen
