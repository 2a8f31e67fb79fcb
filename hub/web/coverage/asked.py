"""Which stretch of days, and which stations, a page of coverage is asked for: what cannot be read is as if not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from hub.coverage.sums import DayStretch
from hub.register.kinds import KINDS
from hub.web.kit.days import day_in

FIRST = date(2020, 1, 1)  # nobody has records from before
_DAY = timedelta(days=1)


class CoverageSpan(StrEnum):
    """How long the stretch is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class AskedCoverage:
    """What is asked for.

    Attributes:
        day: a day of the stretch.
        last: no stretch begins after it: today.
    """

    span: CoverageSpan
    day: date
    last: date
    district: str = ""
    kind: str = ""

    @property
    def stretch(self) -> DayStretch:
        """All its days, also those to come."""
        if self.span is CoverageSpan.DAY:
            return DayStretch(self.day, self.day)
        if self.span is CoverageSpan.WEEK:
            monday = self.day - self.day.weekday() * _DAY
            return DayStretch(monday, monday + 6 * _DAY)
        if self.span is CoverageSpan.MONTH:
            first = self.day.replace(day=1)
            return DayStretch(first, (first + 31 * _DAY).replace(day=1) - _DAY)
        return DayStretch(self.day.replace(month=1, day=1), self.day.replace(month=12, day=31))

    @property
    def before(self) -> date | None:
        """A day of the stretch before; None where there is none."""
        day = self.stretch.first - _DAY
        return day if day >= FIRST else None

    @property
    def after(self) -> date | None:
        """A day of the one after; None where it has not begun."""
        day = self.stretch.last + _DAY
        return day if day <= self.last else None

    def query(self, **other: object) -> str:
        """The address of the same, but for what is said; what is empty is left out."""
        parts = {"span": self.span.value, "date": self.day, "district": self.district, "kind": self.kind, **other}
        return urlencode({name: str(value) for name, value in parts.items() if value})


def asked_coverage(query: Mapping[str, str], today: date) -> AskedCoverage:
    """Read an address."""
    span = query.get("span", "")
    day = day_in(query.get("date", "")) or today
    return AskedCoverage(
        CoverageSpan(span) if span in set(CoverageSpan) else CoverageSpan.MONTH,
        min(max(day, FIRST), today),
        today,
        query.get("district", ""),
        query.get("kind", "") if query.get("kind", "") in KINDS else "",
    )
