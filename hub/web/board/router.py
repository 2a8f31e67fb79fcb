"""The board's addresses: the page of a city, a district or a kind, its title alone, and its stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.rights import Right, open_to
from hub.web.board.face import BoardFace
from hub.web.board.pages import BoardPages
from hub.web.kit.answers import language_of, page_answer
from hub.web.live.event_stream import EventStream
from hub.web.live.scope import Scope

if TYPE_CHECKING:
    from hub.findings import Findings
    from hub.presence.board_view import BoardSource
    from hub.web.kit.frame import Kits
    from hub.web.live.broadcast import Broadcast


def board_routes(kits: Kits, source: BoardSource, broadcast: Broadcast, findings: Findings) -> APIRouter:
    """Return the routes; all of them only read."""
    pages = {language: BoardPages(kit) for language, kit in kits.items()}
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    @open_to(Right.ANYBODY_HERE)
    async def board(request: Request) -> Response:
        scope, view = _scope_of(request), source.view()
        html = pages[language_of(request)].page(broadcast.screen(scope, view), scope, view, findings.count_open())
        return page_answer(request, html)

    @router.get("/title")
    @open_to(Right.ANYBODY_HERE)
    async def title(request: Request) -> Response:
        view = source.view()
        screen = broadcast.screen(_scope_of(request), view)
        return PlainTextResponse(pages[language_of(request)].title(screen, view.city))

    @router.get("/live")
    @open_to(Right.ANYBODY_HERE)
    async def live(request: Request) -> Response:
        scope, language = _scope_of(request), language_of(request)
        return EventStream(
            broadcast, scope, f"board {language}", lambda: BoardFace(pages[language], findings.count_open)
        )

    return router


def _scope_of(request: Request) -> Scope:
    asked = request.query_params
    return Scope(district=asked.get("district", ""), kind=asked.get("kind", ""))
