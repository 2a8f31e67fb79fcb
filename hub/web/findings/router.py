"""What an operator should look into: the page, the part of it that changes, and the stream that says when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.rights import Right, open_to
from hub.web.findings.words import acts_of, open_and_ended
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import findings_for, scope_for
from hub.web.kit.paging import page_of
from hub.web.kit.responses import language_of, page_answer
from hub.web.live.event_stream import EventStream
from hub.web.live.face import Nudge

if TYPE_CHECKING:
    from hub.accounts.asker import Who
    from hub.findings import Findings
    from hub.presence.board_view import BoardSource, BoardView
    from hub.web.kit.frame import Kits
    from hub.web.live.broadcast import Broadcast


def findings_routes(kits: Kits, source: BoardSource, broadcast: Broadcast, findings: Findings) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/findings", include_in_schema=False)

    def parts(who: Who, view: BoardView, asked: str | None) -> dict[str, Any]:
        still_open, ended = open_and_ended(
            findings_for(who, view, findings.all()), {row.code: row.name for row in view.rows}
        )
        return {"open": still_open, "ended": page_of(ended, asked), "acts": partial(acts_of, who=who)}

    @router.get("")
    @open_to(Right.FOLLOW_UP)
    async def page(request: Request, ended: str | None = None) -> Response:
        kit, who, view = kits[language_of(request)], who_asks(request), source.view()
        html = kit.page(
            "findings/findings.html",
            view.as_of,
            rate=view.rate,
            city=view.city,
            number=ended,
            who=who,
            here="/findings",
            **parts(who, view, ended),
        )
        return page_answer(request, html)

    @router.get("/list")
    @open_to(Right.FOLLOW_UP)
    async def changing_part(request: Request, ended: str | None = None) -> Response:
        found = parts(who_asks(request), source.view(), ended)
        return page_answer(request, kits[language_of(request)].piece("findings/list.html", **found))

    @router.get("/live")
    @open_to(Right.FOLLOW_UP)
    async def live(request: Request) -> Response:
        return EventStream(
            broadcast, scope_for(who_asks(request)), "findings", lambda: Nudge("findings", with_rows=False)
        )

    return router
