"""A station's duty roster: the week as a grid, and as a sheet; all the routes of this room put together."""

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.changing.shifts import FURTHEST
from hub.exporting.shifts import shift_rows
from hub.exporting.workbook import workbook_of
from hub.importing.sheet_forms import FormName
from hub.presence.board_view import BoardSource
from hub.register.days_ahead import plan_of
from hub.register.terms import ALWAYS
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for
from hub.web.importing.downloads import XLSX
from hub.web.kit.days import day_in
from hub.web.kit.frame import Kits
from hub.web.kit.responses import download
from hub.web.shifts.ahead import gaps_routes
from hub.web.shifts.api import shifts_api
from hub.web.shifts.grid import week_grid
from hub.web.shifts.planning import add_day, add_week
from hub.web.shifts.roster_pages import RosterPages
from station.hours import WEEK

_WEEK = timedelta(days=WEEK)


def shifts_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes: of stations, of what lacks in the coming days, and for programs."""
    router = APIRouter()
    for one in (_station_routes(kits, source, desk), gaps_routes(kits, source, desk), shifts_api(source, desk)):
        router.include_router(one)
    return router


def _station_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/stations/{code}/shifts", include_in_schema=False)
    roster = RosterPages(kits, source, desk)

    @router.get("")
    @open_to(Right.NAMES)
    async def page(request: Request, code: str) -> Response:
        row, plan = await roster.plan(request, code, Right.NAMES)
        asked, later = _asked_day(request, desk.today), [day for day, _ in plan.plan.weeks if day > desk.today]
        monday = asked - timedelta(days=asked.weekday())
        days = await desk.read(lambda connection: plan_of(connection, code, monday, WEEK))
        return roster.answer(
            request, "shifts", row, taken=f"date={asked}", plan=plan, grid=week_grid(plan, monday),
            monday=monday, shown=asked,
            before=monday - _WEEK, after=monday + _WEEK, sunday=monday + _WEEK - timedelta(days=1), later=later,
            minimum=plan.terms.clause_on(asked).terms.duty.minimum, shut_for={one.day: one.reason for one in days},
        )  # fmt: skip

    @router.get("/sheet.xlsx")
    @open_to(Right.SHIFTS)
    async def sheet(request: Request, code: str) -> Response:
        roster.pages.there(row_for(who_asks(request), source.view(), code, Right.SHIFTS))
        grants = who_asks(request).grants
        found = await desk.read(lambda connection: shift_rows(connection, grants, desk.today, code))
        return download(request, f"值班表 {code} {desk.today}.xlsx", workbook_of({FormName.SHIFTS: found}), XLSX)

    add_week(router, roster)
    add_day(router, roster)
    return router


def _asked_day(request: Request, today: date) -> date:
    """The day whose week is shown; today's where it is none, or so far off that nobody has planned it."""
    day = day_in(request.query_params.get("date", "")) or today
    return day if ALWAYS + _WEEK <= day <= today + FURTHEST else today
