"""The coverage that is kept, against what the ledger made anew comes to; read within `made_anew`.

A day that is to be reckoned again is left out: a serving hub is at it. Of a large ledger, some months are taken
at random: each is a few hundredths of a second.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Table, select
from sqlmodel import col

from hub.coverage.following import days_to_have
from hub.coverage.reckoning import DAY, GAP, reckon
from hub.coverage.sums import MONTH, DayStretch, DaySums, days_within, sums_by_station
from hub.database.tables import Station
from hub.ledger.touched import DUE
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from hub.saying import Said, say
from station.milliseconds import ms_of
from station.names import StationCode

MOST_MONTHS: Final = 1_000


def coverage_differences(
    connection: Connection, directory: Directory, book: Rulebook, now: datetime, random: Random
) -> Iterator[Said]:
    """A line for each day that is otherwise, is missing, or is there though its station is not."""
    due = {(row.station, row.day) for row in connection.execute(select(DUE.c.station, DUE.c.day))}
    there = set(_keys(connection, DAY))
    months: dict[tuple[str, int, int], list[date]] = defaultdict(list)
    for station, day in sorted(there - due):
        months[station, day.year, day.month].append(day)
    for station, month in connection.execute(select(MONTH.c.station, MONTH.c.month)):
        months.setdefault((station, month.year, month.month), [])
    asked = sorted(name for name in months if book.knows(name[0]))
    for name in random.sample(asked, min(len(asked), MOST_MONTHS)):
        yield from _of_month(connection, book, StationCode(name[0]), months[name], now)
        yield from _of_sums(connection, *name)
    for station, day in sorted(set(days_to_have(connection, directory, book)) - there - due):
        yield say("{station} {day} coverage: nothing is kept of this day", station=station, day=day)
    for station, day in sorted(set(_keys(connection, GAP)) - there):
        yield say("{station} {day} coverage: gaps are kept of a day that is not", station=station, day=day)
    for station in sorted({name[0] for name in months if not book.knows(name[0])}):
        yield say("{station} coverage: days are kept of a station that is not entered", station=station)


def _keys(connection: Connection, table: Table) -> Iterator[tuple[str, date]]:
    for row in connection.execute(select(table.c.station, table.c.day).distinct()):
        yield row.station, row.day


def _of_month(
    connection: Connection, book: Rulebook, station: StationCode, days: list[date], now: datetime
) -> Iterator[Said]:
    of_it = (DAY.c.station == station, DAY.c.day.in_(days))
    kept = {row["day"]: dict(row) for row in connection.execute(select(DAY).where(*of_it)).mappings()}
    gaps: dict[date, list[dict[str, Any]]] = defaultdict(list)
    of_gaps = select(GAP).where(GAP.c.station == station, GAP.c.day.in_(days)).order_by(GAP.c.began_ms)
    for row in connection.execute(of_gaps).mappings():
        gaps[row["day"]].append(dict(row))
    for made in reckon(connection, book, station, days, now):
        day = made.row["day"]
        if made.row["until_ms"] != kept[day]["until_ms"] and made.row["until_ms"] <= ms_of(now):
            continue  # it came to its end meanwhile, and nobody has served since
        changed = [name for name, value in made.row.items() if kept[day][name] != value]
        if changed:
            yield _unlike(station, str(day), [(name, kept[day][name], made.row[name]) for name in changed])
        if [*made.gaps] != gaps[day]:
            yield say(
                "{station} {day} coverage: {kept} {kept:gap is|gaps are} kept, {made} made, or others",
                station=station, day=day, kept=len(gaps[day]), made=len(made.gaps),
            )  # fmt: skip


def _unlike(station: str, when: str, figures: Iterable[tuple[str, Any, Any]]) -> Said:
    told = [
        say("{column}: kept {kept}, made {made}", column=name, kept=kept, made=made) for name, kept, made in figures
    ]
    return say("{station} {day} coverage: {told}", station=station, day=when, told=told)


def _of_sums(connection: Connection, station: str, year: int, month: int) -> Iterator[Said]:
    """Whether a month is what its days add up to, those that are due among them: both are kept in one transaction."""
    first = date(year, month, 1)
    whole = DayStretch(first, first + timedelta(days=monthrange(year, month)[1] - 1))
    of_days = days_within(connection, whole, [col(Station.code) == station])
    kept, made = sums_by_station(connection, whole, station).get(station, DaySums()), DaySums.of(of_days.values())
    changed = [name for name in DaySums._fields if getattr(kept, name) != getattr(made, name)]
    if changed:
        figures = [(name, getattr(kept, name), getattr(made, name)) for name in changed]
        yield _unlike(station, f"{year}-{month:02}", figures)
