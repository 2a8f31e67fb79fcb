"""A week of a duty roster as a grid: days as columns, the parts of the opening periods as rows. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from hub.register.shifts_ahead import ShiftAhead, ShiftGap
from hub.web.shifts.reading import PlannedCell, StationPlan
from station.hours import WEEK, Span


class GridCell(NamedTuple):
    """One part of a day.

    Attributes:
        names: of who is expected.
        gap: what it lacks; never of one that is outside the opening hours.
    """

    planned: PlannedCell
    names: list[str]
    gap: ShiftGap | None = None


class GridDay(NamedTuple):
    """One column.

    Attributes:
        worked_for: of a make-up workday the weekday whose people come; None for all others.
        cells: by when they begin and end.
    """

    day: date
    is_holiday: bool
    is_special: bool
    worked_for: int | None
    reason: str
    cells: Mapping[Span, GridCell]


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """What is shown."""

    days: list[GridDay]
    spans: list[Span]

    @property
    def is_kept(self) -> bool:
        """Whether a roster is kept on any of its days that is open."""
        gaps = [cell.gap for one in self.days for cell in one.cells.values()]
        return not gaps or any(gap is not ShiftGap.NO_ROSTER for gap in gaps)


def week_grid(plan: StationPlan, monday: date) -> WeekGrid:
    """The week that begins on that Monday, as it is or was to be."""
    ahead = {(one.day, one.span): one for one in plan.ahead(monday, WEEK)}
    days = [_day(plan, monday + timedelta(days=n), ahead) for n in range(WEEK)]
    return WeekGrid(days, spans_of(cell.planned for one in days for cell in one.cells.values()))


def spans_of(cells: Iterable[PlannedCell]) -> list[Span]:
    """The rows that cells need."""
    return sorted({cell.span for cell in cells})


def _day(plan: StationPlan, day: date, ahead: Mapping[tuple[date, Span], ShiftAhead]) -> GridDay:
    terms, weekday = plan.terms, plan.terms.weekday_on(day)
    keeps = terms.clause_on(day).keeps_holidays
    cells = {
        one.span: GridCell(one, plan.told(one.people), found.gap if (found := ahead.get((day, one.span))) else None)
        for one in plan.day_to_see(day)
    }
    return GridDay(
        day, keeps and day in terms.holidays.off, day in plan.plan.days,
        weekday if keeps and day in terms.holidays.work and day not in plan.plan.days else None,
        plan.reasons.get(day, ""), cells,
    )  # fmt: skip
