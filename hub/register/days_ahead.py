"""The days of one station, each with its hours and why they are so: what its calendar shows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.tables import SharedDay, SpecialDay, Station
from hub.register.holidays import DaySort
from hub.register.reading import holidays_by_year, read_terms, scopes_of
from hub.register.spelling import read_spans
from hub.register.terms import StationTerms
from station.hours import Spans
from station.names import StationCode

FOUR_WEEKS: Final = 28


class WhyHours(StrEnum):
    """Why a day has its hours."""

    WEEK = "week"
    HOLIDAY = "holiday"
    WORKED = "worked"
    SHARED = "shared"
    SPECIAL = "special"
    OUT_OF_SERVICE = "out_of_service"
    UNKNOWN = "unknown"
    """As the week says, since nobody knows whether it is a holiday."""


class PlannedDay(NamedTuple):
    """One day; `reason` is for the public."""

    day: date
    spans: Spans
    why: WhyHours
    reason: str = ""


def plan_of(connection: Connection, code: str, since: date, count: int = FOUR_WEEKS) -> list[PlannedDay]:
    """So many days of a station; none where there is no such station."""
    terms = read_terms(connection, code).get(StationCode(code))
    station = connection.execute(select(Station).where(col(Station.code) == code)).one_or_none()
    if terms is None or station is None:
        return []
    own = {row.day: row.reason for row in connection.execute(select(SpecialDay).where(col(SpecialDay.station) == code))}
    shared = {row.day: row.reason for row in _shared(connection, station)}
    names = {one.day: one for days in holidays_by_year(connection).values() for one in days}

    def plan(day: date) -> PlannedDay:
        spans = terms.spans_on(day)
        if not terms.is_in_service(day):
            return PlannedDay(day, spans, WhyHours.OUT_OF_SERVICE)
        if day in own:
            return PlannedDay(day, spans, WhyHours.SPECIAL, own[day])
        if day in shared:
            return PlannedDay(day, spans, WhyHours.SHARED, shared[day])
        if day in names and terms.clause_on(day).keeps_holidays:
            why = WhyHours.HOLIDAY if names[day].sort is DaySort.OFF else WhyHours.WORKED
            return PlannedDay(day, spans, why, names[day].name)
        return PlannedDay(day, spans, WhyHours.UNKNOWN if terms.is_unknown(day) else WhyHours.WEEK)

    return [plan(since + timedelta(days=n)) for n in range(count)]


def special_reason(connection: Connection, code: str, day: date) -> str:
    """Why a day has other hours than its week says, in the words for the public; empty where it has not.

    The same that board and kiosks are told, `KnownStation.closed_for`.
    """
    own = select(col(SpecialDay.reason)).where(col(SpecialDay.station) == code, col(SpecialDay.day) == day)
    reason: str | None = connection.execute(own).scalar_one_or_none()
    station = connection.execute(select(Station).where(col(Station.code) == code)).one_or_none()
    if reason is not None or station is None:
        return reason or ""
    shared = next((str(row.reason) for row in reversed(_shared(connection, station)) if row.day == day), "")
    return shared or read_terms(connection, code)[StationCode(code)].holiday_on(day)


def spans_without_own(connection: Connection, code: str, day: date) -> Spans:
    """The hours of a day as they would be, were nothing said of that day at this station alone."""
    terms = read_terms(connection, code)[StationCode(code)]
    station = connection.execute(select(Station).where(col(Station.code) == code)).one()
    shared = {row.day: read_spans(row.spans) for row in _shared(connection, station)}
    return shared.get(day, terms.usual_on(day)) if terms.is_in_service(day) else ()


def _shared(connection: Connection, station: Any) -> list[Any]:
    """What is said of many that holds for a station; of one day the last holds."""
    rows = connection.execute(select(SharedDay)).all()
    scopes = scopes_of(station.district, station.kind)
    return [row for scope in scopes for row in rows if (row.district, row.kind) == scope]


def changed_days(before: StationTerms, after: StationTerms, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` on which a station is open otherwise, or judged by another rule."""
    for day in _perhaps_changed(before, after, first, last):
        is_same = before.clause_on(day).terms == after.clause_on(day).terms
        if not is_same or before.spans_on(day) != after.spans_on(day):
            yield day


def _perhaps_changed(before: StationTerms, after: StationTerms, first: date, last: date) -> Iterable[date]:
    """All of them, but where nothing except special days is otherwise those alone: a city has them by the thousand."""
    if replace(after, special=before.special) != before:
        return (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sorted({day for day, _ in set(before.special) ^ set(after.special) if first <= day <= last})
