"""Which day an address asks for, and why there is no answer where there is none."""

from datetime import date
from enum import StrEnum

from hub.web.kit.days import day_in


class DayFault(StrEnum):
    """What is wrong with a day that was asked for."""

    NO_DATE = "no_date"
    """Not written as 2026-03-04."""
    TO_COME = "to_come"
    """There is no such day yet."""


def asked_day(text: str | None, today: date) -> date | DayFault:
    """Return the day that is asked for: today where none is."""
    if not text:
        return today
    day = day_in(text)
    if day is None:
        return DayFault.NO_DATE
    return day if day <= today else DayFault.TO_COME
