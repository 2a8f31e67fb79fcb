"""更正: a station's taps of a day, one of them put right, and what that makes of the day before it is done."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.ledger.review import taps_of_person
from hub.presence.board_view import BoardRow, BoardSource
from hub.rights import Right, open_to
from hub.web.amending import words
from hub.web.amending.foreseeing import Foreseeing
from hub.web.amending.reading import BookShelf, Correction, DayReading, ShownTap, is_sound
from hub.web.amending.typed_correction import FIELDS, About, read_correction, record_named, typed_reason
from hub.web.desk.desk import Desk, refused
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.gate.sight import row_for
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.people.volunteers import find_person, list_people
from hub.web.station.asked_day import DayFault, asked_day
from station.milliseconds import ms_of
from station.names import HUB_KIOSK

RECORD_DAYS = 62  # of a person's taps, the latest


class AmendedDay(NamedTuple):
    """What one form is about: a station's day, and a tap, a correction, or neither of it."""

    row: BoardRow
    day: date
    tap: ShownTap | None = None
    correction: Correction | None = None


def amending_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    here = _AmendingDesk(kits, source, reception, desk)
    here.add_day(router)
    here.add_person(router)
    here.add_forms(router)
    return router


class _AmendingDesk:
    """What the routes share."""

    def __init__(self, kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> None:
        self._source, self._reception, self._desk = source, reception, desk
        self._pages = DeskPages(kits, source, "/people")
        self._shelf = BookShelf(desk.zone)
        self._ahead = Foreseeing(desk, self._shelf)

    def add_day(self, router: APIRouter) -> None:
        """A day's taps."""

        @router.get("/stations/{code}/amend")
        @open_to(Right.AMEND)
        async def day(request: Request, code: str) -> Response:
            row, asked = self._row(request, code), asked_day(request.query_params.get("date", ""), self._desk.today)
            if row is None or isinstance(asked, DayFault) or not is_sound(asked):
                raise NotThereError
            shown = await self._read(who_asks(request), lambda one: one.day(code, asked, self._desk.clock.now()))
            await self._log(request, code)
            return self._pages.answer(
                request, "amending/day.html", row=row, shown=shown, today=self._desk.today, words=words,
                before=asked - timedelta(days=1), after=asked + timedelta(days=1),
            )  # fmt: skip

    def add_person(self, router: APIRouter) -> None:
        """A person's record of taps."""

        @router.get("/people/{person}/taps")
        @open_to(Right.AMEND)
        async def record(request: Request, person: str) -> Response:
            who = who_asks(request)
            found = self._pages.there(await self._desk.read(lambda c: find_person(c, who.grants, Right.AMEND, person)))
            now_ms = ms_of(self._desk.clock.now())
            since_ms = now_ms - RECORD_DAYS * 86_400_000
            stations = {row.code for row in self._source.view().rows if self._row(request, row.code) is not None}

            def read(connection: Connection) -> list[ShownTap]:
                book = self._shelf.book(connection)
                taps = taps_of_person(connection, book, person, since_ms, now_ms)
                return DayReading(connection, book, who.grants).shown([t for t in taps if t.station in stations])

            taps = await self._desk.read(read)
            await self._log(request, person, "looked_at_person")
            return self._pages.answer(
                request, "amending/person.html", person=found, taps=taps[::-1], words=words, zone=self._desk.zone
            )

    def add_forms(self, router: APIRouter) -> None:
        """One tap, one correction, or one to be added."""
        one = "/stations/{code}/amend/{kiosk}/{epoch}/{seq}"

        @router.get(one)
        @open_to(Right.AMEND)
        async def form(request: Request, code: str, kiosk: str, epoch: str, seq: str) -> Response:
            return await self._show(request, await self._subject(request, code, f"{kiosk}/{epoch}/{seq}"))

        @router.post(one)
        @open_to(Right.AMEND)
        async def correct(request: Request, code: str, kiosk: str, epoch: str, seq: str) -> Response:
            return await self._take(request, await self._subject(request, code, f"{kiosk}/{epoch}/{seq}"))

        @router.get("/stations/{code}/amend/add")
        @open_to(Right.AMEND)
        async def new(request: Request, code: str) -> Response:
            return await self._show(request, self._new(request, code))

        @router.post("/stations/{code}/amend/add")
        @open_to(Right.AMEND)
        async def add(request: Request, code: str) -> Response:
            return await self._take(request, self._new(request, code))

    async def _take(self, request: Request, subject: AmendedDay) -> Response:
        """Show what a correction would make of the day; once that was seen, do it."""
        typed, ahead = await self._pages.typed(request), self._ahead
        who, about = typed.who, await self._about(subject, typed)
        typed.choice("what", dict(_whats(subject)))  # a correction is taken back, and a tap is not
        command, why = read_correction(typed, about), typed_reason(typed)
        if command is None or typed.wrong:
            return await self._show(request, subject, typed.again())
        if subject.tap is None and subject.correction is None:
            subject = subject._replace(day=typed.day("day") or subject.day)
        is_sure = typed.form.text("sure") == "1"
        outcome = await (self._desk.change(who, [command], why) if is_sure else ahead.outcome(who, command, why))
        if wrong := refused(outcome, FIELDS, typed.kit):
            return await self._show(request, subject, typed.again(wrong))
        if is_sure:
            await ahead.until_followed(subject.row.code)
            return lead_to(f"/stations/{subject.row.code}/amend?date={subject.day}&done=1")
        drawn = await ahead.drawn(subject.row, subject.day, outcome, typed.kit)
        return await self._show(request, subject, typed.form, drawn)

    async def _show(
        self, request: Request, subject: AmendedDay, form: Form | None = None, drawn: Sequence[Any] = ()
    ) -> Response:
        who = who_asks(request)
        people: list[Any] = []
        if subject.tap is None and subject.correction is None:
            people = await self._desk.read(lambda c: list_people(c, who.grants))
            people = [one for one in people if subject.row.code in one.stations and one.left_on is None]
        return self._pages.answer(
            request, "amending/correct.html", row=subject.row, day=subject.day, tap=subject.tap,
            correction=subject.correction, form=form, drawn=drawn, people=people, words=words,
            whats=_whats(subject), asks=who.name, today=self._desk.today,
        )  # fmt: skip

    async def _about(self, subject: AmendedDay, typed: Typed) -> About:
        """What a form is about; a person that is typed must be one whom one may see."""
        about = About(subject.row.code, subject.day, self._desk.zone)
        if subject.correction is not None:
            return replace(about, of=record_named(subject.correction.name))
        if subject.tap is not None:
            return replace(about, of=record_named(subject.tap.name), person=subject.tap.person)
        person, number, who = typed.form.text("person"), typed.form.text("number"), typed.who
        if number:
            numbered = await self._desk.read(lambda c: list_people(c, who.grants, asked=number))
            person = next((one.person for one in numbered if one.number.upper() == number.upper()), "")
        found = await self._desk.read(lambda c: find_person(c, who.grants, Right.NAMES, person))
        if found is None:
            typed.wrong["number" if number else "person"] = typed.kit.gettext(words.NOBODY)
        return replace(about, person=person)

    async def _subject(self, request: Request, code: str, text: str) -> AmendedDay:
        """The tap or correction of that name at that station."""
        row, name = self._pages.there(self._row(request, code)), self._pages.there(record_named(text))
        now = self._desk.clock.now()

        def read(one: DayReading) -> AmendedDay | None:
            correction = one.correction(code, name, now) if name.kiosk == HUB_KIOSK else None
            tap = one.tap(name, now)
            if tap is not None and tap.station != code:
                return None
            about = tap or (correction.tap if correction is not None else None)
            if about is None:
                return None
            day = (about.recorded_at or about.at).astimezone(self._desk.zone).date()
            is_tap = tap is not None and not tap.is_void
            return AmendedDay(row, day, tap if is_tap else None, None if is_tap else correction)

        found: AmendedDay | None = await self._read(who_asks(request), read)
        return self._pages.there(None if found is None or (found.tap is None and found.correction is None) else found)

    def _new(self, request: Request, code: str) -> AmendedDay:
        row, asked = self._row(request, code), asked_day(request.query_params.get("date", ""), self._desk.today)
        sound = None if isinstance(asked, DayFault) or not is_sound(asked) else asked
        return AmendedDay(self._pages.there(row), self._pages.there(sound))

    def _row(self, request: Request, code: str) -> BoardRow | None:
        return row_for(who_asks(request), self._source.view(), code, Right.AMEND)

    async def _read(self, who: Who, work: Callable[[DayReading], Any]) -> Any:
        return await self._desk.read(lambda c: work(DayReading(c, self._shelf.book(c), who.grants)))

    async def _log(self, request: Request, subject: str, what: str = "looked_at_taps") -> None:
        await self._reception.note(who_asks(request).name, what, subject, visitor_of(request))


def _whats(subject: AmendedDay) -> list[tuple[str, str]]:
    """What can be done, the likeliest first."""
    if subject.correction is not None:
        names = ["back"]
    elif subject.tap is None:
        names = ["arrive", "leave"]
    else:
        more = ["leave", "arrive"] if subject.tap.person else []
        if subject.tap.is_added and not subject.tap.doubts:
            return [(name, words.WHAT_WORDS[name]) for name in ("void", "retime")]
        names = ["confirm", *more, "retime", "void"] if subject.tap.doubts else ["retime", *more, "void", "confirm"]
    return [(name, words.WHAT_WORDS[name]) for name in names]
