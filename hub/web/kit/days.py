"""A day as an address says it, 2026-03-04, and nothing else that Python takes for a date: one way for pages and API."""

from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator

_MOST_SHOWN: Final = 40


def day_in(text: str) -> date | None:
    """The day that a text is; None where it is none: weeks and dates without dashes are none in our addresses."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _day_or_refuse(found: object) -> object:
    day = day_in(found) if isinstance(found, str) else found
    if day is None:
        raise ValueError(f"{str(found)[:_MOST_SHOWN]!r}; wanted is a day, as 2026-03-04")
    return day


ApiDay = Annotated[date, BeforeValidator(_day_or_refuse)]
"""A parameter of the API."""
