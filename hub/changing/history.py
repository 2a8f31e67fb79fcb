"""What was changed, by whom, when and why: read, never edited."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_
from sqlmodel import col, select

from hub.database.history_table import ChangeRow


@dataclass(frozen=True, slots=True)
class Line:
    """One change; `concerns` by the names of its columns, without those that are empty."""

    at_ms: int
    by: str
    what: str
    concerns: Mapping[str, str] = field(repr=False)
    day_from: date | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str


def read_history(
    connection: Connection,
    *,
    station: str = "",
    person: str = "",
    token: str = "",
    since_ms: int = 0,
    last: int | None = None,
) -> tuple[list[Line], int]:
    """Changes in the order in which they were made, and how many earlier ones were left out.

    Args:
        connection: to read by.
        station: only those of this one.
        person: only those of this one; a card that went to somebody else is told too.
        token: only those of this card.
        since_ms: none made before that.
        last: at most so many, the newest.
    """
    where = [col(ChangeRow.at_ms) >= since_ms]
    if station:
        where.append(col(ChangeRow.station) == station)
    if person:
        named = col(ChangeRow.before).contains(f'"{person}"', autoescape=True)
        where.append(or_(col(ChangeRow.person) == person, named))
    if token:
        where.append(col(ChangeRow.token) == token)
    newest = select(ChangeRow).where(*where).order_by(col(ChangeRow.number).desc()).limit(last)
    lines = [_line(row) for row in connection.execute(newest)]
    count = connection.execute(select(func.count()).select_from(ChangeRow).where(*where)).scalar_one()
    return lines[::-1], count - len(lines)


def _line(row: Any) -> Line:
    concerns = {name: getattr(row, name) for name in ("station", "kiosk", "person", "token") if getattr(row, name)}
    before, after = (json.loads(text) if text else {} for text in (row.before, row.after))
    return Line(row.at_ms, row.by, row.what, concerns, row.day_from, before, after, row.why)
