"""Statutory holidays and make-up workdays (调休): which days the country has off, on which it works instead. Pure.

A year is known by the State Council's notice of the November before; until it is entered, nothing is said of its days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Self

_SATURDAY: Final = 5
_APART: Final = timedelta(days=60)  # days of one name that lie further apart are of two years
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
        moved: make-up workdays, each with the free weekday that it is worked for.
        names: by which holiday a day of `off` is free.
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    moved: tuple[tuple[date, date], ...] = ()
    names: Mapping[date, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, days: Iterable[Holiday], years: Iterable[int]) -> Self:
        """Gather them."""
        found = list(days)
        by_sort = {sort: frozenset(one.day for one in found if one.sort is sort) for sort in DaySort}
        return cls(by_sort[DaySort.OFF], by_sort[DaySort.WORK], frozenset(years), tuple(_moved(found)),
                   {one.day: one.name for one in found if one.sort is DaySort.OFF})  # fmt: skip

    def worked_for(self, day: date) -> date | None:
        """The free weekday for which a make-up workday is worked; None where the notice lets nobody tell."""
        return next((free for worked, free in self.moved if worked == day), None)

    def between(self, since: date, until: date) -> Iterable[date]:
        """The days from `since` to `until` that are otherwise than their weekday."""
        return (day for day in self.off | self.work if since <= day <= until)

    def missing(self, today: date) -> int | None:
        """The year whose notice should be here by that day, and is not; None where all is."""
        wanted = (today.year, *((today.year + 1,) if today.month >= NOTICE_MONTH else ()))
        return next((year for year in wanted if year not in self.years), None)


def _moved(days: Iterable[Holiday]) -> Iterator[tuple[date, date]]:
    """Of each holiday its last free weekdays, in order: those before them are free by law (国务院令第795号)."""
    stretches: list[list[Holiday]] = []
    for one in sorted(days, key=lambda one: (one.name, one.day)):
        if not stretches or stretches[-1][-1].name != one.name or one.day - stretches[-1][-1].day > _APART:
            stretches.append([])
        stretches[-1].append(one)
    for stretch in stretches:
        worked = [one.day for one in stretch if one.sort is DaySort.WORK]
        free = [one.day for one in stretch if one.sort is DaySort.OFF and one.day.weekday() < _SATURDAY]
        if 0 < len(worked) <= len(free):
            yield from zip(worked, free[-len(worked) :], strict=True)


NO_HOLIDAYS: Final = Holidays()
