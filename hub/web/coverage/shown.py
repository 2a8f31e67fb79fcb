"""What a page of coverage shows, read and put in order off the event loop: somebody's stations and no others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection
from sqlmodel import col, select

from hub.accounts.filtering import where_may
from hub.coverage.reading import DayFound, Revised, SettledThrough, read_days, read_revisions, settled_of
from hub.coverage.sums import DaySums, StationNamed, days_within, stations_within, sums_by_month, sums_by_station
from hub.database.tables import District, Station
from hub.rights import Grant, Right
from hub.web.coverage.asked import AskedCoverage, CoverageSpan
from hub.web.coverage.words import order_of


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A district, a kind or a station with its figures; `code` is by what it is asked for."""

    code: str
    name: str
    sums: DaySums
    place: str = ""
    short: str = ""
    """As the city calls a station, where it says so."""


@dataclass(frozen=True, slots=True)
class CoverageShown:
    """The page of many stations; `days` and `months` are what its pictures are made of."""

    total: DaySums
    stations: list[GroupShown]
    districts: list[GroupShown]
    kinds: list[GroupShown]
    days: Mapping[date, DaySums]
    months: Mapping[tuple[str, date], DaySums]
    settled: SettledThrough
    all_districts: dict[str, str]
    chosen: int
    """How many stations are looked at, those without a day among them."""


@dataclass(frozen=True, slots=True)
class StationShown:
    """The page of one station."""

    station: StationNamed
    district: str
    total: DaySums
    days: list[DayFound]
    revised: list[Revised]
    settled: SettledThrough


def read_many(
    connection: Connection,
    grants: Iterable[Grant],
    asked: AskedCoverage,
    now: datetime,
    *,
    is_drawn: bool = True,
) -> CoverageShown:
    """Read the page of many; `now` is by the city's clocks. A sheet has no pictures."""
    seen = where_may(tuple(grants), Right.OBSERVE)
    every = stations_within(connection, [seen])
    districts = {
        row.code: row.name
        for row in connection.execute(select(District.code, District.name).order_by(col(District.code)))
    }
    chosen = {
        code: one
        for code, one in every.items()
        if asked.district in {"", one.district} and asked.kind in {"", one.kind}
    }
    stretch = asked.stretch
    sums = {code: found for code, found in sums_by_station(connection, stretch).items() if code in chosen}
    by_district, by_kind = defaultdict[str, list[DaySums]](list), defaultdict[str, list[DaySums]](list)
    for code, found in sums.items():
        by_district[chosen[code].district].append(found)
        by_kind[chosen[code].kind].append(found)
    is_year = asked.span is CoverageSpan.YEAR
    has_strip = is_drawn and not is_year and asked.span is not CoverageSpan.DAY
    months = defaultdict[tuple[str, "date"], list[DaySums]](list)
    for (code, month), found in sums_by_month(connection, stretch).items() if is_year and is_drawn else ():
        if code in chosen:
            months[code if asked.district else chosen[code].district, month].append(found)
    return CoverageShown(
        DaySums.of(sums.values()),
        _ranked(
            GroupShown(code, chosen[code].name, found, districts[chosen[code].district], chosen[code].short_name)
            for code, found in sums.items()
        ),
        _ranked(GroupShown(code, districts[code], DaySums.of(found)) for code, found in by_district.items()),
        _ranked(GroupShown(code, code, DaySums.of(found)) for code, found in by_kind.items()),
        days_within(connection, stretch, [seen, *_chosen(asked)]) if has_strip else {},
        {name: DaySums.of(found) for name, found in months.items()},
        settled_of(connection, chosen, stretch, now),
        {code: name for code, name in districts.items() if any(one.district == code for one in every.values())},
        len(chosen),
    )


def read_months(
    connection: Connection, grants: Iterable[Grant], asked: AskedCoverage, code: str = ""
) -> dict[tuple[str, date], DaySums]:
    """The months of a stretch, by station: of one, or of those that are asked for."""
    where = [where_may(tuple(grants), Right.OBSERVE), *_chosen(asked), *([col(Station.code) == code] if code else [])]
    of_them = stations_within(connection, where)
    return {of: sums for of, sums in sums_by_month(connection, asked.stretch, code).items() if of[0] in of_them}


def _chosen(asked: AskedCoverage) -> list[ColumnElement[bool]]:
    pairs = ((col(Station.district), asked.district), (col(Station.kind), asked.kind))
    return [column == wanted for column, wanted in pairs if wanted]


def read_one(
    connection: Connection, grants: Iterable[Grant], code: str, asked: AskedCoverage, now: datetime
) -> StationShown | None:
    """Read the page of one; None where there is none of that code, or not for them."""
    found = stations_within(connection, [where_may(tuple(grants), Right.OBSERVE), col(Station.code) == code])
    if code not in found:
        return None
    stretch = asked.stretch
    district = connection.execute(select(District.name).where(col(District.code) == found[code].district)).scalar()
    return StationShown(
        found[code],
        district or "",
        sums_by_station(connection, stretch, code).get(code, DaySums()),
        read_days(connection, code, stretch),
        read_revisions(connection, code, stretch),
        settled_of(connection, [code], stretch, now),
    )


def _ranked(groups: Iterable[GroupShown]) -> list[GroupShown]:
    return sorted(groups, key=lambda one: (*order_of(one.sums), one.code))
