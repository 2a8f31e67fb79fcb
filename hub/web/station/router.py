"""A station's addresses: its day, the part of it that changes, and the stream that says when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.errors import UnknownStationError
from hub.rights import Right, open_to
from hub.web.kit.answers import language_of, page_answer
from hub.web.live.event_stream import EventStream
from hub.web.live.face import Nudge
from hub.web.live.scope import Scope
from hub.web.station.pages import StationPages

if TYPE_CHECKING:
    from hub.presence.board_view import BoardSource
    from hub.web.kit.frame import Kits
    from hub.web.live.broadcast import Broadcast


def station_routes(kits: Kits, source: BoardSource, broadcast: Broadcast) -> APIRouter:
    """Return the routes; all of them only read."""
    pages = {language: StationPages(kit) for language, kit in kits.items()}
    router = APIRouter(prefix="/stations/{code}", include_in_schema=False)

    @router.get("")
    @open_to(Right.ANYBODY_HERE)
    async def page(request: Request, code: str) -> Response:
        made = pages[language_of(request)]
        try:
            day = await source.station_day(code)
        except UnknownStationError:
            return page_answer(request, made.missing(source.view()), 404)
        return page_answer(request, made.page(day, source.view()))

    @router.get("/day")
    @open_to(Right.ANYBODY_HERE)
    async def changing_part(request: Request, code: str) -> Response:
        try:
            day = await source.station_day(code)
        except UnknownStationError:
            return Response(status_code=404)
        return page_answer(request, pages[language_of(request)].day(day))

    @router.get("/live")
    @open_to(Right.ANYBODY_HERE)
    async def live(code: str) -> Response:
        if not source.has_station(code):  # a stream is kept only for stations that there are
            return Response(status_code=404)
        return EventStream(broadcast, Scope(station=code), "station", lambda: Nudge(code, with_rows=True))

    return router
