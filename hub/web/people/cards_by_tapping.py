"""办卡, 换卡: choose a kiosk, hold the card there, done; nobody types a number. Also by a lead at their own station."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.accounts.filtering import where_may
from hub.asking.asked import AskedCommand, CommandOutcome, ask, read_asked, read_commands
from hub.asking.giving_cards import GIVEN, LOSE, READ_CARD, CardTrouble
from hub.database.tables import Kiosk, Station
from hub.presence.board_view import BoardSource
from hub.register.masking import mask_name
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.responses import page_answer
from hub.web.kit.words import _
from hub.web.people.volunteers import ShownVolunteer, find_person
from station.names import KioskId

LATE = timedelta(seconds=75)  # after which nobody waits: a minute at the kiosk, and the way
UNHEARD = timedelta(seconds=5)  # and so long where the kiosk has said nothing at all
NO_KIOSK = _("请选择一台终端。")
TROUBLE_WORDS = {
    CardTrouble.NO_CARD: _("一分钟内没有放卡，已取消，没有任何更改。"),
    CardTrouble.BUSY: _("这台终端正在给别人办卡，请稍后再试。"),
    CardTrouble.RANDOM_NUMBER: _("放上的是手机或随机号码的卡，不能用；请换一张志愿者卡。没有任何更改。"),
    CardTrouble.NOT_UNIQUE: _("这张卡的号码不唯一，不能用；请换一张。没有任何更改。"),
    CardTrouble.INTERRUPTED: _("终端刚刚重新启动，没有办成；请再办一次。"),
    CardTrouble.EXPIRED: _("终端收到时已经过时，没有办成；请再办一次。"),
    CardTrouble.OTHERS: _("这张卡已经是别人的，没有任何更改；请换一张新卡。"),
    CardTrouble.LOST: _("这张卡已经挂失，没有任何更改；找回的卡请先办“找回”。"),
    CardTrouble.REFUSED: _("没有办成，没有任何更改；请看此人是否已经离开。"),
}
AWAY = _("终端没有回应，已取消，没有任何更改；请看终端是否有信号。")
FAILED = _("终端没有办成：{said}。没有任何更改。")


class CardProgress(NamedTuple):
    """How far it has come: waiting, given with the card's short name, or why not."""

    is_open: bool
    given: str = ""
    wrong: str = ""
    is_heard: bool = False


def tapping_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/people/{person}/new-card", include_in_schema=False)
    here = _Tapping(kits, source, desk)

    @router.get("")
    @open_to(Right.REPORT_CARDS)
    async def choose(request: Request, person: str) -> Response:
        return await here.choose(request, person)

    @router.post("")
    @open_to(Right.REPORT_CARDS)
    async def begin(request: Request, person: str) -> Response:
        return await here.begin(request, person)

    @router.get("/{command}")
    @open_to(Right.REPORT_CARDS)
    async def progress(request: Request, person: str, command: str) -> Response:
        return await here.progress(request, person, command, is_part=False)

    @router.get("/{command}/part")
    @open_to(Right.REPORT_CARDS)
    async def part(request: Request, person: str, command: str) -> Response:
        return await here.progress(request, person, command, is_part=True)

    return router


