"""One station's month as a grid of weeks: of each day its hours, and how long each class held. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta, tzinfo
from typing import Final

from hub.presence.board_view import StationDay
from hub.register.days_ahead import PlannedDay
from hub.web.kit.days import day_in
from hub.web.kit.picture import Picture, Rect, Scale
from station.coverage import whole_of
from station.duty import DutyClass

WIDTH, HEIGHT = 240.0, 24.0
LOUDEST: Final = (DutyClass.VACANT, DutyClass.UNKNOWN, DutyClass.MINIMUM, DutyClass.MET)
"""In what order a day's lengths are told."""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One cell.

    Attributes:
        plan: its hours; None where nobody knows.
        lengths: how long each class held, the loudest first; nothing of a day without records.
        ribbon: the same as a picture, from midnight to midnight.
    """

    date: date
    plan: PlannedDay | None
    lengths: tuple[tuple[DutyClass, timedelta], ...]
    ribbon: Picture | None


def asked_month(text: str | None, today: date) -> date:
    """The first day of the month that is asked for, as 2026-03; this month's where that is none."""
    first = day_in(f"{text}-01") or today
    return (first if first.year < MAXYEAR else today).replace(day=1)  # there is no month after the last


def days_of(first: date) -> list[date]:
    """All days of a month."""
    count = (following(first) - first).days
    return [first + timedelta(days=n) for n in range(count)]


def following(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def weeks_of(
    first: date, known: Mapping[date, StationDay], plan: Mapping[date, PlannedDay], zone: tzinfo
) -> list[list[MonthDay | None]]:
    """The grid: rows from Monday to Sunday; None outside the month."""
    cells: list[MonthDay | None] = [None] * first.weekday()
    cells += [_cell(day, known.get(day), plan.get(day), zone) for day in days_of(first)]
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _cell(day: date, known: StationDay | None, plan: PlannedDay | None, zone: tzinfo) -> MonthDay:
    if known is None or not known.is_recorded:
        return MonthDay(day, plan, (), None)
    sums = dict.fromkeys(LOUDEST, timedelta())
    for band in known.bands:
        if band.duty_class in sums:
            sums[band.duty_class] += min(band.ended_at, known.as_of) - band.began_at
    lengths = tuple((duty_class, length) for duty_class, length in sums.items() if length > timedelta())
    return MonthDay(day, plan, lengths, _ribbon(known, zone) if lengths else None)


def _ribbon(known: StationDay, zone: tzinfo) -> Picture:
    scale = Scale(*whole_of(known.date, zone), 0, WIDTH)
    shapes = [
        Rect("open", scale.x(since), 0, scale.x(until) - scale.x(since), HEIGHT) for since, until in known.periods
    ]
    for band in known.bands:
        if band.duty_class in LOUDEST:
            left, right = scale.x(band.began_at), scale.x(min(band.ended_at, known.as_of))
            fill = "p-unknown" if band.duty_class is DutyClass.UNKNOWN else "p-partial" if band.partial else ""
            shapes.append(Rect(f"band {band.duty_class}", left, 0, max(1.5, round(right - left, 1)), HEIGHT, fill))
    return Picture("month", WIDTH, HEIGHT, 12, tuple(shapes))
