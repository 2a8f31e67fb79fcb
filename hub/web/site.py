"""The hub's whole web site, put together: features over the kit, and what holds for every address.

A wrong address gets a page that says what to do, a program gets JSON; HEAD is answered as GET without its body.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import tzinfo
from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from hub.accounts.issuer import Issuer
from hub.accounts.issuer_door import IssuerDoor
from hub.accounts.reception import Reception
from hub.accounts.refused_log import RefusedLog
from hub.certificates.cabinet import Cabinet
from hub.config import OidcConfig
from hub.database.transactions import StoreTroubleError
from hub.findings import Findings
from hub.presence.board_view import BoardSource
from hub.presence.liveness import KioskNow
from hub.rights import Right, open_to
from hub.web.alarms.api import alarms_api
from hub.web.alarms.router import alarm_routes
from hub.web.amending.answering import answering_routes
from hub.web.amending.api import amend_api
from hub.web.amending.of_taps import ReviewSource
from hub.web.amending.requests import RequestSource, request_routes
from hub.web.amending.router import amending_routes
from hub.web.api.coverage import coverage_api
from hub.web.api.docs import docs_routes
from hub.web.api.parameters import only_known
from hub.web.api.router import api_routes
from hub.web.board.pages import BoardPages
from hub.web.board.router import board_routes
from hub.web.calendar.holidays import holidays_routes
from hub.web.calendar.router import calendar_routes
from hub.web.calling.router import calling_routes
from hub.web.city.router import city_routes
from hub.web.coverage.router import coverage_routes
from hub.web.deeds.router import deeds_api
from hub.web.desk.desk import Desk
from hub.web.gate.admission import NotAdmittedError, NotSignedInError, admit, route_asked
from hub.web.gate.gate import Gate, visitor_of, who_asks
from hub.web.gate.refused_looks import RefusedLooks
from hub.web.importing.downloads import downloads_routes
from hub.web.importing.router import importing_routes
from hub.web.inbox.acting import Acting
from hub.web.inbox.api import inbox_api_routes
from hub.web.inbox.cards_api import cards_api
from hub.web.inbox.cards_router import cards_routes
from hub.web.inbox.inbox import Inbox
from hub.web.inbox.of_people import CardSource, TrainingSource
from hub.web.inbox.of_shifts import shift_sources
from hub.web.inbox.of_stations import AlarmSource, FindingSource, KioskSource
from hub.web.inbox.of_terms import LongStintSource
from hub.web.inbox.router import inbox_routes
from hub.web.inbox.waiting import InboxSource
from hub.web.kiosks.router import kiosks_routes
from hub.web.kit.bounded_body import BoundedBody
from hub.web.kit.every_answer import EveryAnswer
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.homes import BOARD, home_of
from hub.web.kit.language import Language
from hub.web.kit.responses import language_of, page_answer
from hub.web.kit.static_files import StaticFiles
from hub.web.live.broadcast import Broadcast
from hub.web.people.api import people_api
from hub.web.people.cards_by_tapping import tapping_routes
from hub.web.people.router import people_routes
from hub.web.search.router import search_routes
from hub.web.shifts.router import shifts_routes
from hub.web.signing_in.me import me_routes
from hub.web.signing_in.router import signing_in_routes
from hub.web.station.router import station_routes
from hub.web.station.tabs import tabs_routes
from hub.web.system.channels import channel_routes
from hub.web.system.router import system_routes
from hub.web.wall.router import wall_routes

VALUE = "Value error, "  # pydantic's, before what a validator of ours said
DOCS = "/docs"  # a page for people, among what programs ask for
FOR_PROGRAMS = ("/api/", DOCS, "/openapi.json", "/healthz", "/metrics", "/static/", "/claim")


def is_for_program(request: Request) -> bool:
    """Whether a program asks, which is told in JSON what a person is told by a page."""
    return request.url.path != DOCS and request.url.path.startswith(FOR_PROGRAMS)


def make_site(
    source: BoardSource,
    broadcast: Broadcast,
    zone: tzinfo,
    findings: Findings,
    *,
    version: str = "0",
    more: Iterable[APIRouter] = (),
    reception: Reception | None = None,
    names: tuple[str, ...] = (),
    desk: Desk | None = None,
    kiosks: Callable[[], list[KioskNow]] = list,
    cabinet: Cabinet | None = None,
    oidc: OidcConfig | None = None,
) -> FastAPI:
    """Return the site.

    Args:
        source: where the figures come from.
        broadcast: who pushes them.
        zone: the stations' zone, in which all times are shown.
        findings: what an operator should look into.
        version: of the hub, as its API tells it.
        more: routes of other rooms; each declares a right too.
        reception: who may come in; None where there are no accounts, and whoever reaches the port is let in.
        desk: where the city is changed; None for a site that only shows it.
        kiosks: those in service, as they stand.
        cabinet: the site's CA, by which kiosks' records are believed.
        oidc: the city's identity service, if it has one.
        names: by which the hub is asked for, beside this machine's own.

    Raises:
        AssetsMissingError: what the pages load was not fetched when the package was built.
    """
    static = StaticFiles()
    sources: list[InboxSource] = [FindingSource(findings), KioskSource()]
    if desk is not None:
        sources = [AlarmSource(), *sources, *shift_sources(zone), CardSource(), ReviewSource(), RequestSource()]
        sources += [TrainingSource(), LongStintSource(zone)]
    inbox = Inbox(source, desk, sources, kiosks)
    acting = Acting(inbox, desk, reception) if reception is not None and desk is not None else None
    kits = {language: Kit(language, zone, static.address, inbox.count) for language in Language}
    site = FastAPI(
        title="Zaigang 在岗", version=version, docs_url=None, redoc_url=None, openapi_url=None,
        dependencies=[Depends(admit), Depends(only_known)],
    )  # fmt: skip
    boards = {language: BoardPages(kit) for language, kit in kits.items()}
    site.include_router(board_routes(boards, source, broadcast, inbox.count))
    site.include_router(station_routes(kits, source, broadcast, desk))
    if desk is not None:
        site.include_router(cards_routes(kits, source, inbox, desk))
        site.include_router(cards_api(kits, inbox, desk))
    site.include_router(inbox_routes(kits, source, broadcast, findings, inbox=inbox, acting=acting))
    site.include_router(inbox_api_routes(kits, inbox, acting))
    site.include_router(_static_routes(static))
    site.include_router(api_routes(source, broadcast, zone))
    site.include_router(docs_routes())
    if reception is not None:
        _add_ways_in(site, kits, source, reception, oidc)
        site.include_router(wall_routes(kits, boards, source, broadcast, reception))
    if reception is not None and desk is not None:
        site.include_router(tabs_routes(kits, source, desk, kiosks))
        site.include_router(shifts_routes(kits, source, desk))
        site.include_router(search_routes(kits, source, desk))
        for desk_routes in (system_routes, channel_routes, importing_routes):
            site.include_router(desk_routes(kits, source, reception, desk))
        site.include_router(downloads_routes(reception, desk))
        site.include_router(city_routes(kits, source, reception, desk))
        site.include_router(calling_routes(kits, source, reception, desk))
        site.include_router(people_api(desk))
        site.include_router(holidays_routes(kits, source, desk))
        site.include_router(calendar_routes(kits, source, desk))
        for past_routes in (alarm_routes, coverage_routes):
            site.include_router(past_routes(kits, source, desk))
        site.include_router(coverage_api(source, desk))
        site.include_router(alarms_api(desk))
        site.include_router(amending_routes(kits, source, reception, desk))
        site.include_router(amend_api(source, desk))
        site.include_router(request_routes(kits, source, reception, desk))
        site.include_router(answering_routes(kits, source, desk, partial(inbox.look, 0.0)))
        site.include_router(tapping_routes(kits, source, desk))
        site.include_router(people_routes(kits, source, reception, desk))
        site.include_router(kiosks_routes(kits, source, reception, desk, kiosks, cabinet=cabinet))
        site.include_router(deeds_api(site.routes))
    for router in more:
        site.include_router(router)
    _answer_what_goes_wrong(site, kits, source, _noting(site, reception))
    _put_around(site, reception, names)
    return site


def _put_around(site: FastAPI, reception: Reception | None, names: tuple[str, ...]) -> None:
    """What every request goes through, the innermost first."""
    site.add_middleware(BoundedBody)
    site.add_middleware(Gate, reception=reception, names=names)
    site.add_middleware(EveryAnswer)


def _add_ways_in(site: FastAPI, kits: Kits, source: BoardSource, reception: Reception, oidc: OidcConfig | None) -> None:
    issuer = IssuerDoor(reception, Issuer(oidc)) if oidc is not None and oidc.issuer else None
    site.include_router(signing_in_routes(kits, source, reception, issuer))
    site.include_router(me_routes(kits, source, reception, issuer))


def _static_routes(static: StaticFiles) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name:path}")
    @open_to(Right.ANYBODY)
    async def static_file(request: Request, name: str) -> Response:
        return static.answer(request, name)

    return router


def _noting(site: FastAPI, reception: Reception | None) -> Callable[[Request], Awaitable[None]]:
    """What notes that a request was refused; looks at what is another's are noted from here on."""
    kept = None
    if reception is not None:
        kept = RefusedLog(reception)
        site.add_middleware(RefusedLooks, reception=reception, kept=kept)

    async def note(request: Request) -> None:
        if kept is not None:
            await kept.note(who_asks(request), *route_asked(request), visitor_of(request).address)

    return note


