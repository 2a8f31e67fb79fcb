"""Today as the live board has it, beside what is settled: people are there as long as nothing says otherwise."""

from datetime import datetime
from typing import NamedTuple

from hub.errors import UnknownStationError
from hub.presence.board_view import BoardSource, StationDay
from hub.web.coverage.words import HOUR_MS
from station.duty import DutyClass

_COVERED = frozenset({DutyClass.MET, DutyClass.MINIMUM})


class LiveToday(NamedTuple):
    """How much of today's opening time, up to now, somebody was there."""

    as_of: datetime
    covered_ms: int
    opened_ms: int


async def live_now(source: BoardSource, code: str) -> LiveToday | None:
    """Today's figure of a station; None of one that the board has not come to yet."""
    try:
        return live_of(await source.station_day(code))
    except UnknownStationError:
        return None


def live_of(day: StationDay) -> LiveToday:
    """Add up the bands of today's picture."""
    opened = [band for band in day.bands if band.duty_class is not DutyClass.CLOSED]
    lasted = [(band.lasted.total_seconds() / 3600 * HOUR_MS, band.duty_class in _COVERED) for band in opened]
    covered = sum(ms for ms, is_covered in lasted if is_covered)
    return LiveToday(day.as_of, round(covered), round(sum(ms for ms, _ in lasted)))
