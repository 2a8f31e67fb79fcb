"""A station's addresses: a day of it, the part of today that changes, its table, and the stream that says when."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.alarms.members import group_of
from hub.errors import UnknownStationError
from hub.presence.board_view import BoardRow, BoardSource, StationDay
from hub.register.days_ahead import special_reason
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import day_for, row_for, scope_for, thing_of
from hub.web.kit.frame import Kits
from hub.web.kit.language import Language
from hub.web.kit.responses import download, language_of, page_answer
from hub.web.live.broadcast import Broadcast
from hub.web.live.event_stream import EventStream
from hub.web.live.face import Nudge
from hub.web.shifts.reading import read_full_names
from hub.web.station.asked_day import DayFault, asked_day
from hub.web.station.pages import StationPages

STATUS = {DayFault.NO_DATE: 422, DayFault.TO_COME: 404}


def station_routes(kits: Kits, source: BoardSource, broadcast: Broadcast, desk: Desk | None = None) -> APIRouter:
    """Return the routes; all of them only read."""
    pages = {language: StationPages(kit) for language, kit in kits.items()}
    router = APIRouter(prefix="/stations/{code}", include_in_schema=False)

    @router.get("")
    @open_to(Right.OBSERVE)
    async def page(request: Request, code: str) -> Response:
        made, view, who = pages[language_of(request)], source.view(), who_asks(request)
        row = row_for(who, view, code)
        if row is None:
            return page_answer(request, made.missing(view, who), 404)
        asked = request.query_params.get("date", "")
        day = asked_day(asked, made.today(view))
        if isinstance(day, DayFault):
            return page_answer(request, made.no_day(row, asked, day, view=view, who=who), STATUS[day])
        try:
            shown = await _seen(who, await source.station_day(code, day), desk)
            return page_answer(request, made.page(shown, view, who, await _group(who, row, desk)))
        except UnknownStationError:  # gone since
            return page_answer(request, made.missing(view, who), 404)

    _add_parts(router, pages, source, broadcast, desk)
    return router


def _add_parts(
    router: APIRouter,
    pages: dict[Language, StationPages],
    source: BoardSource,
    broadcast: Broadcast,
    desk: Desk | None,
) -> None:
    def is_seen(request: Request, code: str) -> bool:
        return row_for(who_asks(request), source.view(), code) is not None

    @router.get("/day")
    @open_to(Right.OBSERVE)
    async def changing_part(request: Request, code: str) -> Response:
        if not is_seen(request, code):
            return Response(status_code=404)
        try:
            day = await source.station_day(code)
        except UnknownStationError:
            return Response(status_code=404)
        answer = page_answer(request, pages[language_of(request)].day(await _seen(who_asks(request), day, desk)))
        if request.query_params.get("shown", "") != day.date.isoformat():
            answer.headers["HX-Refresh"] = "true"  # the page is yesterday's: its dates are over too
        return answer

    @router.get("/day.csv")
    @open_to(Right.OBSERVE)
    async def table(request: Request, code: str) -> Response:
        made = pages[language_of(request)]
        day = asked_day(request.query_params.get("date"), made.today(source.view()))
        if isinstance(day, DayFault) or not is_seen(request, code):
            return Response(status_code=404)
        found = await source.station_day(code, day)
        return download(request, f"{code} {found.date}.csv", made.table(found), "text/csv")

    @router.get("/live")
    @open_to(Right.OBSERVE)
    async def live(request: Request, code: str) -> Response:
        if not is_seen(request, code):  # a stream is kept only for stations that there are
            return Response(status_code=404)
        return EventStream(
            broadcast, scope_for(who_asks(request), station=code), "station", lambda: Nudge(code, with_rows=True)
        )


async def _group(who: Who, row: BoardRow, desk: Desk | None) -> int | None:
    """The alarm of those with whom it fell silent, for who may see that."""
    if desk is None or not row.is_silent or not who.may(Right.FOLLOW_UP, thing_of(row)):
        return None
    return await desk.read(lambda connection: group_of(connection, row.code))


async def _seen(who: Who, day: StationDay, desk: Desk | None) -> StationDay:
    """A day as somebody may see it, and why its hours are special.

    Whom the roster expects is told by full name where they may see the station's people.
    """
    day = day_for(who, day)
    if desk is not None:
        code = day.row.code
        reason = await desk.read(lambda connection: special_reason(connection, code, day.date))
        day = replace(day, reason=reason)
    if desk is None or not day.row.expected or not who.may(Right.NAMES, thing_of(day.row)):
        return day
    names = await desk.read(lambda connection: read_full_names(connection, [one.person for one in day.row.expected]))
    told = tuple(replace(one, name=names.get(one.person, one.name)) for one in day.row.expected)
    return replace(day, row=replace(day.row, expected=told))
