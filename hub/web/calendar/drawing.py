"""Four weeks of a station as a picture: a field a day, its opening hours as bars from midnight to midnight. Pure.

A day that is otherwise than its week says why; the same stands in the table beside it.
"""

from collections.abc import Callable, Iterable, Sequence

from hub.register.days_ahead import PlannedDay, WhyHours
from hub.web.kit.picture import Picture, Rect, Shape, Stroke, Text, wrapped
from hub.web.kit.words import _
from station.hours import DAY_MINUTES

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
WHY_WORDS = {
    WhyHours.WEEK: "", WhyHours.HOLIDAY: _("放假"), WhyHours.WORKED: _("调休上班"), WhyHours.SHARED: _("统一安排"),
    WhyHours.SPECIAL: _("本站安排"), WhyHours.OUT_OF_SERVICE: _("停用"), WhyHours.UNKNOWN: _("节假日未知"),
}  # fmt: skip
SIZE, TOP = 17.0, 30.0
WIDE, NARROW = (1050.0, 74.0), (490.0, 116.0)
"""How wide a picture is, how high a day: a phone makes it small, and a column there has room for two or three signs."""


def four_weeks(plan: Sequence[PlannedDay], gettext: Callable[[str], str]) -> tuple[Picture, ...]:
    """Return the days for a desk, and for a phone or paper; nothing of no day."""
    formats = (("wide", *WIDE), ("narrow", *NARROW))
    return tuple(_picture(plan, gettext, *each) for each in formats) if plan else ()


def _picture(
    plan: Sequence[PlannedDay], gettext: Callable[[str], str], look: str, width: float, cell: float
) -> Picture:
    column = width / 7
    shapes: list[Shape] = [
        Text("soft", round((n + 0.5) * column, 1), SIZE, gettext(word), "middle") for n, word in enumerate(WEEKDAYS)
    ]
    first = plan[0].day.weekday()
    for n, one in enumerate(plan, first):
        word = gettext(WHY_WORDS[one.why]) if WHY_WORDS[one.why] else ""
        shapes += _day(one, word, Rect("", (n % 7) * column, TOP + (n // 7) * cell, column, cell))
    rows = (first + len(plan) + 6) // 7
    return Picture(look, width, TOP + rows * cell + 4, SIZE, tuple(shapes))


def _day(one: PlannedDay, word: str, place: Rect) -> Iterable[Shape]:
    left, y, wide = round(place.x + 3, 1), place.y, round(place.width - 6, 1)
    yield Rect("field" if one.spans else "field shut", left, y, wide, place.height - 6)
    yield Text("", left + 3, y + SIZE + 2, f"{one.day.month}/{one.day.day}")
    lines = wrapped((word,), "", wide - 6, SIZE) if word else []
    for n, line in enumerate(lines):
        yield Text("soft", left + 3, y + 2 * SIZE + 6 + n * (SIZE + 3), line)
    base = y + place.height - 22
    yield Stroke("hour", left + 4, base + 10, left + wide - 4, base + 10)
    for span in one.spans:
        begin, end = (left + 4 + minutes / DAY_MINUTES * (wide - 8) for minutes in (span.opens_min, span.closes_min))
        yield Rect("on", round(begin, 1), base, round(end - begin, 1), 10)
