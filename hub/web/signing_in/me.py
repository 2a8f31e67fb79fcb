"""我的: what one may, one's sessions, one's password, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.passwords import BusyError
from hub.accounts.reception import In
from hub.rights import Right, open_to
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.responses import language_of, page_answer
from hub.web.signing_in import words
from hub.web.signing_in.cookies import lead_to, let_in, let_out, visitor_of
from hub.web.signing_in.router import new_password_faults

if TYPE_CHECKING:
    from hub.accounts.reception import Reception
    from hub.presence.board_view import BoardSource
    from hub.web.kit.frame import Kits


def me_routes(kits: Kits, source: BoardSource, reception: Reception) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/me", include_in_schema=False)

    def answer(request: Request, form: Form, status: int = 200, *, is_done: bool = False) -> Response:
        who, view, roster = who_asks(request), source.view(), reception.roster
        mine = [one for one in roster.sessions.values() if one.account == who.account and one.is_good(reception.now())]
        html = kits[language_of(request)].page(
            "signing_in/me.html", view.as_of, rate=view.rate, is_live=False, city=view.city, who=who, here="/me",
            form=form, sessions=mine, roles=words.ROLE_WORDS, is_done=is_done,
        )  # fmt: skip
        return page_answer(request, html, status)

    @router.get("")
    @open_to(Right.SIGNED_IN)
    async def page(request: Request) -> Response:
        return answer(request, Form(), is_done="changed" in request.query_params)

    @router.post("/password")
    @open_to(Right.SIGNED_IN)
    async def password(request: Request) -> Response:
        who, form, gettext = who_asks(request), await read_form(request), kits[language_of(request)].gettext
        wrong = new_password_faults(form, who.name, gettext)
        if wrong:
            return answer(request, Form({}, wrong), 422)
        try:
            found = await reception.change_password(who, form.secret("old"), form.secret("new"), visitor_of(request))
        except BusyError:
            return answer(request, Form({}, {"old": gettext(words.BUSY)}), 503)
        if isinstance(found, In):
            return let_in(request, found.key, "/me?changed")
        said = words.not_in_words(found, words.WRONG_OLD, gettext)
        return answer(request, Form({}, {"old": said}), 429 if found.wait_s else 422)

    @router.post("/sessions/{proof}/end")
    @open_to(Right.SIGNED_IN)
    async def end(request: Request, proof: str) -> Response:
        who = who_asks(request)
        await reception.sign_out(proof, who.account)
        return let_out(request, "/sign-in") if proof == who.proof else lead_to("/me")

    @router.post("/sign-out")
    @open_to(Right.SIGNED_IN)
    async def sign_out(request: Request) -> Response:
        who = who_asks(request)
        await reception.sign_out(who.proof, who.account)
        return let_out(request, "/sign-in")

    return router
