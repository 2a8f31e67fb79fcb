"""Stations as this desk shows them, read from the tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, or_, select

from hub.accounts.filtering import where_may
from hub.database.tables import District, Kiosk, SpecialDay, Station, TermsRow
from hub.register.spelling import read_spans, read_week
from hub.register.terms import Week
from hub.rights import Grant, Right
from hub.typed.hours_spelled import spell_hours
from hub.web.desk.meanwhile import mark_of_shown
from station.tidy import tidy_key


@dataclass(frozen=True, slots=True)
class ShownStation:
    """One station."""

    code: str
    name: str
    short_name: str
    district: str
    district_name: str
    kind: str
    authority: str
    lead: str
    deputy: str
    closed_on: date | None
    minimum: int
    target: int
    special: tuple[tuple[date, str, str], ...] = ()
    """Days from today on: the day, its hours, why."""
    kiosks: tuple[str, ...] = ()
    week: Week = ()
    """Its hours, for a page to say in its own language."""

    @property
    def mark(self) -> str:
        """Of what its page shows of it, but for single days and kiosks."""
        names = self.name, self.short_name, self.district, self.kind, self.authority, self.lead, self.deputy
        return mark_of_shown(names, self.closed_on, self.minimum, self.target, self.week)


def list_stations(
    connection: Connection, grants: Iterable[Grant], today: date, *, asked: str = "", code: str = "",
    right: Right = Right.PLACES,
) -> list[ShownStation]:  # fmt: skip
    """Return the stations that somebody may change, or do something else to, by code.

    Args:
        connection: to read by.
        grants: whose.
        today: of which day terms are shown.
        asked: only those with this in code, name or short name.
        code: only this one.
        right: to do what.
    """
    where = [where_may(grants, right)]
    if code:
        where.append(col(Station.code) == code)
    if asked:
        parts = (col(Station.name), col(Station.code), col(Station.short_name))
        where.append(or_(*(part.icontains(tidy_key(asked), autoescape=True) for part in parts)))
    named: Any = select(Station, col(District.name).label("district_name")).join(District).where(*where)
    rows = connection.execute(named.order_by(col(Station.code))).all()
    codes = [row.code for row in rows]
    terms: dict[str, Any] = {}
    for clause in connection.execute(select(TermsRow).order_by(col(TermsRow.from_day))):
        if clause.from_day <= today or clause.station not in terms:
            terms[clause.station] = clause
    special, kiosks = (_special(connection, code, today), _kiosks(connection, code)) if code and codes else ((), ())
    return [_shown(row, terms[row.code], special, kiosks) for row in rows]


def _shown(row: Any, clause: Any, special: tuple[tuple[date, str, str], ...], kiosks: tuple[str, ...]) -> ShownStation:
    return ShownStation(
        row.code, row.name, row.short_name, row.district, row.district_name, row.kind, row.authority, row.lead,
        row.deputy, row.closed_on, clause.minimum, clause.target, special, kiosks, read_week(clause.week),
    )  # fmt: skip


def _special(connection: Connection, code: str, today: date) -> tuple[tuple[date, str, str], ...]:
    where = (col(SpecialDay.station) == code, col(SpecialDay.day) >= today)
    rows = connection.execute(select(SpecialDay).where(*where).order_by(col(SpecialDay.day)))
    return tuple((row.day, spell_hours(read_spans(row.spans)), row.reason) for row in rows)


def _kiosks(connection: Connection, code: str) -> tuple[str, ...]:
    of_it = select(col(Kiosk.id)).where(col(Kiosk.station) == code).order_by(col(Kiosk.id))
    return tuple(connection.execute(of_it).scalars())
