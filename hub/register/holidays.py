"""Statutory holidays and make-up workdays (调休): which days the country has off, on which it works instead. Pure.

A year is known by the State Council's notice of the November before; until it is entered, nothing is said of its days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, Self

NOTICE_MONTH: Final = 11  # notices came between 9 October and 25 November; from then on its lack is told


class DaySort(StrEnum):
    """What a day is by the notice."""

    OFF = "off"
    WORK = "work"


class Holiday(NamedTuple):
    """One day that is otherwise than its weekday says, and by which holiday."""

    day: date
    sort: DaySort
    name: str


@dataclass(frozen=True, slots=True)
class Holidays:
    """Of all years that are known.

    Attributes:
        off: the days on which nobody works.
        work: days of a weekend on which everybody does.
        years: of which all such days are known.
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, days: Iterable[Holiday], years: Iterable[int]) -> Self:
        """Gather them."""
        found = list(days)
        by_sort = {sort: frozenset(one.day for one in found if one.sort is sort) for sort in DaySort}
        return cls(by_sort[DaySort.OFF], by_sort[DaySort.WORK], frozenset(years))

    def between(self, since: date, until: date) -> Iterable[date]:
        """The days from `since` to `until` that are otherwise than their weekday."""
        return (day for day in self.off | self.work if since <= day <= until)

    def missing(self, today: date) -> int | None:
        """The year whose notice should be here by that day, and is not; None where all is."""
        wanted = (today.year, *((today.year + 1,) if today.month >= NOTICE_MONTH else ()))
        return next((year for year in wanted if year not in self.years), None)


NO_HOLIDAYS: Final = Holidays()
