"""安装单: a code by which a kiosk sets itself up, told once, to be printed and taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from hub.errors import HubError
from hub.rights import Right, open_to
from hub.web.gate.gate import who_asks
from hub.web.kiosks.enforcing import end_connections, known, sessions_before
from hub.web.kit.forms import read_form
from hub.web.signing_in.cookies import visitor_of

if TYPE_CHECKING:
    from fastapi import APIRouter
    from sqlalchemy import Connection

    from hub.fleet.claim_codes import MadeClaim
    from hub.web.desk.desk import Desk
    from hub.web.kiosks.asking import KioskPage


def add_claim_sheet(router: APIRouter, page: KioskPage, desk: Desk) -> None:
    """Add the route; stands before those that take any word there."""

    @router.post("/{kiosk}/claim")
    @open_to(Right.KIOSKS)
    async def make(request: Request, kiosk: str) -> Response:
        row, claims = await page.theirs(request, kiosk), desk.claims
        if row is None or claims is None:
            return page.pages.missing(request)
        kiosk_now = known(row)
        by, address = who_asks(request).name, visitor_of(request).address
        again = (await read_form(request)).value("again") == "1"

        def write(connection: Connection) -> MadeClaim:
            return claims.make(connection, kiosk_now, by=by, address=address, again=again)

        try:
            before = await sessions_before(desk, kiosk_now) if again else {}
            made = await desk.write(write)
        except HubError as exc:
            return await page.show(request, kiosk, status=409, wrong=page.pages.kit(request).told(exc.args[0]))
        names = await page.here.stations(who_asks(request))
        answer = page.pages.answer(
            request, "kiosks/claim.html", kiosk=row, station=names[row.station], made=made, now_at=desk.clock.now(),
            trouble=await end_connections(desk, before) if again else "",
        )  # fmt: skip
        answer.headers["Cache-Control"] = "no-store"  # it is told once
        return answer
