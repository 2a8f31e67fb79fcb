"""Passkeys: made and removed on 我的, shown where one signs in. A script speaks with the browser's own dialogue."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.accounts import LONGEST_NAME
from hub.accounts.ceremony import Place
from hub.accounts.keyring import Keyring
from hub.accounts.passwords import BusyError
from hub.accounts.reception import In, NotIn, Reception
from hub.register.personal import tells_a_number
from hub.rights import Right, open_to
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.leading import lead_to
from hub.web.signing_in import words
from hub.web.signing_in.cookies import ask_for_passkey, asked_key, let_home, place_of_request
from hub.web.signing_in.door_pages import DoorPages
from hub.web.signing_in.my_page import MyPage


def add_showing(router: APIRouter, pages: DoorPages, reception: Reception) -> None:
    """Let a passkey open the door."""
    keyring = Keyring(reception)

    @router.post("/sign-in/passkey/ask")
    @open_to(Right.ANYBODY)
    async def ask(request: Request) -> Response:
        key, wanted = await keyring.ask(_place(request), visitor_of(request))
        return ask_for_passkey(request, wanted, key)

    @router.post("/sign-in/passkey")
    @open_to(Right.ANYBODY)
    async def show(request: Request) -> Response:
        form, who, place = await read_form(request), who_asks(request), _place(request)
        to = form.text("next") or "/"
        answer = await keyring.sign_in(place, asked_key(request), form.secret("answer"), visitor_of(request), who)
        if isinstance(answer, In):
            return let_home(request, reception, answer.key, to)
        said = words.not_in_words(answer, words.NO_PASSKEY, lambda text: pages.gettext(request, text))
        wrong = Form({}, {"passkey": said})
        status = 429 if answer.wait_s else 401
        return pages.answer(request, "sign_in.html", status, form=wrong, next=to, has_accounts=True)


def add_making(router: APIRouter, page: MyPage, reception: Reception) -> None:
    """Let somebody have passkeys."""
    keyring = Keyring(reception)

    @router.post("/passkeys/begin")
    @open_to(Right.SIGNED_IN)
    async def begin(request: Request) -> Response:
        who, place, form = who_asks(request), _place(request), await read_form(request)
        name = form.text("key-name")
        kept = {"key-name": name}
        if not _is_named(name):
            wrong = {"key-name": page.gettext(request, words.NO_KEY_NAME)}
            return await page.answer(request, Form(kept, wrong), 422)
        try:
            proof, code = form.secret("proof"), form.text("proof-code")
            wanted = await keyring.begin(who, place, proof, code, visitor_of(request))
        except BusyError:
            return await page.answer(request, Form(kept, {"proof": page.gettext(request, words.BUSY)}), 503)
        if isinstance(wanted, NotIn):
            said = words.not_in_words(wanted, words.WRONG_PROOF, lambda text: page.gettext(request, text))
            return await page.answer(request, Form(kept, {"proof": said}), 429 if wanted.wait_s else 422)
        return await page.answer(request, Form(), template="passkey.html", name=name, wanted=wanted)

    @router.post("/passkeys")
    @open_to(Right.SIGNED_IN)
    async def finish(request: Request) -> Response:
        who, place, form = who_asks(request), _place(request), await read_form(request)
        name = form.text("key-name")
        is_made = _is_named(name) and await keyring.finish(who, place, name, form.secret("answer"), visitor_of(request))
        if is_made:
            return lead_to("/me?added")
        wrong = {"key-name": page.gettext(request, words.NOT_MADE)}
        return await page.answer(request, Form({"key-name": name}, wrong), 422)

    @router.post("/passkeys/{id_}/remove")
    @open_to(Right.SIGNED_IN)
    async def remove(request: Request, id_: str) -> Response:
        await keyring.remove(who_asks(request), id_, visitor_of(request))
        return lead_to("/me")


def _place(request: Request) -> Place:
    place = place_of_request(request)
    if place is None:
        raise HTTPException(404, "passkeys want the hub's name and TLS")
    return place


def _is_named(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and not tells_a_number(name)
