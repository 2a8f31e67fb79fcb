"""The board's addresses: the page of a city, a district or a kind, its title alone, and its stream."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.accounts.asker import Who
from hub.presence.board_view import BoardSource, BoardView
from hub.rights import Right, open_to
from hub.web.board.face import BoardFace
from hub.web.board.pages import BoardPages
from hub.web.gate.gate import who_asks
from hub.web.gate.scope import Scope
from hub.web.gate.sight import scope_for, view_for
from hub.web.kit.homes import BOARD, home_of
from hub.web.kit.language import Language
from hub.web.kit.leading import lead_to
from hub.web.kit.passed_over import passed_over
from hub.web.kit.responses import language_of, page_answer
from hub.web.live.broadcast import Broadcast
from hub.web.live.event_stream import EventStream
from station.duty import DutyClass


def board_routes(
    pages: dict[Language, BoardPages],
    source: BoardSource,
    broadcast: Broadcast,
    waits: Callable[[Who], int | None],
) -> APIRouter:
    """Return the routes; all of them only read.

    Args:
        pages: by language.
        source: where the figures come from.
        broadcast: who pushes them.
        waits: how many things wait for somebody.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    @open_to(Right.OBSERVE)
    async def board(request: Request) -> Response:
        who, view = who_asks(request), source.view()
        seen = view_for(who, view)
        scope = _known(_scope_of(request), seen)
        if not request.url.query and request.headers.get("sec-fetch-site") == "none" and home_of(who) != BOARD:
            return lead_to(home_of(who))  # typed or kept in the browser; a link of this site leads to the board
        screen = broadcast.screen(scope, view)
        html = pages[language_of(request)].page(screen, scope, seen, who=who, odd=_odd(request, scope))
        return page_answer(request, html)

    @router.get("/title")
    @open_to(Right.OBSERVE)
    async def title(request: Request) -> Response:
        view = source.view()
        screen = broadcast.screen(_scope_of(request), view)
        return PlainTextResponse(pages[language_of(request)].title(screen, view.city))

    @router.get("/live")
    @open_to(Right.OBSERVE)
    async def live(request: Request) -> Response:
        who, scope, language = who_asks(request), _scope_of(request), language_of(request)
        return EventStream(
            broadcast, scope, f"board {language} {sorted(map(str, who.grants))}",
            lambda: BoardFace(pages[language], lambda: waits(who)), shown=request.query_params.get("shown", ""),
        )  # fmt: skip

    return router


def _known(scope: Scope, seen: BoardView) -> Scope:
    """Without a district or a kind of which somebody sees no station: an empty board says nothing of why."""
    districts, kinds = {row.district for row in seen.rows}, {row.kind for row in seen.rows}
    return replace(
        scope,
        district=scope.district if scope.district in districts else "",
        kind=scope.kind if scope.kind in kinds else "",
    )


def _odd(request: Request, scope: Scope) -> list[str]:
    """What of the address was not taken; class and words are the page's own script's."""
    asked = request.query_params
    duty_class = asked.get("class", "")
    taken = {"district": scope.district, "kind": scope.kind, "q": asked.get("q", "")}
    return passed_over(request, urlencode(taken | ({"class": duty_class} if duty_class in set(DutyClass) else {})))


def _scope_of(request: Request) -> Scope:
    asked = request.query_params
    return scope_for(who_asks(request), district=asked.get("district", ""), kind=asked.get("kind", ""))
