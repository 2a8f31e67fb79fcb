"""Binding one's own account to the city's identity service on 我的, and taking that back; both want a fresh proof.

The browser is led there by a link of a page of ours: a form that ended at another site is stopped by our own policy.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.accounts.ceremony import TIMEOUT_MS
from hub.accounts.issuer import IssuerAwayError
from hub.accounts.issuer_door import IssuerDoor
from hub.accounts.passwords import BusyError
from hub.accounts.proving import Proof
from hub.accounts.reception import NotIn
from hub.rights import Right, open_to
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.leading import lead_to
from hub.web.signing_in import words
from hub.web.signing_in.cookies import keep_cookie
from hub.web.signing_in.issuer import back_of, binding_of
from hub.web.signing_in.my_page import MyPage


def add_binding(router: APIRouter, page: MyPage, door: IssuerDoor) -> None:
    """Let somebody say at the identity service who they are, and come in by it from then on."""

    @router.post("/issuer")
    @open_to(Right.SIGNED_IN)
    async def begin(request: Request) -> Response:
        form, who = await read_form(request), who_asks(request)
        try:
            proven = await door.begin_binding(who, _proof(form), visitor_of(request))
        except BusyError:
            return await _refused(page, request, words.BUSY, 503)
        if isinstance(proven, NotIn):
            return await _not_proven(page, request, proven)
        return await page.answer(request, Form(), template="binding.html")

    @router.get("/issuer/go")
    @open_to(Right.SIGNED_IN)
    async def go(request: Request) -> Response:
        try:
            sent = await door.ask_to_bind(back_of(request), who_asks(request), visitor_of(request))
        except IssuerAwayError:
            return await _refused(page, request, words.ISSUER_AWAY_NOW, 503)
        if sent is None:
            return await _refused(page, request, words.TROUBLES["unproven"], 422)
        key, address = sent
        return keep_cookie(request, RedirectResponse(address, 303), binding_of(request.url.scheme), key, TIMEOUT_MS)

    @router.post("/issuer/unbind")
    @open_to(Right.SIGNED_IN)
    async def unbind(request: Request) -> Response:
        form, who = await read_form(request), who_asks(request)
        try:
            done = await door.unbind(who, _proof(form), visitor_of(request))
        except BusyError:
            return await _refused(page, request, words.BUSY, 503)
        return await _not_proven(page, request, done) if isinstance(done, NotIn) else lead_to("/me?unbound")


def _proof(form: Form) -> Proof:
    return Proof(form.secret("issuer-proof"), form.text("issuer-code"))


async def _not_proven(page: MyPage, request: Request, answer: NotIn) -> Response:
    said = words.not_in_words(answer, words.WRONG_PROOF, lambda text: page.gettext(request, text))
    return await page.answer(request, Form({}, {"issuer-proof": said}), 429 if answer.wait_s else 422)


async def _refused(page: MyPage, request: Request, said: str, status: int) -> Response:
    return await page.answer(request, Form({}, {"issuer-proof": page.gettext(request, said)}), status)
