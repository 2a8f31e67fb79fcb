"""What a volunteer asked for, put right and answered in one step; or only answered, where nothing is wrong."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

from fastapi import APIRouter
from sqlalchemy import Connection, update
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.accounts.volunteers import is_of_person
from hub.changing.corrections import Amending
from hub.changing.proposal import Outcome, apply
from hub.database.amend_table import AmendRequest
from hub.ledger.review import taps_of_person
from hub.presence.board_view import BoardRow, BoardSource
from hub.rights import Right, open_to
from hub.web.amending import words
from hub.web.amending.foreseeing import Foreseeing
from hub.web.amending.reading import BookShelf, DayReading, ShownTap
from hub.web.amending.typed_correction import FIELDS, About, read_correction, record_named, typed_reason
from hub.web.desk.desk import Desk, refused
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from station.coverage import whole_of
from station.milliseconds import ms_of

_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")


class _Asked(NamedTuple):
    """A request, whose it is, and their taps of that day at that station."""

    row: BoardRow
    request: Any
    name: str
    taps: list[ShownTap]


def answering_routes(kits: Kits, source: BoardSource, desk: Desk, settled: Callable[[], Awaitable[None]]) -> APIRouter:
    """Return the routes.

    Args:
        kits: the frames.
        source: which stations there are.
        desk: the database.
        settled: done once something waits no more.
    """
    router = APIRouter(prefix="/stations/{code}/requests/{number}", include_in_schema=False)
    here = _Answering(kits, source, desk, settled)

    @router.get("")
    @open_to(Right.AMEND)
    async def look(request: Request, code: str, number: int) -> Response:
        found = here.pages.there(await here.find(request, code, number))
        said = here.pages.kit(request).gettext(words.OWN_REQUEST)
        form = Form({}, {"answer": said} if await here.is_own(request, found) else {})
        return here.show(request, found, form, status=200)

    @router.post("")
    @open_to(Right.AMEND)
    async def answer(request: Request, code: str, number: int) -> Response:
        found, typed = here.pages.there(await here.find(request, code, number)), await here.pages.typed(request)
        if found.request.settled_ms is not None:
            raise NotThereError
        if await here.is_own(request, found):
            typed.wrong["answer"] = typed.kit.gettext(words.OWN_REQUEST)
            return here.show(request, found, typed.again(), status=403)
        return await (here.correct if "what" in typed.form.typed else here.answer)(request, found, typed)

    return router


class _Answering:
    def __init__(self, kits: Kits, source: BoardSource, desk: Desk, settled: Callable[[], Awaitable[None]]) -> None:
        self._source, self._desk, self._settled = source, desk, settled
        self.pages = DeskPages(kits, source, "/inbox")
        self._shelf = BookShelf(desk.zone)
        self._ahead = Foreseeing(desk, self._shelf)

    async def find(self, request: Request, code: str, number: int) -> _Asked | None:
        """What was asked, beside the day; None where nothing was, or not of them."""
        who = who_asks(request)
        row = row_for(who, self._source.view(), code, Right.AMEND)
        if row is None or not 0 < number < 1 << 63:  # no column holds it
            return None
        where = col(AmendRequest.number) == number, col(AmendRequest.station) == code

        def read(connection: Connection) -> _Asked | None:
            found = connection.execute(select(AmendRequest).where(*where)).one_or_none()
            if found is None:
                return None
            book = self._shelf.book(connection)
            reading = DayReading(connection, book, who.grants)
            since, until = whole_of(found.day, self._desk.zone)
            until_ms = min(ms_of(until), ms_of(self._desk.clock.now()))
            taps = [tap for tap in taps_of_person(connection, book, found.person, ms_of(since), until_ms)
                    if tap.station == code]  # fmt: skip
            return _Asked(row, found, reading.names({found.person}).get(found.person, ""), reading.shown(taps))

        return await self._desk.read(read)

    async def is_own(self, request: Request, found: _Asked) -> bool:
        """Whether who answers is who asked: nobody agrees with themselves."""
        account = who_asks(request).account
        return await self._desk.read(lambda c: is_of_person(c, account, str(found.request.person)))

    def show(
        self, request: Request, found: _Asked, form: Form, *, drawn: list[Any] | None = None, status: int = 0
    ) -> Response:
        """Answer with the page; what is likely meant stands in the form already."""
        said = found.request.said
        time = _TIME.search(said)
        kit = self.pages.kit(request)
        return self.pages.answer(
            request, "amending/request.html", status, row=found.row, asked=found.request, name=found.name,
            taps=found.taps, form=form, drawn=drawn or [], words=words, whats=_whats(found.taps, kit),
            time=f"{int(time[1]):02}:{time[2]}" if time else "", likely="arrive" if "到" in said else "leave",
        )  # fmt: skip

    async def answer(self, request: Request, found: _Asked, typed: Typed) -> Response:
        """Say what became of it, and correct nothing."""
        said = typed.note("answer")
        if not said:
            typed.wrong.setdefault("answer", typed.kit.gettext(words.NO_ANSWER))
        if typed.wrong:
            return self.show(request, found, typed.again())
        await self._desk.write(lambda c: self._settle(c, typed.who, found, said))
        await self._settled()
        return lead_to("/inbox?done=1")

    async def correct(self, request: Request, found: _Asked, sent: Typed) -> Response:
        """Show what the correction would make of the day; once that was seen, do it, and answer."""
        who, form, kit = sent.who, sent.form, sent.kit
        what, _blank, name = form.text("what").partition(" ")
        plain = Form(form.typed | {"what": what, "day": "", "asked_by": kit.gettext(words.THEMSELVES)})
        typed = replace(sent, form=plain)
        about = About(found.row.code, found.request.day, self._desk.zone, record_named(name), found.request.person)
        command, why, said = read_correction(typed, about), typed_reason(typed), typed.note("reply")
        if form.text("what") not in dict(_whats(found.taps, kit)):
            typed.wrong["what"] = kit.gettext(words.NO_WHAT)
        if command is None or typed.wrong:
            return self.show(request, found, sent.again())
        is_sure = form.text("sure") == "1"
        asked = who, command, why
        outcome = await (self._do(*asked, found, said) if is_sure else self._ahead.outcome(*asked))
        if wrong := refused(outcome, FIELDS, kit):
            return self.show(request, found, sent.again(wrong))
        if is_sure:
            await self._ahead.until_followed(found.row.code)
            await self._settled()
            return lead_to("/inbox?done=1")
        drawn = await self._ahead.drawn(found.row, found.request.day, outcome, kit)
        return self.show(request, found, form, drawn=drawn)

    async def _do(self, who: Who, command: Amending, why: str, found: _Asked, said: str) -> Outcome:
        """Both or neither; where somebody else has answered meanwhile, nothing."""

        def write(connection: Connection) -> Outcome:
            number = col(AmendRequest.number) == found.request.number
            if connection.execute(select(col(AmendRequest.settled_ms)).where(number)).scalar_one() is not None:
                raise NotThereError
            at, zone = self._desk.clock.now(), self._desk.zone
            outcome = apply(connection, [command], by=who.name, at=at, zone=zone, why=why)
            if not outcome.refusals:
                self._settle(connection, who, found, said or words.DONE)
            return outcome

        return await self._desk.write(write)

    def _settle(self, connection: Connection, who: Who, found: _Asked, said: str) -> None:
        """Answer, where nobody else has meanwhile: it is gone then, as for who comes later."""
        values = {"settled_ms": ms_of(self._desk.clock.now()), "settled_by": who.name, "answer": said}
        is_open = col(AmendRequest.number) == found.request.number, col(AmendRequest.settled_ms).is_(None)
        if not connection.execute(update(AmendRequest).where(*is_open).values(**values)).rowcount:
            raise NotThereError


def _whats(taps: list[ShownTap], kit: Kit) -> list[tuple[str, str]]:
    """What can be done: a tap that is missing, or one of theirs put right."""
    whats = [(name, kit.gettext(words.WHAT_WORDS[name])) for name in ("leave", "arrive")]
    for tap in (one for one in taps if not one.is_void):
        of = f"{tap.at.astimezone(kit.zone):%H:%M} {kit.gettext(words.ACTION_WORDS[tap.action])}"
        acts = ("retime", "void", "confirm") if tap.doubts else ("retime", "void")
        whats += [(f"{act} {tap.name}", f"{of}：{kit.gettext(words.WHAT_WORDS[act])}") for act in acts]
    return whats
