"""通知渠道: who is told of alarms outside the hub: tried, entered, changed, removed. No address is ever shown whole.

What a form of one says is `channel_form`'s.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.access_log import log_access
from hub.accounts.reception import Reception
from hub.alarms.acting import ActError, Actor, note_test
from hub.alarms.channel import Receipt
from hub.alarms.routes import KnownChannel
from hub.alarms.tries import Tries
from hub.alarms.veiling import shown_address
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.register.personal import tells_a_number
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import changed_meanwhile, last_of_address, last_of_channel, not_as_shown, said_of
from hub.web.desk.page import DeskPages
from hub.web.desk.reading import Typed
from hub.web.desk.undrawn_page import UndrawnPage
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import SAID, Form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.words import kind_word
from hub.web.system import channel_words as words
from hub.web.system.channel_form import ChannelsSeen, as_typed, mark_of_channel, read_channel
from station.milliseconds import ms_of
from station.names import is_name

Unless = Callable[[Connection, KnownChannel], dict[str, str]]
"""Looks, before it is acted on, whether what a form showed of a channel is so still."""

HERE = "/system/channels"
PATIENCE_S = 12.0  # a robot has 8 s; finding its host, and one that drips, would take longer
LISTED = 2
SHOWN = 10
SECRETS = frozenset({"address", "secret"})


def channel_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=HERE, include_in_schema=False)
    pages = _Pages(DeskPages(kits, source, HERE), reception, desk)
    _add_list(router, pages)
    _add_try(router, pages, Tries())
    _add_change(router, pages)
    _add_removal(router, pages)
    return router


@dataclass(frozen=True, slots=True)
class _Pages:
    """What all of these routes need."""

    pages: DeskPages
    reception: Reception
    desk: Desk

    def now_ms(self) -> int:
        """By the hub's clock."""
        return ms_of(self.desk.clock.now())

    async def look(self, request: Request, most: int = 0) -> ChannelsSeen:
        """What somebody may see."""
        return await self.desk.read(lambda connection: ChannelsSeen(connection, who_asks(request), most=most))

    async def show(
        self, request: Request, name: str = "", form: Form | None = None, *, status: int = 0, secret: str = ""
    ) -> Response:
        """Show all of them, or one; what is secret is never given back."""
        seen, kit = await self.look(request, SHOWN if name else LISTED), self.pages.kit(request)
        address = await self.desk.read(lambda connection: last_of_address(connection, name).edition) if name else ""
        channel, form = self.pages.there(seen.named(name)) if name else None, form or Form()
        is_tried = "tried" in request.query_params
        tried = next((one for one in seen.answers.get(name, ()) if one.is_test and is_tried), None)
        own = {reach.district for reach in who_asks(request).reaches(Right.USERS)}
        return self.pages.answer(
            request, "system/channel.html" if name else "system/channels.html", status, seen=seen, channel=channel,
            form=replace(form, typed={name: said for name, said in form.typed.items() if name not in SECRETS}),
            own_district=own.pop() if len(own) == 1 else "", shown_address=shown_address, sorts=words.SORT_WORDS,
            districts=seen.districts(),
            kinds=[("", "—"), *((one, kind_word(one, kit.language)) for one in KINDS)], now=as_typed(channel),
            answered=lambda text: words.answer_words(text, kit.gettext), secret=secret, tried=tried,
            was_address=address, was=mark_of_channel(channel, address),
        )  # fmt: skip

    async def save(self, typed: Typed, name: str, act: Callable[[Actor], None], unless: Unless) -> Form | None:
        """Act on a channel, unless something of the form is wrong, or what it showed is so no more.

        Returns:
            The form to be shown again, with what stands in the way; None where it is done.

        Raises:
            NotThereError: it is theirs no more.
        """
        if typed.wrong:
            return typed.again()
        now_ms = self.now_ms()

        def write(connection: Connection) -> dict[str, str]:
            now = self.pages.there(ChannelsSeen(connection, typed.who).named(name))
            wrong = unless(connection, now)
            if not wrong:
                act(Actor(connection, typed.who.name, now_ms))
            return wrong

        wrong = await self.desk.write(write)
        return typed.again(wrong) if wrong else None


