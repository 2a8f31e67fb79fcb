"""A station's duty roster: its page, the form of its week, and that of one day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.importing.sheet_forms import FormName
from hub.importing.sheets_out import workbook_of
from hub.importing.shifts_out import shift_rows
from hub.register.shifts import shifts_of
from hub.register.shifts_ahead import A_WEEK
from hub.rights import Right, open_to
from hub.web.desk.desk import refused
from hub.web.desk.page import DeskPages
from hub.web.desk.reading import Typed
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for, thing_of
from hub.web.importing.downloads import XLSX
from hub.web.kit.forms import Form, read_form
from hub.web.kit.responses import download
from hub.web.kit.words import WEEKDAYS, _
from hub.web.shifts.ahead import gaps_routes
from hub.web.shifts.api import shifts_api
from hub.web.shifts.reading import read_station_plan
from hub.web.signing_in.cookies import lead_to
from station.hours import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.presence.board_view import BoardRow, BoardSource
    from hub.register.shifts import DayShifts, ShiftWeek
    from hub.web.desk.desk import Desk
    from hub.web.kit.frame import Kits
    from hub.web.shifts.reading import PlannedCell, StationPlan

    Found = tuple[BoardRow, StationPlan]

FURTHEST: Final = timedelta(days=366)
PAST, FAR = _("只能安排今天或以后的日子。"), _("最多提前一年。")
MEANWHILE: Final = _("刚刚有人改了值班表。请核对后再提交一次。")
CHANGED_HOURS: Final = _("这天起的开放时间与刚才显示的不同。请核对后再提交一次。")


class _Roster:
    """What the routes share."""

    def __init__(self, kits: Kits, source: BoardSource, desk: Desk) -> None:
        self.pages = DeskPages(kits, source, "")
        self.source = source
        self.desk = desk

    async def plan(self, request: Request, code: str, right: Right) -> Found | None:
        """The station's roster; None where there is none, or not for them."""
        row = row_for(who_asks(request), self.source.view(), code, right)
        found = None if row is None else await self.desk.read(lambda c: read_station_plan(c, code))
        return None if row is None or found is None else (row, found)

    def answer(self, request: Request, name: str, row: BoardRow, status: int = 200, **shown: Any) -> Response:
        """Answer with one of the pages."""
        who, thing = who_asks(request), thing_of(row)
        return self.pages.answer(
            request, f"shifts/{name}.html", status, row=row, tab="shifts", today=self.desk.today, weekdays=WEEKDAYS,
            may_names=who.may(Right.NAMES, thing), may_close=who.may(Right.CLOSE, thing),
            may_call=who.may(Right.HANDLE, thing), may_plan=who.may(Right.SHIFTS, thing), **shown,
        )  # fmt: skip

    def week(
        self, request: Request, found: Found, since: date, *, form: Form | None = None, status: int = 200
    ) -> Response:
        """Answer with the form of a week; one that was only looked at says what it would change."""
        (row, plan), ahead = found, form is not None and not form.wrong
        cells, people = plan.week(since)[1], plan.people_on(since)
        ticked = [(cell, _ticked(cell, form, people)) for cell in cells]
        return self.answer(
            request, "week", row, status, form=form or Form(), plan=plan, since=since, cells=ticked, people=people,
            was=plan.spelled_week(since), hours=_hours(cells), is_looked_at=ahead,
            changes=[one for one in ticked if one[1] != frozenset(one[0].people)] if ahead else [],
        )  # fmt: skip

    def day(
        self, request: Request, found: Found, day: date, *, form: Form | None = None, status: int = 200
    ) -> Response:
        """Answer with the form of one day."""
        row, plan = found
        cells, people = plan.day(day), plan.people_on(day)
        return self.answer(
            request, "day", row, status, form=form or Form(), plan=plan, day=day, people=people,
            cells=[(cell, _ticked(cell, form, people)) for cell in cells], was=plan.spelled_day(day),
            hours=_hours(cells), is_special=day in plan.plan.days,
        )  # fmt: skip


