"""What was changed, by whom, when and why: read, never edited."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, or_
from sqlmodel import col, select

from hub.database.history_table import ChangeRow, RevisionRow

IMPORT: Final = "import "
"""How the reason of an import begins; the names of its files follow."""
UNDO_IMPORT: Final = "undo import "
"""How the reason of one that is undone begins; its number follows."""
ENTER_CHANNEL: Final = "enter_channel"
CHANGE_CHANNEL: Final = "change_channel"
REMOVE_CHANNEL: Final = "remove_channel"
OF_CHANNELS: Final = (ENTER_CHANNEL, CHANGE_CHANNEL, REMOVE_CHANNEL)
"""What is told of those who are told of alarms: it changes nothing of a station, though it may name one."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change; `concerns` by the names of its columns, without those that are empty."""

    at_ms: int
    by: str
    what: str
    concerns: Mapping[str, str] = field(repr=False)
    day_from: date | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str
    revised: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    """By station, the days on which it made stints of the past otherwise; perhaps together with changes beside it."""


def read_history(
    connection: Connection,
    *,
    station: str = "",
    person: str = "",
    token: str = "",
    since_ms: int = 0,
    last: int | None = None,
) -> tuple[list[HistoryLine], int]:
    """Changes in the order in which they were made, and how many earlier ones were left out.

    Args:
        connection: to read by.
        station: only those of this one, and those of people, cards or many stations that made its past otherwise.
        person: only those of this one; a card that went to somebody else is told too.
        token: only those of this card.
        since_ms: none made before that.
        last: at most so many, the newest.
    """
    where = [col(ChangeRow.at_ms) >= since_ms]
    if station:
        where.append(
            or_(col(ChangeRow.station) == station, col(ChangeRow.number).in_(_of_no_station(connection, station)))
        )
    if person:
        named = col(ChangeRow.before).contains(f'"{person}"', autoescape=True)
        where.append(or_(col(ChangeRow.person) == person, named))
    if token:
        where.append(col(ChangeRow.token) == token)
    newest = select(ChangeRow).where(*where).order_by(col(ChangeRow.number).desc()).limit(last)
    rows = connection.execute(newest).all()
    revised = _revised(connection, {row.edition for row in rows})
    lines = [_line(row, revised.get(row.edition, {})) for row in rows]
    count = connection.execute(select(func.count()).select_from(ChangeRow).where(*where)).scalar_one()
    return lines[::-1], count - len(lines)


def _of_no_station(connection: Connection, station: str) -> list[int]:
    """The numbers of changes that name no station and made stints there otherwise: somebody's, or those of all."""
    steps = [col(getattr(RevisionRow, name)) for name in ("since_edition", "edition", "person_before", "person_after")]
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for since, until, *people in connection.execute(
        select(*steps).where(col(RevisionRow.station) == station).distinct()
    ):
        for person in {"", *people}:
            found[person].add((since, until))
    theirs = select(ChangeRow.number, ChangeRow.edition, ChangeRow.person).where(
        col(ChangeRow.person).in_(found), col(ChangeRow.station) == "", col(ChangeRow.kiosk) == "",
        or_(col(ChangeRow.person) != "", col(ChangeRow.day_from).is_not(None)),  # not each card that was but entered
    )  # fmt: skip
    return [
        number
        for number, edition, person in connection.execute(theirs)
        if any(since < edition <= until for since, until in found[person])
    ]


def _revised(connection: Connection, editions: Collection[int]) -> dict[int, dict[str, tuple[date, ...]]]:
    """What followed from each of these editions; those that the ledger followed together share it."""
    if not editions:
        return {}
    where = col(RevisionRow.edition) >= min(editions), col(RevisionRow.since_edition) < max(editions)
    names = [col(getattr(RevisionRow, name)) for name in ("since_edition", "edition", "station", "day")]
    found: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for since, until, station, day in connection.execute(select(*names).where(*where).distinct()):
        for edition in editions:
            if since < edition <= until:
                found[edition][station].append(day)
    return {
        edition: {station: tuple(sorted(days)) for station, days in sorted(stations.items())}
        for edition, stations in found.items()
    }


def _line(row: Any, revised: Mapping[str, tuple[date, ...]]) -> HistoryLine:
    concerns = {name: getattr(row, name) for name in ("station", "kiosk", "person", "token") if getattr(row, name)}
    before, after = (json.loads(text) if text else {} for text in (row.before, row.after))
    return HistoryLine(row.at_ms, row.by, row.what, concerns, row.day_from, before, after, row.why, revised)
