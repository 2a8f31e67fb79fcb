"""How many stations of a board are in each class: of all of it, by district, by kind of host."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hub.presence.board_view import CLASS_ORDER, BoardRow
from station.duty import DutyClass


@dataclass(frozen=True, slots=True)
class Totals:
    """How many stations are in each class."""

    met: int
    minimum: int
    vacant: int
    unknown: int
    closed: int

    def of(self, duty_class: DutyClass) -> int:
        """Return the count of one class."""
        return int(getattr(self, duty_class.value))

    @property
    def stations(self) -> int:
        """All stations, open or not."""
        return self.met + self.minimum + self.vacant + self.unknown + self.closed


def totals(rows: Iterable[BoardRow]) -> Totals:
    """Count the rows of each class."""
    counts = Counter(row.duty_class for row in rows)
    return Totals(**{duty_class.value: counts[duty_class] for duty_class in CLASS_ORDER})


def totals_by_district(rows: Iterable[BoardRow]) -> dict[str, Totals]:
    """Count each district by itself, in the order of their codes."""
    rows = tuple(rows)
    return {name: totals(r for r in rows if r.district == name) for name in districts_of(rows)}


def districts_of(rows: Iterable[BoardRow]) -> tuple[str, ...]:
    """Return the districts' names in the order of their codes."""
    return tuple(dict.fromkeys(name for _, name in sorted({(row.district_code, row.district) for row in rows})))


def totals_by_kind(rows: Iterable[BoardRow]) -> dict[str, Totals]:
    """Count each kind of host by itself, kinds in order of their codes."""
    rows = tuple(rows)
    return {code: totals(r for r in rows if r.kind == code) for code in sorted({r.kind for r in rows})}