def shifts_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes: of stations, of what lacks in the coming days, and for programs."""
    router = APIRouter()
    for one in (_station_routes(kits, source, desk), gaps_routes(kits, source, desk), shifts_api(source, desk)):
        router.include_router(one)
    return router


def _station_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/stations/{code}/shifts", include_in_schema=False)
    roster = _Roster(kits, source, desk)

    @router.get("")
    @open_to(Right.NAMES)
    async def page(request: Request, code: str) -> Response:
        found = await roster.plan(request, code, Right.NAMES)
        if found is None:
            return roster.pages.missing(request)
        row, plan = found
        since, cells = plan.week(desk.today)
        later = [day for day, _week in plan.plan.weeks if day > desk.today]
        return roster.answer(
            request, "shifts", row, plan=plan, since=since, cells=cells, later=later, ahead=plan.ahead(desk.today),
            minimum=plan.terms.clause_on(desk.today).terms.duty.minimum,
        )  # fmt: skip

    @router.get("/sheet.xlsx")
    @open_to(Right.SHIFTS)
    async def sheet(request: Request, code: str) -> Response:
        if row_for(who_asks(request), source.view(), code, Right.SHIFTS) is None:
            return roster.pages.missing(request)
        grants = who_asks(request).grants
        found = await desk.read(lambda connection: shift_rows(connection, grants, desk.today, code))
        return download(request, f"值班表 {code} {desk.today}.xlsx", workbook_of({FormName.SHIFTS: found}), XLSX)

    _add_week(router, roster)
    _add_day(router, roster)
    return router


def _add_week(router: APIRouter, roster: _Roster) -> None:
    @router.get("/week")
    @open_to(Right.SHIFTS)
    async def ask(request: Request, code: str) -> Response:
        found = await roster.plan(request, code, Right.SHIFTS)
        if found is None:
            return roster.pages.missing(request)
        return roster.week(request, found, _asked_day(request, "since", roster.desk.today))

    @router.post("/week")
    @open_to(Right.SHIFTS)
    async def change(request: Request, code: str) -> Response:
        found, form = await roster.plan(request, code, Right.SHIFTS), await read_form(request)
        if found is None:
            return roster.pages.missing(request)
        plan, typed = found[1], Typed(form, roster.pages.kit(request), {})
        since = _coming_day(typed, "since", roster.desk.today)
        if since is None:
            return roster.week(request, found, roster.desk.today, form=Form(form.typed, typed.wrong), status=422)
        cells, act = plan.week(since)[1], form.text("act")
        if act == "copy":
            return roster.week(request, found, since, form=Form(_copied(form.typed, cells)))
        shown = _asked(form.text("shown"), since)
        _blame_meanwhile(typed, cells, plan.spelled_week(shown))
        if not typed.wrong and act == "look":
            return roster.week(request, found, since, form=form)
        if not typed.wrong:
            command = asked.PlanWeek(plan.code, since, _week_of(form.typed, cells, plan.people_on(since)))
            outcome = await roster.desk.change(who_asks(request), [command])
            typed.wrong.update(refused(outcome, {"shifts": "since", "people": "since"}, typed.kit))
        if typed.wrong:
            return roster.week(request, found, since, form=Form(form.typed, typed.wrong), status=409)
        return lead_to(f"/stations/{code}/shifts?done=week")


def _add_day(router: APIRouter, roster: _Roster) -> None:
    @router.get("/day")
    @open_to(Right.SHIFTS)
    async def ask(request: Request, code: str) -> Response:
        found = await roster.plan(request, code, Right.SHIFTS)
        if found is None:
            return roster.pages.missing(request)
        return roster.day(request, found, _asked_day(request, "day", roster.desk.today))

    @router.post("/day")
    @open_to(Right.SHIFTS)
    async def change(request: Request, code: str) -> Response:
        found, form = await roster.plan(request, code, Right.SHIFTS), await read_form(request)
        if found is None:
            return roster.pages.missing(request)
        plan, typed = found[1], Typed(form, roster.pages.kit(request), {})
        day, reason = _coming_day(typed, "day", roster.desk.today), typed.text("reason")
        if day is None or typed.wrong:
            again = Form(form.typed, typed.wrong)
            return roster.day(request, found, day or roster.desk.today, form=again, status=422)
        cells = plan.day(day)
        _blame_meanwhile(typed, cells, plan.spelled_day(day))
        if not typed.wrong:
            shifts = None if form.text("act") == "usual" else _shifts_of(form.typed, cells, plan.people_on(day))
            command = asked.SetShiftDay(plan.code, day, shifts, reason)
            outcome = await roster.desk.change(who_asks(request), [command])
            typed.wrong.update(refused(outcome, {"shifts": "day", "people": "day"}, typed.kit))
        if typed.wrong:
            return roster.day(request, found, day, form=Form(form.typed, typed.wrong), status=409)
        return lead_to(f"/stations/{code}/shifts?done=day")


def _asked(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _asked_day(request: Request, name: str, today: date) -> date:
    """The day that an address names; today where it names none that can be planned."""
    day = _asked(request.query_params.get(name, ""), today)
    return day if today <= day <= today + FURTHEST else today


def _coming_day(typed: Typed, name: str, today: date) -> date | None:
    typed.needed(name)
    day = typed.day(name)
    if day is not None and not today <= day <= today + FURTHEST:
        typed.wrong[name] = typed.kit.gettext(PAST if day < today else FAR)
    return None if name in typed.wrong else day


def _hours(cells: Iterable[PlannedCell]) -> str:
    return " ".join(cell.name for cell in cells)


def _blame_meanwhile(typed: Typed, cells: list[PlannedCell], now: str) -> None:
    """Of what was shown, roster or hours are others by now."""
    if typed.form.secret("was") != now:
        typed.wrong["was"] = typed.kit.gettext(MEANWHILE)
    elif typed.form.text("hours") != _hours(cells):
        typed.wrong["was"] = typed.kit.gettext(CHANGED_HOURS)


def _ticked(cell: PlannedCell, form: Form | None, people: list[tuple[str, str]]) -> frozenset[str]:
    """Who is ticked: as typed, else as it is."""
    if form is None:
        return frozenset(cell.people)
    return frozenset(person for person, _name in people if f"{cell.name}-{person}" in form.typed)


def _shifts_of(typed: dict[str, str], cells: Iterable[PlannedCell], people: list[tuple[str, str]]) -> DayShifts:
    return shifts_of(
        (cell.span.opens_min, cell.span.closes_min, [one for one, _n in people if f"{cell.name}-{one}" in typed])
        for cell in cells
    )


def _week_of(typed: dict[str, str], cells: list[PlannedCell], people: list[tuple[str, str]]) -> ShiftWeek:
    return tuple(_shifts_of(typed, [cell for cell in cells if cell.weekday == n], people) for n in range(WEEK))


def _copied(typed: dict[str, str], cells: list[PlannedCell]) -> dict[str, str]:
    """Monday's people in the periods of Tuesday to Friday that have the same hours."""
    monday = {cell.span: cell.name for cell in cells if cell.weekday == 0}
    found = dict(typed)
    for cell in cells:
        if 0 < cell.weekday < A_WEEK - 2 and cell.span in monday:
            found = {name: value for name, value in found.items() if not name.startswith(f"{cell.name}-")}
            of_monday = f"{monday[cell.span]}-"
            found |= {
                f"{cell.name}-{name.removeprefix(of_monday)}": "1" for name in typed if name.startswith(of_monday)
            }
    return found
