"""The board's addresses: the page, and the stream that keeps it alive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.rights import Right, open_to
from hub.web.board.face import BoardFace
from hub.web.board.pages import BoardPages
from hub.web.kit.answers import language_of, page_answer
from hub.web.live.event_stream import EventStream
from hub.web.live.scope import CITY

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
        return page_answer(request, pages[language_of(request)].page(source.view(), findings.count_open()))

    @router.get("/live")
    @open_to(Right.ANYBODY_HERE)
    async def live(request: Request) -> Response:
        language = language_of(request)
        return EventStream(
            broadcast, CITY, f"board {language}", lambda: BoardFace(pages[language], findings.count_open)
        )

    return router
