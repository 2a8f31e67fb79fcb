"""What the texts of a case mean: names, days, moments, hours, the zone; a fault says where it stands."""

from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.replaying.shape import CaseError, otherwise
from station.hours import Span
from station.milliseconds import ms_of
from station.names import SHAPES
from station.saying import as_said, say
from station.strict import FIRST_YEAR, LAST_YEAR, make_converter

_CONVERTER: Final = make_converter(forbid_extra_keys=True, detailed=True)


def read_name(value: Any, kind: object, where: str) -> str:
    """A name of that kind."""
    pattern, wanted = SHAPES[kind]
    if not isinstance(value, str) or pattern.match(value) is None:
        raise CaseError(otherwise(where, value, as_said(wanted)))
    return value


def spans_said(where: str, spans: Any) -> tuple[Span, ...]:
    """A day's hours, in order."""
    try:
        found = tuple(sorted(_CONVERTER.structure(spans, tuple[Span, ...])))
    except Exception as exc:
        wanted = say("a list of [from, to] as 08:00, up to 24:00")
        raise CaseError(otherwise(where, spans, wanted)) from exc
    if any(later.opens_min < earlier.closes_min for earlier, later in pairwise(found)):
        raise CaseError(
            say("{where}: {found}; two of them overlap, wanted are periods apart", where=where, found=f"{spans!r:.60}")
        )
    return found


def read_moment(value: Any, where: str) -> datetime:
    """A moment, UTC."""
    try:
        return _CONVERTER.structure(value, datetime)
    except ValueError as exc:
        raise CaseError(say("{where}: {why}", where=where, why=exc)) from exc


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
        raise CaseError(otherwise(where, value, say("a day, as 2026-03-05"))) from exc
    if not FIRST_YEAR < day.year < LAST_YEAR:  # a day to spare at either end: offsets reach over it
        wanted = say("a day in the years {first} to {last}", first=FIRST_YEAR + 1, last=LAST_YEAR - 1)
        raise CaseError(otherwise(where, value, wanted))
    return day


def zone_of(name: Any) -> ZoneInfo:
    """The city's zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError) as exc:
        raise CaseError(otherwise("zone", name, say("a zone like Asia/Shanghai"))) from exc
