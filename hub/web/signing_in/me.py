"""我的: what one may, one's sessions, passkeys and password, and the way out."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.issuer_door import IssuerDoor
from hub.accounts.passwords import BusyError
from hub.accounts.reception import In, Reception
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.signing_in import words
from hub.web.signing_in.binding import add_binding
from hub.web.signing_in.cookies import let_in, let_out
from hub.web.signing_in.my_page import MyPage
from hub.web.signing_in.passkeys import add_making
from hub.web.signing_in.router import new_password_faults


def me_routes(kits: Kits, source: BoardSource, reception: Reception, issuer: IssuerDoor | None = None) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/me", include_in_schema=False)
    page = MyPage(kits, source, reception, has_issuer=issuer is not None)
    add_making(router, page, reception)
    if issuer is not None:
        add_binding(router, page, issuer)

    @router.get("")
    @open_to(Right.SIGNED_IN)
    async def me(request: Request) -> Response:
        asked = request.query_params
        trouble = next((said for name, said in words.TROUBLES.items() if name in asked), "")
        form = Form({}, {"issuer-proof": page.gettext(request, trouble)} if trouble else {})
        return await page.answer(request, form, done=next((one for one in words.DONE if one in asked), ""))

    @router.post("/password")
    @open_to(Right.SIGNED_IN)
    async def password(request: Request) -> Response:
        who, form, gettext = who_asks(request), await read_form(request), partial(page.gettext, request)
        wrong = new_password_faults(form, who.name, gettext)
        if wrong:
            return await page.answer(request, Form({}, wrong), 422)
        try:
            found = await reception.change_password(who, form.secret("old"), form.secret("new"), visitor_of(request))
        except BusyError:
            return await page.answer(request, Form({}, {"old": gettext(words.BUSY)}), 503)
        if isinstance(found, In):
            return let_in(request, found.key, "/me?changed")
        said = words.not_in_words(found, words.WRONG_OLD, gettext)
        return await page.answer(request, Form({}, {"old": said}), 429 if found.wait_s else 422)

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
