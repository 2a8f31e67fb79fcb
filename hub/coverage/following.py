"""Which days are to be reckoned that no record tells of: those that have come, or a changed city judges anew."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, select

from hub.database.coverage_tables import CoverageStation
from hub.database.transactions import table_of, upsert
from hub.ledger.past import first_recorded_ms
from hub.ledger.touched import DUE, DueWhy, note_due
from hub.register.directory import Directory, KnownKiosk
from hub.register.rulebook import Rulebook
from hub.register.spelling import first_change
from station.milliseconds import moment_of
from station.names import StationCode

STATION: Final = table_of(CoverageStation)
_DAY: Final = timedelta(days=1)
_NEVER: Final = date.max
MOST_AT_ONCE: Final = 500  # days noted in a transaction, some 5 ms: what kiosks send waits for no longer


class StationDays(NamedTuple):
    """What is to be noted of one station: stretches of days, and then how it stands, where that is otherwise."""

    stretches: tuple[tuple[date, date, DueWhy], ...]
    row: dict[str, Any]
    is_new: bool


class FollowNote(NamedTuple):
    """What one transaction notes."""

    days: dict[DueWhy, list[tuple[str, date]]]
    rows: list[dict[str, Any]]


def look(connection: Connection, directory: Directory, book: Rulebook, today: date) -> list[StationDays]:
    """What is to be reckoned since this was last noted."""
    known = {row["station"]: dict(row) for row in connection.execute(select(STATION)).mappings()}
    kiosks = _kiosks_by_station(directory)
    earliest = _earliest_due(connection)
    found: list[StationDays] = []
    for station in directory.stations:
        row = known.get(station) or _first_row(connection, station, book)
        if row is None:
            continue
        terms, served = book.spelled_terms(station), kiosks.get(station, "[]")
        since = min(row["since"], _served_since(served, earliest.get(station, _NEVER)))
        first = min(first_change(row["terms"], terms), _first_served(row["kiosks"], served)) if row["terms"] else since
        stretches = (
            (max(first, since), today, DueWhy.CITY),
            (since, row["since"] - _DAY, DueWhy.RECORDS),
            (max(row["through"], since), today, DueWhy.DAY),
        )
        now = {"station": station, "terms": terms, "kiosks": served, "since": since, "through": today}
        found.append(StationDays(stretches, now, is_new=now != known.get(station)))
    return found


def days_to_have(connection: Connection, directory: Directory, book: Rulebook) -> Iterator[tuple[str, date]]:
    """Of which there is a row, or which are due; of stations that have followed the city as it is."""
    kiosks = _kiosks_by_station(directory)
    for row in connection.execute(select(STATION)):
        terms = book.spelled_terms(row.station) if book.knows(row.station) else None
        if (row.terms, row.kiosks) != (terms, kiosks.get(row.station, "[]")):
            continue
        for day in _days(row.since, row.through):
            if book.kiosks_in_service(row.station, day):
                yield row.station, day


def in_notes(found: Iterable[StationDays]) -> Iterator[FollowNote]:
    """All of it, a little at a time; a station stands otherwise only once all its days are noted."""
    note, size = FollowNote(defaultdict(list), []), 0
    for one in found:
        for first, last, why in one.stretches:
            for day in _days(first, last):
                note.days[why].append((one.row["station"], day))
                size += 1
                if size >= MOST_AT_ONCE:
                    yield note
                    note, size = FollowNote(defaultdict(list), []), 0
        if one.is_new:
            note.rows.append(one.row)
            size += 1
    if size:
        yield note


def write_down(connection: Connection, note: FollowNote) -> None:
    """As part of the connection's transaction."""
    for why in (DueWhy.CITY, DueWhy.RECORDS, DueWhy.DAY):  # the last one is kept
        note_due(connection, note.days[why], why)
    if note.rows:
        upsert(connection, CoverageStation, note.rows)


def forget_all(connection: Connection) -> None:
    """Let every day be reckoned anew: the ledger was replaced."""
    connection.execute(delete(STATION))


def _first_row(connection: Connection, station: StationCode, book: Rulebook) -> dict[str, Any] | None:
    first_ms = first_recorded_ms(connection, station)
    if first_ms is None or first_ms < 0:
        return None
    day = book.day_of(moment_of(first_ms))
    return {"station": station, "terms": "", "kiosks": "[]", "since": day, "through": day}


def _earliest_due(connection: Connection) -> dict[str, date]:
    found: dict[str, date] = {}
    for station, day in connection.execute(select(DUE.c.station, DUE.c.day)):
        found[station] = min(found.get(station, _NEVER), day)
    return found


def _served_since(kiosks: str, day: date) -> date:
    """That day, but not before any kiosk was there: a kiosk whose clock stood at 1970 told of none of them."""
    first = min((date.fromisoformat(served[1]) for served in json.loads(kiosks)), default=_NEVER)
    return max(day, first)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _kiosks_by_station(directory: Directory) -> dict[StationCode, str]:
    found: dict[StationCode, list[list[str]]] = {}
    for kiosk in sorted(directory.kiosks.values(), key=lambda one: one.id):
        found.setdefault(kiosk.station, []).append(_spelled(kiosk))
    return {station: json.dumps(kiosks, separators=(",", ":")) for station, kiosks in found.items()}


def _spelled(kiosk: KnownKiosk) -> list[str]:
    return [kiosk.id, kiosk.in_service_from.isoformat(), kiosk.in_service_to.isoformat() if kiosk.in_service_to else ""]


def _first_served(before: str, after: str) -> date:
    """The first day on which other kiosks were in service; `date.max` for none."""
    was, now = ({kiosk: (since, until) for kiosk, since, until in json.loads(text)} for text in (before, after))
    found = _NEVER
    for kiosk in was.keys() | now.keys():
        one, other = was.get(kiosk), now.get(kiosk)
        if one == other:
            continue
        days = [span[0] for span in (one, other) if span]
        if one and other and one[0] == other[0]:
            days = [span[1] for span in (one, other) if span[1]]
        found = min([found, *map(date.fromisoformat, days)])
    return found
