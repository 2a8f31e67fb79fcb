"""Which days are to be reckoned that no record tells of: those that have come, or a changed city judges anew."""

import json
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from hub.database.coverage_tables import CoverageStation
from hub.database.transactions import table_of, upsert
from hub.intake.rows import moment_of
from hub.ledger.past import first_recorded_ms
from hub.ledger.touched import DUE, DueWhy, note_due
from hub.register.directory import Directory, KnownKiosk
from hub.register.rulebook import Rulebook
from hub.register.spelling import first_change
from station.names import StationCode

STATION: Final = table_of(CoverageStation)
_DAY: Final = timedelta(days=1)
_NEVER: Final = date.max
MOST_AT_ONCE: Final = 5_000  # days noted in a transaction, some 50 ms


def follow(connection: Connection, directory: Directory, book: Rulebook, today: date) -> bool:
    """Note what is to be reckoned since this was last asked; whether that is all, or there is more to note.

    As part of the connection's transaction, which must not be long.
    """
    known = {row["station"]: dict(row) for row in connection.execute(select(STATION)).mappings()}
    kiosks = _kiosks_by_station(directory)
    earliest = _earliest_due(connection)
    changed: list[dict[str, Any]] = []
    noted = 0
    for station in directory.stations:
        if noted > MOST_AT_ONCE:
            break
        row = known.get(station) or _first_row(connection, station, book)
        if row is None:
            continue
        terms, served = book.spelled_terms(station), kiosks.get(station, "[]")
        since = min(row["since"], _served_since(served, earliest.get(station, _NEVER)))
        first = min(first_change(row["terms"], terms), _first_served(row["kiosks"], served)) if row["terms"] else since
        for days, why in (
            (_days(station, max(first, since), today), DueWhy.CITY),
            (_days(station, since, row["since"] - _DAY), DueWhy.RECORDS),
            (_days(station, max(row["through"], since), today), DueWhy.DAY),
        ):
            note_due(connection, days, why)
            noted += len(days)
        now = {"station": station, "terms": terms, "kiosks": served, "since": since, "through": today}
        if now != known.get(station):
            changed.append(now)
    if changed:
        upsert(connection, CoverageStation, changed)
    return noted <= MOST_AT_ONCE


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


def _days(station: str, first: date, last: date) -> list[tuple[str, date]]:
    return [(station, first + n * _DAY) for n in range((last - first).days + 1)]


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
