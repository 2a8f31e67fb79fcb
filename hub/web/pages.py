"""The addresses that people open: the board, a station's day, the findings, and the stream that keeps them alive.

Which figures stand there is the board source's work, how they look the renderer's; here a request gets
its language, its headers and its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.errors import UnknownStationError
from hub.web.event_stream import EventStream
from hub.web.faces import FindingsFace, HtmlFace, StationFace
from hub.web.language import COOKIE, Language, choose
from hub.web.render import Renderer
from hub.web.static_files import StaticFiles, packed_answer

if TYPE_CHECKING:
    from datetime import tzinfo

    from hub.findings import Findings
    from hub.presence.board_view import BoardSource
    from hub.web.live import Broadcast

HEADERS = {
    "Cache-Control": "no-store",  # an old board must not come back from a cache
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
COOKIE_AGE_S = 365 * 24 * 3600


def page_routes(source: BoardSource, broadcast: Broadcast, zone: tzinfo, findings: Findings) -> APIRouter:
    """Return the pages' routes.

    Args:
        source: where the figures come from.
        broadcast: who pushes them.
        zone: the stations' zone, in which all times are shown.
        findings: what an operator should look into.

    Raises:
        AssetsMissingError: what the pages load was not fetched when the package was built.
    """
    static = StaticFiles()
    renderers = {language: Renderer(language, zone, static.address) for language in Language}
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def board(request: Request) -> Response:
        renderer = renderers[_language(request)]
        return _page(request, renderer.board_page(source.view(), findings.count_open()))

    @router.get("/stations/{code}")
    async def station(request: Request, code: str) -> Response:
        renderer = renderers[_language(request)]
        view = source.view()
        try:
            day = await source.station_day(code)
        except UnknownStationError:
            return _page(request, renderer.missing_page(view.as_of, view.city), 404)
        return _page(request, renderer.station_page(day, view.rate, view.city))

    @router.get("/stations/{code}/day")
    async def station_day(request: Request, code: str) -> Response:
        try:
            day = await source.station_day(code)
        except UnknownStationError:
            return Response(status_code=404)
        return _page(request, renderers[_language(request)].station_day(day))

    @router.get("/live")
    async def live(request: Request, station: str | None = None, about: str = "board") -> Response:
        if station is not None:
            return _station_stream(source, broadcast, station)
        if about == "findings":
            return EventStream(broadcast, "findings", FindingsFace)
        language = _language(request)
        return EventStream(broadcast, f"page {language}", lambda: HtmlFace(renderers[language], findings.count_open))

    @router.get("/static/{name:path}")
    async def static_file(request: Request, name: str) -> Response:
        return static.answer(request, name)

    _add_findings(router, renderers, source, findings)
    return router


def _add_findings(
    router: APIRouter, renderers: dict[Language, Renderer], source: BoardSource, findings: Findings
) -> None:
    @router.get("/findings")
    async def page(request: Request) -> Response:
        return _page(request, renderers[_language(request)].findings_page(findings.all(), source.view()))

    @router.get("/findings/list")
    async def changing_part(request: Request) -> Response:
        return _page(request, renderers[_language(request)].findings_list(findings.all(), source.view()))


def _station_stream(source: BoardSource, broadcast: Broadcast, code: str) -> Response:
    if not source.has_station(code):
        return Response(status_code=404)
    return EventStream(broadcast, f"station {code}", lambda: StationFace(code))


def _language(request: Request) -> Language:
    return choose(request.query_params.get("lang"), request.cookies.get(COOKIE), request.headers.get("accept-language"))


def _page(request: Request, html: str, status_code: int = 200) -> Response:
    language = _language(request)
    headers = {**HEADERS, "Content-Language": language.tag}
    answer = packed_answer(request, html.encode(), None, "text/html", headers, status_code=status_code)
    answer.headers.add_vary_header("Accept-Language")
    if request.query_params.get("lang") == language.value:
        answer.set_cookie(COOKIE, language.value, max_age=COOKIE_AGE_S, httponly=True, samesite="lax")
    return answer