def _answer_what_goes_wrong(
    site: FastAPI, kits: Kits, source: BoardSource, note: Callable[[Request], Awaitable[None]]
) -> None:
    def answer(request: Request, status_code: int, said: str) -> Response:
        if is_for_program(request):
            return JSONResponse({"detail": said}, status_code)
        kit = kits[language_of(request)]
        html = kit.page(
            "kit/wrong.html", source.view().as_of, is_live=False, status_code=status_code, who=who_asks(request)
        )
        return page_answer(request, html, status_code)

    @site.exception_handler(HTTPException)
    async def wrong(request: Request, exc: HTTPException) -> Response:
        found = answer(request, exc.status_code, exc.detail)
        found.headers.update(exc.headers or {})
        return found

    @site.exception_handler(RequestValidationError)
    async def unreadable(_: Request, exc: RequestValidationError) -> Response:
        """Say where and why, and nothing of what was sent: it may be somebody's number, or no text at all."""
        if all(one["loc"][0] == "query" for one in exc.errors()):
            said = "; ".join(f"parameter {one['loc'][1]!r}: {one['msg'].removeprefix(VALUE)}" for one in exc.errors())
            return JSONResponse({"detail": said}, 422)
        told = [{name: one[name] for name in ("type", "loc", "msg")} for one in exc.errors()]
        return Response(json.dumps({"detail": told}), 422, media_type="application/json")

    @site.exception_handler(NotAdmittedError)
    async def not_admitted(request: Request, exc: NotAdmittedError) -> Response:
        is_stranger = isinstance(exc, NotSignedInError)
        wants_page = request.method == "GET" and not is_for_program(request)
        if is_stranger and wants_page and "text/html" in request.headers.get("accept", ""):
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?{urlencode({'next': path})}", 303, {"Cache-Control": "no-store"})
        if wants_page and request.url.path == BOARD and home_of(who_asks(request)) != BOARD:
            return RedirectResponse(home_of(who_asks(request)), 303, {"Cache-Control": "no-store"})
        await note(request)
        if is_stranger:
            return answer(request, 401, "nobody is signed in; a program sends its key as a bearer token")
        return answer(request, 403, "whoever is signed in may not do this")

    _answer_what_failed(site, answer)


def _answer_what_failed(site: FastAPI, answer: Callable[[Request, int, str], Response]) -> None:
    @site.exception_handler(StoreTroubleError)
    async def without_database(request: Request, _: StoreTroubleError) -> Response:
        """Findings and log have the reason, and once; whoever asked waits, and nothing failed over their request."""
        return answer(request, 503, "the database cannot be used now; try again soon")

    @site.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> Response:  # who serves logs it
        return answer(request, 500, "the hub failed over this request; see its log")
