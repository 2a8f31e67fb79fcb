"""`/search`: what somebody looks for, as a list for the frame, or as a page for who has no script."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import who_asks
from hub.web.kit.frame import Kits
from hub.web.kit.responses import page_answer
from hub.web.search.index_reader import IndexReader


def search_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the route."""
    router, reader = APIRouter(include_in_schema=False), IndexReader()
    pages = DeskPages(kits, source, "")

    @router.get("/search")
    @open_to(Right.OBSERVE)
    async def search(request: Request) -> Response:
        who, typed = who_asks(request), request.query_params.get("q", "")
        index = await desk.read(reader.read)
        stations, people = await asyncio.to_thread(index.find, who, typed)
        shown: dict[str, Any] = {"asked": typed, "stations": stations, "people": people}
        if "hx-request" in request.headers:
            return page_answer(request, pages.kit(request).piece("search/hits.html", **shown))
        return pages.answer(request, "search/search.html", taken=urlencode({"q": typed}), **shown)

    return router
