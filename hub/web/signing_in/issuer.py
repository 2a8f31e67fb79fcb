"""The way to the city's identity service and back. Both are plain addresses: a browser comes from another site."""

import base64
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.accounts.ceremony import TIMEOUT_MS
from hub.accounts.issuer import IssuerAwayError
from hub.accounts.issuer_door import IssuerDoor, Stranger
from hub.accounts.reception import NotIn, Reception
from hub.rights import Right, open_to
from hub.web.gate.gate import cookie_of, visitor_of, who_asks
from hub.web.kit.forms import Form
from hub.web.kit.leading import lead_to
from hub.web.signing_in import words
from hub.web.signing_in.cookies import forget_cookie, keep_cookie, let_home, let_in, place_of_request
from hub.web.signing_in.door_pages import DoorPages

BACK: Final = "/sign-in/issuer/back"
AWAY: Final = frozenset({"server_error", "temporarily_unavailable"})
"""What a service says by the browser that cannot answer now (RFC 6749, 4.1.2.1)."""


def add_issuer(router: APIRouter, pages: DoorPages, reception: Reception, door: IssuerDoor) -> None:
    """Let the city's identity service say who somebody is."""
    here = _WayThere(pages, reception, door)

    @router.get("/sign-in/issuer")
    @open_to(Right.ANYBODY)
    async def go(request: Request) -> Response:
        return await here.go(request)

    @router.get(BACK)
    @open_to(Right.ANYBODY)
    async def back(request: Request) -> Response:
        binding = request.cookies.get(binding_of(request.url.scheme), "")
        if door.is_binding(binding, request.query_params.get("state", "")):
            return await here.bind(request, binding)
        return await here.come(request)


class _WayThere:
    """There and back; whatever comes of it is said on the page where one signs in by password too."""

    def __init__(self, pages: DoorPages, reception: Reception, door: IssuerDoor) -> None:
        self._pages, self._reception, self._door = pages, reception, door

    async def go(self, request: Request) -> Response:
        """Send a browser there."""
        wanted = request.query_params.get("next", "/")
        try:
            key, address = await self._door.ask(back_of(request), visitor_of(request))
        except IssuerAwayError:
            return self._refused(request, words.ISSUER_AWAY, 503, wanted)
        to = base64.urlsafe_b64encode(wanted.encode()).decode().rstrip("=")
        there = RedirectResponse(address, 303)
        return keep_cookie(request, there, _sent(request.url.scheme), f"{key}.{to}", TIMEOUT_MS)

    async def come(self, request: Request) -> Response:
        """Let in whom the service vouches for."""
        key, _, kept = request.cookies.get(_sent(request.url.scheme), "").partition(".")
        to = _to(kept)
        if request.query_params.get("error") in AWAY:
            return self._refused(request, words.ISSUER_AWAY, 503, to)
        before = who_asks(request)
        try:
            answer = await self._door.come(back_of(request), key, _said(request), visitor_of(request), before)
        except IssuerAwayError:
            return self._refused(request, words.ISSUER_AWAY, 503, to)
        if isinstance(answer, Stranger):
            return self._refused(request, words.STRANGERS[answer], 401, to)
        if isinstance(answer, NotIn):
            text = words.not_in_words(answer, words.NO_IDENTITY, lambda one: self._pages.gettext(request, one))
            return self._refused(request, text, 429 if answer.wait_s else 401, to)
        if not answer.is_whole:
            return let_in(request, answer.key, f"/sign-in/code?{urlencode({'next': to})}")
        return let_home(request, self._reception, answer.key, to)

    async def bind(self, request: Request, key: str) -> Response:
        """Bind the account of who went there from 我的."""
        who = who_asks(request)
        try:
            found = await self._door.bind(back_of(request), key, _said(request), visitor_of(request), who)
        except IssuerAwayError:
            return lead_to("/me?away")
        return forget_cookie(request, lead_to(f"/me?{found.value}"), binding_of(request.url.scheme))

    def _refused(self, request: Request, said: str, status: int, to: str) -> Response:
        form = Form({}, {"issuer": self._pages.gettext(request, said)})
        return self._pages.answer(request, "sign_in.html", status, form=form, has_accounts=True, next=to)


def _said(request: Request) -> tuple[str, str, str]:
    told = request.query_params
    return told.get("state", ""), told.get("code", ""), told.get("iss", "")


def _to(kept: str) -> str:
    try:
        return base64.urlsafe_b64decode(f"{kept}===").decode() or "/"
    except ValueError:
        return "/"


def _sent(scheme: str) -> str:
    return f"{cookie_of(scheme)}-sent"


def binding_of(scheme: str) -> str:
    """What the cookie of a browser is called that was sent away to bind an account."""
    return f"{_sent(scheme)}-to-bind"


def back_of(request: Request) -> str:
    """Where the service sends a browser back to."""
    place = place_of_request(request)
    if place is None:
        raise HTTPException(404, "an identity service sends browsers back to a name over TLS")
    return f"{place.origin}{BACK}"
