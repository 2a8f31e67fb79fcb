"""Days added up: by station, district or kind, over any stretch; months are kept, so that a year is read at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
)
from sqlmodel import col

from hub.coverage.reckoning import DAY
from hub.database.coverage_tables import CoverageMonth
from hub.database.tables import Station
from hub.database.transactions import table_of

MONTH: Final = table_of(CoverageMonth)
_TIMES: Final = (
    *("opened_ms", "met_ms", "minimum_ms", "vacant_ms", "unknown_ms", "partial_ms", "assumed_ms"),
    *("union_ms", "person_ms", "supplemented_ms", "short_ms"),
)


class DaySums(NamedTuple):
    """Figures of some station-days: milliseconds, and how many days of each verdict."""

    days: int = 0
    opened_ms: int = 0
    met_ms: int = 0
    minimum_ms: int = 0
    vacant_ms: int = 0
    unknown_ms: int = 0
    partial_ms: int = 0
    assumed_ms: int = 0
    union_ms: int = 0
    person_ms: int = 0
    supplemented_ms: int = 0
    short_ms: int = 0
    kept: int = 0
    supplemented: int = 0
    unproven: int = 0
    short: int = 0
    closed: int = 0
    running: int = 0

    @classmethod
    def of(cls, some: Iterable["DaySums"]) -> Self:
        """All of them together."""
        found = list(some)
        return cls(*map(sum, zip(*found, strict=True))) if found else cls()

    @property
    def covered_ms(self) -> int:
        """Met or minimum."""
        return self.met_ms + self.minimum_ms

    @property
    def share(self) -> float | None:
        """How much of the opening time was covered; None where nothing was open."""
        return self.covered_ms / self.opened_ms if self.opened_ms else None


class StationNamed(NamedTuple):
    """A station, as figures are put in order by."""

    code: str
    name: str
    district: str
    kind: str
    short_name: str


class DayStretch(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last

    @property
    def months(self) -> "DayStretch | None":
        """The whole months in it; None where there is none."""
        first = self.first if self.first.day == 1 else (self.first.replace(day=1) + timedelta(days=31)).replace(day=1)
        last = (self.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
        return DayStretch(first, last) if first <= last else None


def _summed(table: Any) -> list[ColumnElement[Any]]:
    """The columns of `DaySums`; of days, each counts for its verdict."""
    if table is MONTH:
        return [func.sum(MONTH.c[name]) for name in DaySums._fields]
    times = (func.sum(DAY.c[name]) for name in _TIMES)
    verdicts = (func.sum(case((DAY.c.verdict == verdict, 1), else_=0)) for verdict in VERDICTS_IN_ORDER)
    return [func.count(), *times, *verdicts]


VERDICTS_IN_ORDER: Final = DaySums._fields[1 + len(_TIMES) :]


def stations_within(connection: Connection, where: Sequence[ColumnElement[bool]]) -> dict[str, StationNamed]:
    """The stations of a choice, by code."""
    columns: list[Any] = [col(getattr(Station, name)) for name in StationNamed._fields]
    rows = connection.execute(select(*columns).where(*where).order_by(columns[0]))
    return {named.code: named for named in map(StationNamed._make, rows)}


def sums_by_station(connection: Connection, stretch: DayStretch, station: str = "") -> dict[str, DaySums]:
    """Each station's figures over a stretch of days; who may see them chooses."""
    months = stretch.months
    if months is None:
        return _added(connection, DAY, DAY.c.day, stretch, station)
    before = DayStretch(stretch.first, months.first - timedelta(days=1))
    after = DayStretch(months.last + timedelta(days=1), stretch.last)
    parts = [_added(connection, MONTH, MONTH.c.month, months, station)]
    parts += [_added(connection, DAY, DAY.c.day, one, station) for one in (before, after) if one.first <= one.last]
    if len(parts) == 1:
        return parts[0]
    return {of: DaySums.of(part[of] for part in parts if of in part) for of in sorted(set().union(*parts))}


def _added(
    connection: Connection, table: Any, when: ColumnElement[date], stretch: DayStretch, station: str
) -> dict[str, DaySums]:
    where = [when.between(stretch.first, stretch.last), *([table.c.station == station] if station else [])]
    rows = connection.execute(select(table.c.station, *_summed(table)).where(*where).group_by(table.c.station))
    return {of: DaySums(*map(int, sums)) for of, *sums in rows}


def sums_by_month(connection: Connection, stretch: DayStretch, station: str = "") -> dict[tuple[str, date], DaySums]:
    """Each station's months, or those of one."""
    where = [MONTH.c.month.between(stretch.first, stretch.last), *([MONTH.c.station == station] if station else [])]
    columns: list[Any] = [MONTH.c.station, MONTH.c.month, *(MONTH.c[name] for name in DaySums._fields)]
    rows = connection.execute(select(*columns).where(*where))
    return {(of, month): DaySums(*sums) for of, month, *sums in rows}


def days_within(
    connection: Connection, stretch: DayStretch, where: Sequence[ColumnElement[bool]]
) -> dict[date, DaySums]:
    """The days of a stretch, over the stations of a choice together."""
    columns: list[Any] = [DAY.c.day, *_summed(DAY)]
    of_them = select(col(Station.code)).where(*where)
    asked = select(*columns).where(DAY.c.day.between(stretch.first, stretch.last), DAY.c.station.in_(of_them))
    rows = connection.execute(asked.group_by(DAY.c.day).order_by(DAY.c.day))
    return {of: DaySums(*map(int, sums)) for of, *sums in rows}


def sums_of_day(row: Mapping[str, Any]) -> DaySums:
    """One row of `CoverageDay`."""
    counted = (int(row["verdict"] == verdict) for verdict in VERDICTS_IN_ORDER)
    return DaySums(1, *(row[name] for name in _TIMES), *counted)


_FORGET: Final = delete(MONTH).where(MONTH.c.station == bindparam("of"), MONTH.c.month == bindparam("on"))
_SUM_OF_DAYS: Final = select(*_summed(DAY)).where(
    DAY.c.station == bindparam("of"), DAY.c.day.between(bindparam("first"), bindparam("last"))
)


def sum_months(connection: Connection, station: str, days: Iterable[date]) -> None:
    """Add up anew the months that these days of a station are in, as part of the connection's transaction."""
    for first in sorted({day.replace(day=1) for day in days}):
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        connection.execute(_FORGET, {"of": station, "on": first})
        summed = connection.execute(_SUM_OF_DAYS, {"of": station, "first": first, "last": last}).one()
        if summed[0]:
            row = dict(zip(DaySums._fields, map(int, summed), strict=True))
            connection.execute(insert(MONTH).values(month=first, station=station, **row))
