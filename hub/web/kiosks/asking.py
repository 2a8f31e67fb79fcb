"""One kiosk's page: how it stands, what may be asked of it over the wire, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from hub.fleet.asking import AskedCommand, ask, read_history
from hub.fleet.kinds import IDENTIFY
from hub.rights import Right, open_to
from hub.web.gate.gate import who_asks
from hub.web.kiosks import words
from hub.web.signing_in.cookies import lead_to
from station.names import KioskId

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter
    from sqlalchemy import Connection

    from hub.presence.liveness import KioskNow
    from hub.web.desk.desk import Desk
    from hub.web.desk.page import DeskPages
    from hub.web.kiosks.reading import KiosksDesk

ASKABLE: Final = {kind.name: kind for kind in (IDENTIFY,)}
"""What a button asks; each has its words in `COMMAND_WORDS`."""


def add_kiosk_routes(
    router: APIRouter, pages: DeskPages, here: KiosksDesk, desk: Desk, kiosks: Callable[[], list[KioskNow]]
) -> None:
    """Add the routes of one kiosk's page.

    Args:
        router: of the list.
        pages: the frame.
        here: what the list reads.
        desk: where commands are written down.
        kiosks: all in service, as they stand now.
    """

    @router.get("/{kiosk}")
    @open_to(Right.KIOSKS)
    async def one(request: Request, kiosk: str) -> Response:
        who = who_asks(request)
        names = await here.stations(who)
        row = next((each for each in await here.kiosks(names) if each.id == kiosk), None)
        if row is None:
            return pages.missing(request)

        def read(connection: Connection) -> list[AskedCommand]:
            return read_history(connection, KioskId(kiosk))

        return pages.answer(
            request, "kiosks/kiosk.html", kiosk=row, station=names[row.station], askable=list(ASKABLE),
            live=next((each for each in kiosks() if each.kiosk.id == kiosk), None), history=await desk.read(read),
            now_at=desk.clock.now(), words=words,
        )  # fmt: skip

    @router.post("/{kiosk}/ask/{name}")
    @open_to(Right.KIOSKS)
    async def ask_it(request: Request, kiosk: str, name: str) -> Response:
        who, kind = who_asks(request), ASKABLE.get(name)
        row = next((each for each in await here.kiosks(await here.stations(who)) if each.id == kiosk), None)
        if kind is None or row is None or row.revoked_ms is not None:
            return pages.missing(request)

        def write(connection: Connection) -> str:
            return ask(connection, KioskId(kiosk), kind, by=who.name, now=desk.clock.now())

        await desk.write(write)
        return lead_to(f"/kiosks/{kiosk}?done=1")
