"""What the texts of a case mean: names, days, moments, hours, the zone; a fault says where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.replaying.shape import CaseError
from station.hours import Span
from station.milliseconds import ms_of
from station.names import SHAPES
from station.strict import FIRST_YEAR, LAST_YEAR, make_converter

_CONVERTER: Final = make_converter(forbid_extra_keys=True, detailed=True)


def read_name(value: Any, kind: object, where: str) -> str:
    """A name of that kind."""
    pattern, wanted = SHAPES[kind]
    if not isinstance(value, str) or pattern.match(value) is None:
        raise CaseError(f"{where}: {value!r:.60}; wanted is {wanted}")
    return value


def spans_said(where: str, spans: Any) -> tuple[Span, ...]:
    """A day's hours, in order."""
    try:
        found = tuple(sorted(_CONVERTER.structure(spans, tuple[Span, ...])))
    except Exception as exc:
        raise CaseError(f"{where}: {spans!r:.60}; wanted is a list of [from, to] as 08:00, up to 24:00") from exc
    if any(later.opens_min < earlier.closes_min for earlier, later in pairwise(found)):
        raise CaseError(f"{where}: {spans!r:.60}; two of them overlap, wanted are periods apart")
    return found


def read_moment(value: Any, where: str) -> datetime:
    """A moment, UTC."""
    try:
        return _CONVERTER.structure(value, datetime)
    except ValueError as exc:
        raise CaseError(f"{where}: {exc}") from exc


def read_ms(value: Any, where: str) -> int | None:
    """A moment, a day (its beginning in UTC) or None, in milliseconds since 1970."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) == len("2026-03-05"):
        value = datetime.combine(day_of(value, where), time(), UTC).isoformat()
    return ms_of(read_moment(value, where))


def maybe_day(value: Any, where: str) -> date | None:
    """A day, or None."""
    return None if value is None else day_of(value, where)


def day_of(value: Any, where: str) -> date:
    """A day of the years that the wire knows."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise CaseError(f"{where}: {value!r:.60}; wanted is a day, as 2026-03-05") from exc
    if not FIRST_YEAR < day.year < LAST_YEAR:  # a day to spare at either end: offsets reach over it
        raise CaseError(f"{where}: {value!r:.60}; wanted is a day in the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}")
    return day


def zone_of(name: Any) -> ZoneInfo:
    """The city's zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError) as exc:
        raise CaseError(f"zone: {name!r:.60}; wanted is a zone like Asia/Shanghai") from exc