def _add_list(router: APIRouter, pages: _Pages) -> None:
    @router.get("")
    @open_to(Right.USERS)
    async def every(request: Request) -> Response:
        return await pages.show(request)

    @router.post("")
    @open_to(Right.USERS)
    async def enter(request: Request) -> Response:
        typed = await pages.pages.typed(request)
        name, asked = typed.form.text("name"), read_channel(typed, await pages.look(request), is_new=True)
        if not is_name(name) or tells_a_number(name):
            typed.wrong["name"] = typed.kit.gettext(words.NO_CHANNEL_NAME)
        told = asked.told
        if typed.wrong or told is None:
            return await pages.show(request, form=typed.again())
        actor = partial(Actor, by=typed.who.name, now_ms=pages.now_ms())
        try:
            await pages.desk.write(
                lambda one: actor(one).enter_channel(name, told, asked.reach, tells_short=asked.tells_short)
            )
        except ActError:
            return await pages.show(request, form=typed.again({"name": typed.kit.gettext(words.TAKEN)}))
        if told.made_secret:
            return await pages.show(request, name, secret=told.secret)
        return lead_to(f"{HERE}/{quote(name, safe='')}?done=1")

    @router.get("/{name}")
    @open_to(Right.USERS)
    async def one(request: Request, name: str) -> Response:
        return await pages.show(request, name)


def _add_try(router: APIRouter, pages: _Pages, tries: Tries) -> None:
    @router.post("/{name}/test")
    @open_to(Right.USERS)
    async def try_it(request: Request, name: str) -> Response:
        who, desk, found = who_asks(request), pages.desk, pages.pages.there((await pages.look(request)).named(name))
        now = desk.clock.now()
        under_way = tries.begin(found.told, desk.zone, now)
        if under_way is None:
            said = pages.pages.kit(request).gettext(words.WAIT)
            return await pages.show(request, name, Form({}, {"": said}), status=429)
        try:
            answer = await asyncio.wait_for(asyncio.wrap_future(under_way), PATIENCE_S)
        except TimeoutError:
            answer = Receipt(is_taken=False, text=f"no answer within {PATIENCE_S:g} s")
        address, by_ms = visitor_of(request).address, pages.reception.now()

        def note(connection: Connection) -> None:
            note_test(connection, name, is_taken=answer.is_taken, answer=answer.text, now_ms=ms_of(now))
            log_access(connection, who.name, "tried_channel", name, address, now_ms=by_ms)

        await desk.write(note)
        if SAID in request.scope:
            return UndrawnPage(200, {"answer": answer})
        return lead_to(f"{HERE}/{quote(name, safe='')}?tried=1")


def _add_change(router: APIRouter, pages: _Pages) -> None:
    @router.post("/{name}/change")
    @open_to(Right.USERS)
    async def change(request: Request, name: str) -> Response:
        typed, seen = await pages.pages.typed(request), await pages.look(request)
        pages.pages.there(seen.named(name))
        asked, kit = read_channel(typed, seen, is_new=False), typed.kit
        told = asked.told

        def meanwhile(connection: Connection, now: KnownChannel) -> dict[str, str]:
            address = last_of_address(connection, name)
            wrong = changed_meanwhile(typed.form, as_typed(now), kit, last_of_channel(connection, name))
            if told and typed.form.typed.get("was-address", address.edition) != address.edition:
                wrong["address"] = said_of(shown_address(now.told), kit, address.last, words.OTHER_ADDRESS)
            return wrong

        def act(actor: Actor) -> None:
            actor.change_channel(name, asked.reach, tells_short=asked.tells_short, told=told)

        if again := await pages.save(typed, name, act, meanwhile):
            return await pages.show(request, name, again)
        if told is not None and told.made_secret:
            return await pages.show(request, name, secret=told.secret)
        return lead_to(f"{HERE}/{quote(name, safe='')}?done=1")


def _add_removal(router: APIRouter, pages: _Pages) -> None:
    @router.post("/{name}/remove")
    @open_to(Right.USERS)
    async def remove(request: Request, name: str) -> Response:
        typed, seen = await pages.pages.typed(request), await pages.look(request)
        pages.pages.there(seen.named(name))
        if not typed.form.text("sure"):
            typed.wrong["sure"] = typed.kit.gettext(words.NOT_SURE)

        def meanwhile(connection: Connection, now: KnownChannel) -> dict[str, str]:
            mark = mark_of_channel(now, last_of_address(connection, name).edition)
            return not_as_shown(typed.form, mark, typed.kit, last_of_channel(connection, name))

        if again := await pages.save(typed, name, lambda actor: actor.remove_channel(name), meanwhile):
            return await pages.show(request, name, replace(again, typed={}))
        return lead_to(f"{HERE}?done=1")
