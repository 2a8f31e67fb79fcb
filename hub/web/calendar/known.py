"""What the calendar's page shows to somebody, read at once: their stations, days to come, one station's four weeks."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.filtering import where_may
from hub.database.tables import District, Station
from hub.exporting.special_days import SpecialStretch, special_stretches
from hub.register.days_ahead import PlannedDay, plan_of
from hub.register.reading import read_terms
from hub.register.terms import StationTerms, Week
from hub.rights import Grant, Right
from station.names import StationCode

SaidWeek = tuple["date | None", "Week", bool]
"""From when a week holds, None for one that holds already, and whether the station keeps holidays then."""


class CalendarKnown(NamedTuple):
    """All that is shown.

    Attributes:
        names: of the stations that they may change, by code.
        districts: of these, names by code.
        days: those that end today or later; of the station that was chosen those alone.
        station: the one that was chosen; empty for none of theirs.
        plan: its four weeks.
        week: its hours.
        ahead: the weeks that were set from a later day on.
        weeks: as `weeks_said` says it of the station.
    """

    names: dict[str, str]
    districts: dict[str, str]
    days: list[SpecialStretch]
    station: str
    plan: list[PlannedDay]
    week: Week
    ahead: list[tuple[date, Week]]
    weeks: list[SaidWeek]


def read_calendar(connection: Connection, grants: Iterable[Grant], chosen: str, today: date) -> CalendarKnown:
    """Read it for who has these grants."""
    columns = [col(getattr(Station, name)) for name in ("code", "name", "district", "kind")]
    found = connection.execute(select(*columns).where(where_may(grants, Right.PLACES)).order_by(columns[0])).all()
    names, seen = {row.code: row.name for row in found}, {row.district for row in found}
    rows = connection.execute(select(District.code, District.name))
    districts = {row.code: row.name for row in rows if row.code in seen}
    days = [
        one
        for one in special_stretches(connection)
        if one.last >= today and (one.station in names if one.station else not one.district or one.district in seen)
    ]
    days = [one for one in days if _is_of(one, next((row for row in found if row.code == chosen), None))]
    if chosen not in names:
        return CalendarKnown(names, districts, days, "", [], (), [], [])
    terms = read_terms(connection, chosen)[StationCode(chosen)]
    ahead = [
        (later.since, later.week)
        for earlier, later in pairwise(terms.clauses)
        if later.since > today and later.week != earlier.week
    ]
    return CalendarKnown(
        names, districts, days, chosen, plan_of(connection, chosen, today), terms.clause_on(today).week, ahead,
        _weeks_of(terms, today),
    )  # fmt: skip


def weeks_said(connection: Connection, station: str, today: date) -> list[SaidWeek]:
    """The weeks of a station, of today and set ahead."""
    return _weeks_of(read_terms(connection, station)[StationCode(station)], today)


def _weeks_of(terms: StationTerms, today: date) -> list[SaidWeek]:
    now = terms.clause_on(today)
    later = [(one.since, one.week, one.keeps_holidays) for one in terms.clauses if one.since > today]
    return [(None, now.week, now.keeps_holidays), *later]


def _is_of(stretch: SpecialStretch, station: Any) -> bool:
    """Whether that station has these days; anybody has, where none is meant."""
    if station is None:
        return True
    if stretch.station:
        return bool(stretch.station == station.code)
    return stretch.district in {"", station.district} and stretch.kind in {"", station.kind}
