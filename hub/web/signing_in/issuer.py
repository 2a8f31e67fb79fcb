"""The way to the city's identity service and back. Both are plain addresses: a browser comes from another site."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.accounts.ceremony import TIMEOUT_MS
from hub.accounts.issuer import IssuerAwayError
from hub.accounts.issuer_door import IssuerDoor, Stranger
from hub.accounts.reception import NotIn
from hub.rights import Right, open_to
from hub.web.gate.gate import cookie_of, who_asks
from hub.web.kit.forms import Form
from hub.web.signing_in import words
from hub.web.signing_in.cookies import let_home, let_in, place_of_request, visitor_of

if TYPE_CHECKING:
    from hub.accounts.issuer import Issuer
    from hub.accounts.reception import Reception
    from hub.web.signing_in.router import DoorPages

BACK: Final = "/sign-in/issuer/back"


def add_issuer(router: APIRouter, pages: DoorPages, reception: Reception, issuer: Issuer) -> None:
    """Let the city's identity service say who somebody is."""
    door = IssuerDoor(reception, issuer)

    def refused(request: Request, said: str, status: int) -> Response:
        form = Form({}, {"issuer": said})
        return pages.answer(request, "sign_in.html", status, form=form, has_accounts=True)

    @router.get("/sign-in/issuer")
    @open_to(Right.ANYBODY)
    async def go(request: Request) -> Response:
        try:
            key, address = await door.ask(_back(request), visitor_of(request))
        except IssuerAwayError:
            return refused(request, pages.gettext(request, words.ISSUER_AWAY), 503)
        answer, scheme = RedirectResponse(address, 303), request.url.scheme
        to = base64.urlsafe_b64encode(request.query_params.get("next", "/").encode()).decode().rstrip("=")
        answer.set_cookie(
            _sent(scheme), f"{key}.{to}", max_age=TIMEOUT_MS // 1000, path="/", httponly=True, samesite="lax",
            secure=scheme == "https",
        )  # fmt: skip
        return answer

    @router.get(BACK)
    @open_to(Right.ANYBODY)
    async def back(request: Request) -> Response:
        key, _, kept = request.cookies.get(_sent(request.url.scheme), "").partition(".")
        told = request.query_params
        said = told.get("state", ""), told.get("code", ""), told.get("iss", "")
        try:
            answer = await door.come(_back(request), key, said, visitor_of(request), who_asks(request))
        except IssuerAwayError:
            return refused(request, pages.gettext(request, words.ISSUER_AWAY), 503)
        if isinstance(answer, Stranger):
            return refused(request, pages.gettext(request, words.STRANGERS[answer]), 401)
        if isinstance(answer, NotIn):
            text = words.not_in_words(answer, words.NO_IDENTITY, lambda one: pages.gettext(request, one))
            return refused(request, text, 429 if answer.wait_s else 401)
        to = _to(kept)
        if not answer.is_whole:
            return let_in(request, answer.key, f"/sign-in/code?{urlencode({'next': to})}")
        return let_home(request, reception, answer.key, to)


def _to(kept: str) -> str:
    try:
        return base64.urlsafe_b64decode(f"{kept}===").decode() or "/"
    except ValueError:
        return "/"


def _sent(scheme: str) -> str:
    return f"{cookie_of(scheme)}-sent"


def _back(request: Request) -> str:
    place = place_of_request(request)
    if place is None:
        raise HTTPException(404, "an identity service sends browsers back to a name over TLS")
    return f"{place.origin}{BACK}"
