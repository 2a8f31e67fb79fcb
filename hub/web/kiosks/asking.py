"""One kiosk's page: how it stands, what may be asked of it over the wire, and what came of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.accounts.reception import Reception
from hub.asking.asked import ask, is_waiting, read_commands, read_log
from hub.asking.configuring import read_wanted, spell_settings
from hub.asking.kinds import COLLECT, IDENTIFY, RESTART
from hub.asking.renewing import RENEW
from hub.certificates.cabinet import Cabinet
from hub.fleet.claim_codes import read_claims
from hub.fleet.commissioned import latest_records, spell_record
from hub.fleet.kiosk_words import in_chinese
from hub.presence.liveness import KioskNow
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kiosks import words
from hub.web.kiosks.reading import KiosksDesk, claim_mark, mark_of_kiosk
from hub.web.kit.forms import Form
from hub.web.kit.leading import lead_to
from station.commissioned import Commissioned
from station.names import KioskId

ASKABLE: Final = {kind.name: kind for kind in (IDENTIFY, RESTART, COLLECT, RENEW)}
"""What a button asks; each has its words in `COMMAND_WORDS`."""


class KioskPage:
    """What the page shows and does.

    Args:
        pages: the frame.
        here: what the list reads.
        desk: where commands are written down.
        reception: by whose clock it is noted who took a log away.
        kiosks: all in service, as they stand now.
        cabinet: the site's CA, where there may be one.
    """

    def __init__(
        self,
        pages: DeskPages,
        here: KiosksDesk,
        desk: Desk,
        reception: Reception,
        kiosks: Callable[[], list[KioskNow]],
        *,
        cabinet: Cabinet | None,
    ) -> None:
        self.pages, self.here, self._desk, self._kiosks, self._cabinet = pages, here, desk, kiosks, cabinet
        self._reception = reception

    async def show(
        self, request: Request, kiosk: str, *, status: int = 0, wrong: str = "", form: Form | None = None
    ) -> Response:
        """Answer with the page; `wrong` says why something was not done, `form` has what was typed."""
        row = await self.theirs(request, kiosk)
        history = await self._desk.read(lambda connection: read_commands(connection, KioskId(kiosk)))
        wanted = await self._desk.read(lambda connection: read_wanted(connection, KioskId(kiosk)))
        names = await self.here.stations(who_asks(request))
        serials = self._desk.claims.serials(kiosk) if self._desk.claims is not None else []
        claims = await self._desk.read(read_claims) if self._desk.claims is not None else None
        return self.pages.answer(
            request, "kiosks/kiosk.html", status, wrong=wrong, kiosk=row, station=names[row.station],
            askable=list(ASKABLE), words=words,
            live=next((each for each in self._kiosks() if each.kiosk.id == kiosk), None), history=history,
            now_at=self._desk.clock.now(), wanted=wanted, in_words=self._words(request),
            gives_codes=claims is not None, has_identity=bool(serials), claim=(claims or {}).get(kiosk),
            claim_was=claim_mark(row, (claims or {}).get(kiosk), serials),
            record=await self._record(kiosk), moment=datetime.fromisoformat,
            form=form, was=mark_of_kiosk(row), settings=spell_settings(wanted.table),
        )  # fmt: skip

    def _words(self, request: Request) -> Callable[[str], str]:
        """What a kiosk says, in the page's language."""
        return in_chinese if self.pages.kit(request).is_chinese else str

    async def ask(self, request: Request, kiosk: str, name: str) -> Response:
        """Ask something of the kiosk, once however often the button is pressed, and lead back to its page."""
        who, kind = who_asks(request), ASKABLE.get(name)
        row = await self.theirs(request, kiosk)
        if kind is None or row.revoked_ms is not None:
            raise NotThereError
        now = self._desk.clock.now()

        def write(connection: Connection) -> None:
            if not is_waiting(connection, KioskId(kiosk), kind, now):
                ask(connection, KioskId(kiosk), kind, by=who.name, now=now)

        await self._desk.write(write)
        return lead_to(f"/kiosks/{kiosk}?done=1")

    async def log(self, request: Request, kiosk: str) -> Response:
        """Give the newest log that was collected, as a file."""
        await self.theirs(request, kiosk)
        collected = self.pages.there(await self._desk.read(lambda connection: read_log(connection, KioskId(kiosk))))
        await self._reception.note(who_asks(request).name, "looked_at_log", kiosk, visitor_of(request))
        name = f'attachment; filename="{kiosk}-{collected.asked_at:%Y%m%d-%H%M}.log"'
        return PlainTextResponse(collected.found.get("log", ""), headers={"Content-Disposition": name})

    async def record(self, request: Request, kiosk: str) -> Response:
        """Give the record of its commissioning as a file to print."""
        await self.theirs(request, kiosk)
        record = self.pages.there(await self._record(kiosk))
        names = await self.here.stations(who_asks(request))
        page = spell_record(record, names.get(record.station, ""), self._desk.zone)
        name = f'attachment; filename="{kiosk}-{record.ended_at[:10]}.html"'
        return Response(page, media_type="text/html", headers={"Content-Disposition": name})

    async def _record(self, kiosk: str) -> Commissioned | None:
        cabinet, id_ = self._cabinet, KioskId(kiosk)
        if cabinet is None or not cabinet.is_there:
            return None
        return await self._desk.read(lambda connection: latest_records(connection, cabinet, of=id_).get(id_))

    async def theirs(self, request: Request, kiosk: str) -> Any:
        """The kiosk's row, where it is at a station of theirs."""
        names = await self.here.stations(who_asks(request))
        return self.pages.there(next((each for each in await self.here.kiosks(names) if each.id == kiosk), None))


def add_kiosk_routes(router: APIRouter, page: KioskPage) -> None:
    """Add the routes of one kiosk's page to those of the list."""

    @router.get("/{kiosk}")
    @open_to(Right.KIOSKS)
    async def one(request: Request, kiosk: str) -> Response:
        return await page.show(request, kiosk)

    @router.get("/{kiosk}/log")
    @open_to(Right.KIOSKS)
    async def log(request: Request, kiosk: str) -> Response:
        return await page.log(request, kiosk)

    @router.get("/{kiosk}/commissioned")
    @open_to(Right.KIOSKS)
    async def commissioned(request: Request, kiosk: str) -> Response:
        return await page.record(request, kiosk)

    @router.post("/{kiosk}/ask/{name}")
    @open_to(Right.KIOSKS)
    async def ask_it(request: Request, kiosk: str, name: str) -> Response:
        return await page.ask(request, kiosk, name)
