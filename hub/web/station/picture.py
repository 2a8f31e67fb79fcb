"""One station's day as numbers to draw: minutes since midnight at the station, and words to label them.

Pure. What colours and shapes they get is `static/station.js`'s work; the same numbers stand in the page's tables.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hub.web.kit.words import CLASS_WORDS, duration
from hub.web.station.words import letter_word, role_word
from station.duty import DutyClass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from hub.presence.board_view import Bar, StationDay

GAPS = (DutyClass.VACANT, DutyClass.UNKNOWN)
MARGIN_MIN = 30  # enough to see somebody who came early


def picture_of(day: StationDay, zone: tzinfo, gettext: Callable[[str], str]) -> dict[str, Any]:
    """Return the numbers of a day's picture; an open end is None and goes on with the clock."""
    midnight = datetime.combine(day.date, time(), zone)

    def minute(at: datetime) -> float:
        return round((at - midnight) / timedelta(minutes=1), 2)

    periods = [[minute(begin), minute(end)] for begin, end in day.periods]
    now = minute(day.as_of)
    bars = [_bar(bar, minute, gettext) for bar in day.bars]
    bands = [
        {
            "class": band.duty_class.value,
            "word": gettext(CLASS_WORDS[band.duty_class]),
            "from": minute(band.began_at),
            "to": minute(band.ended_at) if band.ended_at < day.as_of else None,
            "gap": duration(band.ended_at - band.began_at, gettext) if band.duty_class in GAPS else "",
        }
        for band in day.bands
    ]
    first, last = _range(periods, bars, now)
    words = {"band": gettext("状态"), "now": gettext("现在"), "out": gettext("外出")}
    return {
        "midnight": midnight.isoformat(),
        "from": first,
        "to": last,
        "periods": periods,
        "bars": bars,
        "bands": bands,
        "words": words,
    }


def _bar(bar: Bar, minute: Callable[[datetime], float], gettext: Callable[[str], str]) -> dict[str, Any]:
    return {
        "letter": letter_word(bar.letter, gettext),
        "role": role_word(bar.role, gettext),
        "from": minute(bar.began_at),
        "to": minute(bar.ended_at) if bar.ended_at else None,
        "outs": [[minute(begin), minute(end) if end else None] for begin, end in bar.outs],
    }


def _range(periods: list[list[float]], bars: list[dict[str, Any]], now: float) -> tuple[int, int]:
    """Return the whole hours that hold everything, with a margin."""
    points = [point for period in periods for point in period]
    points += [bar["from"] for bar in bars] + [bar["to"] or now for bar in bars]
    if not points:
        return 0, 1440
    return int((min(points) - MARGIN_MIN) // 60 * 60), int(-(-(max(points) + MARGIN_MIN) // 60) * 60)
