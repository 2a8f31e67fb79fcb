"""停开: a station's own people close it for a day or some hours of one that is still to come, with a reason."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from hub.changing import commands as asked
from hub.web.desk.reading import Typed
from hub.web.kit.words import _
from station.hours import DAY_MINUTES, Span, Spans

FURTHEST: Final = timedelta(days=366)
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
PAST, FAR = _("现为 {day}；只能停开今天或以后的日子。"), _("现为 {day}；最多提前一年。")
NO_TIME: Final = _("请填时间，如 14:00；结束要晚于开始。")
NOT_OPEN: Final = _("这段时间本来就不开放。")


def without(spans: Spans, since: int, until: int) -> Spans:
    """Hours less those from one minute of the day to another."""
    parts = [(one.opens_min, min(one.closes_min, since)) for one in spans]
    parts += [(max(one.opens_min, until), one.closes_min) for one in spans]
    return tuple(Span(*part) for part in sorted(parts) if part[0] < part[1])


def read_day(typed: Typed, today: date) -> date | None:
    """The day that is to be closed."""
    typed.needed("day")
    day = typed.day("day")
    if day is not None and not today <= day <= today + FURTHEST:
        typed.wrong["day"] = typed.kit.gettext(PAST if day < today else FAR).format(day=day)
    return None if "day" in typed.wrong else day


def read_times(typed: Typed) -> tuple[int, int]:
    """From which minute of the day to which; the whole of it where neither is typed."""
    since, until = typed.form.text("since"), typed.form.text("until")
    found = [_TIME.fullmatch(one) for one in (since or "0:00", until or "0:00")]
    minutes = [int(one[1]) * 60 + int(one[2]) if one else -1 for one in found]
    begin, end = minutes[0], minutes[1] if until else DAY_MINUTES
    for name, at in (("since", begin), ("until", end)):
        if at < 0:
            typed.wrong[name] = typed.kit.gettext(NO_TIME)
    if begin >= end:
        typed.wrong.setdefault("until", typed.kit.gettext(NO_TIME))
    return begin, end


def closing(
    typed: Typed, station: str, day: date, times: tuple[int, int], reason: str, *, spans: Spans, now: datetime
) -> asked.SetSpecialDay | None:
    """What is to be changed; of today nothing that is over already. None where that changes nothing, and is said.

    Args:
        typed: the form.
        station: its code.
        day: to be closed.
        times: of it.
        reason: why.
        spans: its hours as they are planned.
        now: the city's.
    """
    over = now.hour * 60 + now.minute if day == now.date() else 0
    left = without(spans, max(times[0], over), max(times[1], over))
    if left == spans:
        typed.wrong["day"] = typed.kit.gettext(NOT_OPEN)
        return None
    return asked.SetSpecialDay(station, day, left, reason)
