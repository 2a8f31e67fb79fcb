"""Four weeks of a station as a picture: a field a day, its opening hours as bars from midnight to midnight. Pure.

A day that is otherwise than its week says why; the same stands in the table beside it.
"""

from collections.abc import Callable, Iterable, Sequence

from hub.register.days_ahead import PlannedDay, WhyHours
from hub.web.kit.picture import Picture, Rect, Shape, Stroke, Text
from hub.web.kit.words import _
from station.hours import DAY_MINUTES

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
WHY_WORDS = {
    WhyHours.WEEK: "", WhyHours.HOLIDAY: _("放假"), WhyHours.WORKED: _("调休上班"), WhyHours.SHARED: _("统一安排"),
    WhyHours.SPECIAL: _("本站安排"), WhyHours.OUT_OF_SERVICE: _("停用"), WhyHours.UNKNOWN: _("节假日未知"),
}  # fmt: skip
WIDE, SIZE, TOP, CELL = 1050.0, 17.0, 30.0, 74.0
NARROW, NARROW_SIZE = 560.0, 17.0


def four_weeks(plan: Sequence[PlannedDay], gettext: Callable[[str], str]) -> tuple[Picture, ...]:
    """Return the days for a desk, and for a phone or paper; nothing of no day."""
    formats = (("wide", WIDE, SIZE), ("narrow", NARROW, NARROW_SIZE))
    return tuple(_picture(plan, gettext, *each) for each in formats) if plan else ()


def _picture(
    plan: Sequence[PlannedDay], gettext: Callable[[str], str], look: str, width: float, size: float
) -> Picture:
    column = width / 7
    shapes: list[Shape] = [
        Text("soft", round((n + 0.5) * column, 1), size, gettext(word), "middle") for n, word in enumerate(WEEKDAYS)
    ]
    first = plan[0].day.weekday()
    for n, one in enumerate(plan, first):
        word = gettext(WHY_WORDS[one.why]) if WHY_WORDS[one.why] else ""
        shapes += _day(one, word, Rect("", (n % 7) * column, TOP + (n // 7) * CELL, column, CELL), size)
    rows = (first + len(plan) + 6) // 7
    return Picture(look, width, TOP + rows * CELL + 4, size, tuple(shapes))


def _day(one: PlannedDay, word: str, place: Rect, size: float) -> Iterable[Shape]:
    left, y, wide = round(place.x + 3, 1), place.y, round(place.width - 6, 1)
    yield Rect("field" if one.spans else "field shut", left, y, wide, CELL - 6)
    yield Text("", left + 6, y + size + 2, f"{one.day.month}/{one.day.day}")
    if word:
        yield Text("soft", left + 6, y + 2 * size + 6, word)
    base = y + CELL - 22
    yield Stroke("hour", left + 4, base + 10, left + wide - 4, base + 10)
    for span in one.spans:
        begin, end = (left + 4 + minutes / DAY_MINUTES * (wide - 8) for minutes in (span.opens_min, span.closes_min))
        yield Rect("on", round(begin, 1), base, round(end - begin, 1), 10)
