"""Opening hours and days of the week as people write them, spelled so that `hours_text` reads the same from it."""

from collections.abc import Iterable, Sequence
from typing import Final

from hub.register.terms import Week
from station.hours import Spans

DAY_NAMES: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
ENGLISH_DAY_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLOSED: Final = ("休息", "关闭", "不开放", "closed")


def spell_hours(spans: Spans) -> str:
    """Hours of a day as `read_hours` reads them."""
    return " ".join(
        f"{s.opens_min // 60:02}:{s.opens_min % 60:02}-{s.closes_min // 60:02}:{s.closes_min % 60:02}" for s in spans
    )


def days_alike(told: Sequence[object]) -> list[tuple[int, int]]:
    """First and last of the days, one after the other, of which the same is told."""
    stretches: list[tuple[int, int]] = []
    for day, one in enumerate(told):
        if stretches and told[stretches[-1][0]] == one:
            stretches[-1] = stretches[-1][0], day
        else:
            stretches.append((day, day))
    return stretches


def spell_week_of(week: Week, *, is_chinese: bool = True) -> str:
    """Opening hours as `read_hours` reads them, days of the same hours together."""
    names, to = (DAY_NAMES, "至") if is_chinese else (ENGLISH_DAY_NAMES, "-")
    named = (
        (names[first] if first == last else f"{names[first]}{to}{names[last]}", week[first])
        for first, last in days_alike(week)
        if week[first]
    )
    told = "; ".join(f"{name} {spell_hours(spans)}" for name, spans in named)
    return told or (CLOSED[0] if is_chinese else CLOSED[-1])  # nothing would be read as the kind's hours


def spell_weekdays(days: Iterable[int]) -> str:
    """Days of the week as `read_weekdays` reads them, those one after the other together."""
    stretches: list[list[int]] = []
    for day in sorted(days):
        if stretches and stretches[-1][-1] == day - 1:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    names = [(DAY_NAMES[days[0]], DAY_NAMES[days[-1]]) for days in stretches]
    return "、".join(first if first == last else f"{first}至{last}" for first, last in names)