class _Tapping:
    def __init__(self, kits: Kits, source: BoardSource, desk: Desk) -> None:
        self._source, self._desk = source, desk
        self._pages = DeskPages(kits, source, "/people")

    async def choose(self, request: Request, person: str, form: Form | None = None) -> Response:
        who, found = who_asks(request), await self._find(request, person)
        kiosks = await self._desk.read(lambda c: self._kiosks(c, who))
        first = next((id_ for id_, station, _ in kiosks if station in found.stations), "")
        return self._pages.answer(request, "people/new_card.html", form=form, person=found, kiosks=kiosks, first=first)

    async def begin(self, request: Request, person: str) -> Response:
        found, typed = await self._find(request, person), await self._pages.typed(request)
        who, form = typed.who, typed.form
        kiosks = {id_ for id_, _, _ in await self._desk.read(lambda c: self._kiosks(c, who))}
        if form.text("kiosk") not in kiosks:
            typed.wrong["kiosk"] = typed.kit.gettext(NO_KIOSK)
            return await self.choose(request, person, typed.again())
        args = {"person": person, "name": mask_name(found.full_name)} | ({LOSE: "1"} if form.text("lose") else {})
        kiosk, now = KioskId(form.text("kiosk")), self._desk.clock.now()

        def write(connection: Connection) -> str | None:
            """Ask, or find what goes on already: one person at a time holds a card to a kiosk."""
            history = [one for one in read_commands(connection, kiosk) if one.name == READ_CARD.name]
            going = next((one for one in history if not one.has_ended and now <= _waits_until(one)), None)
            if going is None:
                return ask(connection, kiosk, READ_CARD, by=who.name, now=now, args=args)
            return going.id if (going.args, going.by) == (args, who.name) else None

        id_ = await self._desk.write(write)
        if id_ is None:
            busy = {"kiosk": typed.kit.gettext(TROUBLE_WORDS[CardTrouble.BUSY])}
            return await self.choose(request, person, typed.again(busy))
        return lead_to(f"/people/{person}/new-card/{id_}")

    async def progress(self, request: Request, person: str, command: str, *, is_part: bool) -> Response:
        """How far it has come; as a part of the page, it is fetched each second as long as it goes on."""
        found, asked = await self._find(request, person), await self._desk.read(lambda c: read_asked(c, command))
        if asked is None or asked.name != READ_CARD.name or asked.args.get("person") != person:
            raise NotThereError
        kit = self._pages.kit(request)
        shown: dict[str, Any] = {"person": found, "asked": asked, "progress": self._progress(request, asked)}
        if is_part:
            return page_answer(request, kit.piece("people/card_progress.html", **shown))
        return self._pages.answer(request, "people/giving_card.html", **shown)

    def _progress(self, request: Request, asked: AskedCommand) -> CardProgress:
        gettext = self._pages.kit(request).gettext
        if asked.outcome is CommandOutcome.DONE:
            return CardProgress(is_open=False, given=asked.found.get(GIVEN, ""), is_heard=True)
        if asked.outcome is CommandOutcome.REFUSED:
            known = asked.said in set(CardTrouble)
            said = gettext(TROUBLE_WORDS[CardTrouble(asked.said)]) if known else gettext(FAILED).format(said=asked.said)
            return CardProgress(is_open=False, wrong=said, is_heard=True)
        is_heard = asked.outcome is CommandOutcome.BEGUN
        if self._desk.clock.now() > _waits_until(asked):
            return CardProgress(is_open=False, wrong=gettext(AWAY), is_heard=is_heard)
        return CardProgress(is_open=True, is_heard=is_heard)

    async def _find(self, request: Request, person: str) -> ShownVolunteer:
        """Somebody to whom one may give a card, and who has not left."""
        who = who_asks(request)
        found = await self._desk.read(lambda c: find_person(c, who.grants, Right.REPORT_CARDS, person))
        is_gone = found is not None and found.left_on is not None and found.left_on <= self._desk.today
        return self._pages.there(None if is_gone else found)

    def _kiosks(self, connection: Connection, who: Who) -> list[tuple[str, str, str]]:
        """The kiosks in service at stations where one may, each one's station, and where it stands there."""
        today = self._desk.today
        rows = connection.execute(
            select(col(Kiosk.id), col(Kiosk.station), col(Kiosk.entrance))
            .join(Station, col(Station.code) == col(Kiosk.station))
            .where(
                where_may(who.grants, Right.REPORT_CARDS), col(Kiosk.in_service_from) <= today,
                or_(col(Kiosk.in_service_to).is_(None), col(Kiosk.in_service_to) > today),
                col(Kiosk.revoked_ms).is_(None),
            )
            .order_by(col(Kiosk.station), col(Kiosk.id))
        )  # fmt: skip
        return [(id_, station, entrance) for id_, station, entrance in rows]


def _waits_until(asked: AskedCommand) -> datetime:
    """So long a page waits for what comes of it, unless that is said."""
    return asked.expires_at + (LATE if asked.outcome is CommandOutcome.BEGUN else UNHEARD)
