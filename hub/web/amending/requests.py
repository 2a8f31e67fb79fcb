"""我要更正: a volunteer sees their own taps and says what was true; it waits for who may correct it (`answering`)."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection, insert
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.access_log import log_access
from hub.accounts.reception import Reception
from hub.accounts.volunteers import invite_volunteer, volunteer_of
from hub.database.amend_table import AmendRequest
from hub.database.people_tables import Membership
from hub.ledger.review import taps_of_person
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.amending import words
from hub.web.amending.reading import BookShelf, DayReading
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.inbox.waiting import CitySeen, InboxAct, InboxLink, ToDo
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.people.volunteers import find_person
from station.milliseconds import moment_of, ms_of

RECORD_DAYS: Final = 62
MOST_OPEN: Final = 20
"""Of one person: more are no requests."""


class RequestSource:
    """What volunteers asked for, until somebody answered. Neither a name nor their words stand in it."""

    kind = "request"
    word = words.REQUESTS

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """Each that is open."""
        found = []
        for row in connection.execute(select(AmendRequest).where(col(AmendRequest.settled_ms).is_(None))):
            place = seen.place(row.station)
            if place is None:
                continue
            address = f"/stations/{quote(row.station)}/requests/{row.number}"
            found.append(
                ToDo(
                    kind=self.kind, subject=str(row.number), place=place.reach, station=place.name,
                    since=moment_of(row.made_ms), what=words.ASKS, said={"day": str(row.day)}, todo=words.TO_ANSWER,
                    acts=(InboxAct.TAKEN, InboxAct.CONTACTED, InboxAct.ASSIGNED),
                    seen_by=(Right.AMEND,), done_by=(Right.AMEND,),
                    links=(InboxLink(address, words.SETTLE, Right.AMEND),),
                )
            )  # fmt: skip
        return found

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: it is answered on its page."""


def request_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    here = _Requests(kits, source, reception, desk)

    @router.get("/me/taps")
    @open_to(Right.SIGNED_IN)
    async def mine(request: Request) -> Response:
        return await here.mine(request)

    @router.post("/me/taps")
    @open_to(Right.SIGNED_IN)
    async def ask(request: Request) -> Response:
        return await here.ask(request)

    @router.post("/people/{person}/sign-in-link")
    @open_to(Right.PEOPLE)
    async def link(request: Request, person: str) -> Response:
        return await here.link(request, person)

    return router


class _Requests:
    def __init__(self, kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> None:
        self._reception, self._desk = reception, desk
        self._mine, self._pages = DeskPages(kits, source, "/me"), DeskPages(kits, source, "/inbox")
        self._shelf = BookShelf(desk.zone)

    async def mine(self, request: Request, form: Form | None = None) -> Response:
        """One's own taps, and what one asked for."""
        who, now_ms = who_asks(request), ms_of(self._desk.clock.now())

        def read(connection: Connection) -> dict[str, Any] | None:
            person = volunteer_of(connection, who.account)
            if not person:
                return None
            book = self._shelf.book(connection)
            taps = taps_of_person(connection, book, person, now_ms - RECORD_DAYS * 86_400_000, now_ms)
            asked = select(AmendRequest).where(col(AmendRequest.person) == person)
            return {
                "taps": DayReading(connection, book, ()).shown(taps)[::-1],
                "stations": self._own_stations(connection, person),
                "asked": connection.execute(asked.order_by(col(AmendRequest.number).desc()).limit(MOST_OPEN)).all(),
            }

        found = await self._desk.read(read)
        if found is None:
            return self._mine.answer(request, "amending/nobodys.html")
        return self._mine.answer(request, "amending/mine.html", form=form, words=words, today=self._desk.today, **found)

    def _own_stations(self, connection: Connection, person: str) -> list[str]:
        """Theirs, and those at which they tapped."""
        if not person:
            return []
        now_ms = ms_of(self._desk.clock.now())
        book = self._shelf.book(connection)
        taps = taps_of_person(connection, book, person, now_ms - RECORD_DAYS * 86_400_000, now_ms)
        return sorted({*_stations(connection, person), *(tap.station for tap in taps)})

    async def ask(self, request: Request) -> Response:
        """Write down what they say was true."""
        typed = await self._mine.typed(request)
        day, said, station = typed.day("day"), typed.note("said"), typed.form.text("station")
        who, gettext = typed.who, typed.kit.gettext
        if not said:
            typed.wrong.setdefault("said", gettext(words.NO_SAID))
        if day is None or not self._desk.today - timedelta(days=RECORD_DAYS) <= day <= self._desk.today:
            typed.wrong.setdefault("day", gettext(words.NO_DAY))
        if station not in await self._desk.read(lambda c: self._own_stations(c, volunteer_of(c, who.account))):
            typed.wrong["station"] = gettext(words.NO_STATION)  # one of others is answered as one that is not there
        if not typed.wrong and day is not None:
            now_ms = ms_of(self._desk.clock.now())
            fields = {"station": station, "day": day, "said": said, "made_ms": now_ms}
            if not await self._desk.write(lambda c: _write(c, who.account, fields)):
                typed.wrong["said"] = gettext(words.TOO_MANY)
        return await self.mine(request, typed.again()) if typed.wrong else lead_to("/me/taps?done=1")

    async def link(self, request: Request, person: str) -> Response:
        """A link by which a volunteer chooses a password."""
        who, now_ms, address = who_asks(request), self._reception.now(), visitor_of(request).address
        found = self._pages.there(await self._desk.read(lambda c: find_person(c, who.grants, Right.PEOPLE, person)))
        if found.left_on is not None:
            raise NotThereError

        def write(connection: Connection) -> str | None:
            log_access(connection, who.name, "invited", person, address, now_ms=now_ms)
            return invite_volunteer(connection, person, found.number, by=who.name, now_ms=now_ms)

        key = await self._desk.write(write)
        address = "" if key is None else f"{request.base_url}invitations/{key}"
        return self._pages.answer(request, "amending/invited.html", 200 if key else 409, person=found, address=address)


def _write(connection: Connection, account: str, fields: dict[str, Any]) -> bool:
    """Write a request down; false where nobody's account it is, or they have asked too much already."""
    person = volunteer_of(connection, account)
    mine = col(AmendRequest.person) == person, col(AmendRequest.settled_ms).is_(None)
    if not person or len(connection.execute(select(col(AmendRequest.number)).where(*mine)).all()) >= MOST_OPEN:
        return False
    connection.execute(insert(AmendRequest).values(person=person, settled_by="", answer="", **fields))
    return True


def _stations(connection: Connection, person: str) -> list[str]:
    where = col(Membership.person) == person, col(Membership.until_day).is_(None)
    asked = select(col(Membership.station)).where(*where).order_by(col(Membership.station))
    return list(connection.execute(asked).scalars())
