"""`/wall/{key}`: the board of the link's reach, and its stream, which ends when the link is revoked."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.presence.board_view import BoardSource
from hub.rights import Right, Role, open_to
from hub.web.board.face import BoardFace
from hub.web.board.pages import BoardPages
from hub.web.gate.sight import scope_for, view_for
from hub.web.kit.frame import Kits
from hub.web.kit.language import Language
from hub.web.kit.responses import language_of, page_answer
from hub.web.live.broadcast import Broadcast
from hub.web.live.event_stream import EventStream


def wall_routes(
    kits: Kits, pages: dict[Language, BoardPages], source: BoardSource, broadcast: Broadcast, reception: Reception
) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/wall/{key}", include_in_schema=False)

    def behind(key: str) -> Who | None:
        who = reception.behind(key, Role.SCREEN)
        return who if who.proof else None

    @router.get("")
    @open_to(Right.LINK)
    async def wall(request: Request, key: str) -> Response:
        view, who = source.view(), behind(key)
        language = language_of(request)
        if who is None:
            return page_answer(request, kits[language].page("wall/revoked.html", view.as_of, is_live=False), 404)
        scope = scope_for(who)
        html = pages[language].page(broadcast.screen(scope, view), scope, view_for(who, view), who=who, wall=key)
        return page_answer(request, html)

    @router.get("/title")
    @open_to(Right.LINK)
    async def title(request: Request, key: str) -> Response:
        view, who = source.view(), behind(key)
        if who is None:
            return Response(status_code=404)
        screen = broadcast.screen(scope_for(who), view)
        return PlainTextResponse(pages[language_of(request)].title(screen, view.city))

    @router.get("/live")
    @open_to(Right.LINK)
    async def live(request: Request, key: str) -> Response:
        who, language = behind(key), language_of(request)
        if who is None:
            return Response(status_code=404)
        request.scope["state"]["who"] = who  # whose stream it is: it ends with the link
        return EventStream(
            broadcast, scope_for(who), f"wall {language}", lambda: BoardFace(pages[language], lambda: None),
            shown=request.query_params.get("shown", ""),
        )  # fmt: skip

    return router
