"""The board for other programs, under /api/v1: now, one station's day, and live."""

from datetime import tzinfo
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.requests import Request
from starlette.responses import Response

from hub.errors import UnknownStationError
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.api.answers import BoardAnswer, ErrorAnswer, StationDayAnswer
from hub.web.api.face import JsonFace
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for, scope_for, view_for
from hub.web.kit.days import ApiDay
from hub.web.live.broadcast import Broadcast
from hub.web.live.event_stream import EventStream

LIVE = """Server-sent events. First `snapshot`, as `/api/v1/board` answers; then `row` for each station that changes,
and `beat` each second with the station's time. After a lost connection everything comes again."""


def api_routes(source: BoardSource, broadcast: Broadcast, zone: tzinfo) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/api/v1", tags=["board"])

    @router.get("/board")
    @open_to(Right.OBSERVE)
    async def board(request: Request) -> BoardAnswer:
        """Every station's class now, trouble first, with totals."""
        return BoardAnswer.of(view_for(who_asks(request), source.view()))

    @router.get("/stations/{code}", responses={404: {"model": ErrorAnswer}})
    @open_to(Right.OBSERVE)
    async def station(
        request: Request,
        code: str,
        day: Annotated[ApiDay | None, Query(alias="date", description="today where not given")] = None,
    ) -> StationDayAnswer:
        """One station's day: opening periods, stints by role, classes. Any day up to today."""
        if row_for(who_asks(request), source.view(), code) is None:
            raise HTTPException(404, str(UnknownStationError(code)))
        try:
            found = await source.station_day(code, day)
            if day is not None and day > found.as_of.astimezone(zone).date():
                raise HTTPException(404, f"{day} has not come yet")
            return StationDayAnswer.of(found)
        except UnknownStationError as exc:
            raise HTTPException(404, str(exc)) from exc

    @router.get(
        "/live", description=LIVE, response_class=Response, responses={200: {"content": {"text/event-stream": {}}}}
    )
    @open_to(Right.OBSERVE)
    async def live(request: Request) -> Response:
        return EventStream(broadcast, scope_for(who_asks(request)), "json", JsonFace)

    return router
