"""What the routes of a station's duty roster share: whose it is, and how its pages and forms are answered."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from hub.presence.board_view import BoardRow
from hub.rights import Right
from hub.typed import cells
from hub.web.desk.tabbed_pages import TabbedPages
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import thing_of
from hub.web.kit.forms import Form
from hub.web.kit.words import WEEKDAYS
from hub.web.search.spelling import spellings
from hub.web.shifts.grid import spans_of
from hub.web.shifts.reading import PlannedCell, StationPlan, read_station_plan

MOST_TURNS: Final = 6
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class TurnTimes(NamedTuple):
    """At what times of the day people change, as typed and as read; nothing for where the roster says."""

    text: str = ""
    minutes: tuple[int, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether something was typed that is no times of a day."""
        return bool(self.text) and not self.minutes

    @classmethod
    def of(cls, text: str) -> "TurnTimes":
        """Read what was typed."""
        found = [_CLOCK.fullmatch(part) for part in cells.parts(text.replace("：", ":"))]
        whole = all(found) and len(found) <= MOST_TURNS
        return cls(text, tuple(sorted({int(one[1]) * 60 + int(one[2]) for one in found if one})) if whole else ())


class RosterFound(NamedTuple):
    """A station and its roster."""

    row: BoardRow
    plan: StationPlan


class RosterPages(TabbedPages):
    """Finds a station's roster and shows it."""

    async def plan(self, request: Request, code: str, right: Right) -> RosterFound:
        """The station's roster."""
        row = self.row(request, code, right)
        return RosterFound(row, self.pages.there(await self.desk.read(lambda c: read_station_plan(c, code))))

    def answer(self, request: Request, name: str, row: BoardRow, **shown: Any) -> Response:
        """Answer with one of the pages."""
        may_plan = who_asks(request).may(Right.SHIFTS, thing_of(row))
        return self.page(request, f"shifts/{name}.html", "shifts", row, weekdays=WEEKDAYS, may_plan=may_plan, **shown)

    def week(
        self, request: Request, found: RosterFound, since: date, turns: TurnTimes, form: Form | None = None
    ) -> Response:
        """Answer with the form of a week; one that was only looked at says what it would change."""
        (row, plan), is_looked_at = found, form is not None and not form.wrong.keys() - {"was"}
        cells, people = plan.week(since, turns.minutes), plan.people_on(since)
        ticked = {(cell.weekday, cell.span): (cell, _ticked(cell, form, people)) for cell in cells}
        return self.answer(
            request, "week", row, form=form, plan=plan, since=since, cells=ticked,
            spans=spans_of(cells), people=people, spelled={one: spellings(name) for one, name in people},
            was=plan.spelled_week(since), turns=turns, hours=hours_of(cells), is_looked_at=is_looked_at,
            outside=[cell for cell in cells if cell.is_outside],
            changes=[one for one in ticked.values() if one[1] != frozenset(one[0].people)] if is_looked_at else [],
        )  # fmt: skip

    def day(
        self, request: Request, found: RosterFound, day: date, like: int | None, form: Form | None = None
    ) -> Response:
        """Answer with the form of one day; `like` fills in who the week has on that weekday."""
        row, plan = found
        cells, people, weekday = plan.day(day, like), plan.people_on(day), plan.terms.weekday_on(day)
        return self.answer(
            request, "day", row, form=form, plan=plan, day=day, people=people, like=like,
            spelled={one: spellings(name) for one, name in people},
            cells=[(cell, _ticked(cell, form, people)) for cell in cells], was=plan.spelled_day(day),
            hours=hours_of(cells), is_special=day in plan.plan.days, outside=[one for one in cells if one.is_outside],
            worked_for=None if weekday == day.weekday() else weekday,
        )  # fmt: skip


def hours_of(cells: Iterable[PlannedCell]) -> str:
    """By which a form knows whether the hours are others than when it was shown."""
    return " ".join(cell.name for cell in cells)


def _ticked(cell: PlannedCell, form: Form | None, people: list[tuple[str, str]]) -> frozenset[str]:
    """Who is ticked: as typed, else as it is."""
    if form is None:
        return frozenset(cell.people)
    return frozenset(person for person, _name in people if f"{cell.name}-{person}" in form.typed)
