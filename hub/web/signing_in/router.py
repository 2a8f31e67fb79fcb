"""Signing in, the second factor, invitations. Who is in already is led on."""

from typing import Any
from urllib.parse import urlencode

import pyotp
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.accounts import invitation_of
from hub.accounts.issuer_door import IssuerDoor
from hub.accounts.passwords import BusyError, weakness_of
from hub.accounts.reception import In, Reception
from hub.accounts.second_factor import is_sound_key
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.frame import Kits
from hub.web.kit.homes import BOARD, home_of
from hub.web.kit.leading import lead_to
from hub.web.kit.words import Gettext
from hub.web.signing_in import words
from hub.web.signing_in.cookies import let_home, let_in
from hub.web.signing_in.door_pages import DoorPages
from hub.web.signing_in.issuer import add_issuer
from hub.web.signing_in.key_picture import draw_address
from hub.web.signing_in.passkeys import add_showing

ISSUER = "Zaigang"
Filled = dict[str, Any]


def signing_in_routes(
    kits: Kits, source: BoardSource, reception: Reception, issuer: IssuerDoor | None = None
) -> APIRouter:
    """Return the routes."""
    router, pages = APIRouter(include_in_schema=False), DoorPages(kits, source, has_issuer=issuer is not None)
    if issuer is not None:
        add_issuer(router, pages, reception, issuer)
    _add_sign_in(router, pages, reception)
    _add_second_factor(router, pages, reception)
    _add_invitations(router, pages, reception)
    add_showing(router, pages, reception)
    return router


def _add_sign_in(router: APIRouter, pages: DoorPages, reception: Reception) -> None:
    @router.get("/sign-in")
    @open_to(Right.ANYBODY)
    async def page(request: Request) -> Response:
        who, to = who_asks(request), request.query_params.get("next", "/")
        if who.account and not who.is_half:
            return lead_to(home_of(who) if to == BOARD else to)
        return pages.answer(request, "sign_in.html", next=to, has_accounts=reception.roster.has_accounts)

    @router.post("/sign-in")
    @open_to(Right.ANYBODY)
    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        to = form.text("next") or "/"
        try:
            answer = await reception.sign_in(form.text("name"), form.secret("password"), visitor_of(request))
        except BusyError:
            said, status = pages.gettext(request, words.BUSY), 503
        else:
            if isinstance(answer, In):
                if not answer.is_whole:
                    return let_in(request, answer.key, f"/sign-in/code?{urlencode({'next': to})}")
                return let_home(request, reception, answer.key, to)
            status = 429 if answer.wait_s else 401
            said = words.not_in_words(answer, words.WRONG, lambda text: pages.gettext(request, text))
        form = Form({"name": form.text("name")}, {"password": said})
        return pages.answer(request, "sign_in.html", status, form=form, next=to, has_accounts=True)


def _add_second_factor(router: APIRouter, pages: DoorPages, reception: Reception) -> None:
    def shown(request: Request, enrolled: str, to: str) -> Filled:
        account = reception.roster.accounts[who_asks(request).account]
        if account.second_key:
            return {"is_new": False, "next": to}
        key = enrolled if is_sound_key(enrolled) else pyotp.random_base32()
        address = pyotp.TOTP(key, name=account.name, issuer=ISSUER).provisioning_uri()
        return {"is_new": True, "key": key, "address": address, "picture": draw_address(address), "next": to}

    @router.get("/sign-in/code")
    @open_to(Right.ANYBODY)
    async def page(request: Request) -> Response:
        if not who_asks(request).is_half:
            return lead_to("/sign-in")
        return pages.answer(request, "code.html", **shown(request, "", request.query_params.get("next", "/")))

    @router.post("/sign-in/code")
    @open_to(Right.ANYBODY)
    async def code(request: Request) -> Response:
        who, form = who_asks(request), await read_form(request)
        if not who.is_half:
            return lead_to("/sign-in")
        answer = await reception.second_factor(who, form.text("code"), visitor_of(request), form.text("key"))
        to = form.text("next") or "/"
        if isinstance(answer, In):
            return let_home(request, reception, answer.key, to)
        said = words.not_in_words(answer, words.WRONG_CODE, lambda text: pages.gettext(request, text))
        status = 429 if answer.wait_s else 401
        wrong = Form({}, {"code": said})
        return pages.answer(request, "code.html", status, form=wrong, **shown(request, form.text("key"), to))


def _add_invitations(router: APIRouter, pages: DoorPages, reception: Reception) -> None:
    @router.get("/invitations/{key}")
    @open_to(Right.LINK)
    async def page(request: Request, key: str) -> Response:
        found = await reception.read(lambda connection: invitation_of(connection, key, reception.now()))
        if found is None:
            return pages.answer(request, "no_invitation.html", 404)
        return pages.answer(request, "invitation.html", name=found.account.name)

    @router.post("/invitations/{key}")
    @open_to(Right.LINK)
    async def accept(request: Request, key: str) -> Response:
        found = await reception.read(lambda connection: invitation_of(connection, key, reception.now()))
        if found is None:
            return pages.answer(request, "no_invitation.html", 404)
        form = await read_form(request)
        wrong = new_password_faults(form, found.account.name, lambda text: pages.gettext(request, text))
        if wrong:
            return pages.answer(request, "invitation.html", 422, name=found.account.name, form=Form({}, wrong))
        try:
            answer = await reception.accept(found, form.secret("new"), visitor_of(request))
        except BusyError:
            busy = Form({}, {"new": pages.gettext(request, words.BUSY)})
            return pages.answer(request, "invitation.html", 503, name=found.account.name, form=busy)
        if answer is None:
            return pages.answer(request, "no_invitation.html", 404)
        if not answer.is_whole:
            return let_in(request, answer.key, "/sign-in/code")
        return let_home(request, reception, answer.key, BOARD)


def new_password_faults(form: Form, name: str, gettext: Gettext) -> dict[str, str]:
    """Return what is wrong with a password that was typed twice, by field."""
    weakness = weakness_of(form.secret("new"), name)
    if weakness is not None:
        return {"new": words.weakness_words(weakness, gettext)}
    return {} if form.secret("new") == form.secret("again") else {"again": gettext(words.DIFFERENT)}
