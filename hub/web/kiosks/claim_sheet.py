"""安装单: a code by which a kiosk sets itself up, told once, to be printed and taken along."""

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.database.tables import Kiosk
from hub.errors import HubError
from hub.fleet.claim_codes import MadeClaim, read_claims
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import LastChange, MeanwhileError, last_change, not_as_shown
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kiosks.asking import KioskPage
from hub.web.kiosks.enforcing import end_connections, known, sessions_before
from hub.web.kiosks.reading import OF_KIOSKS, claim_mark
from hub.web.kit.forms import read_form
from station.milliseconds import ms_of


def add_claim_sheet(router: APIRouter, page: KioskPage, desk: Desk) -> None:
    """Add the route; stands before those that take any word there."""

    @router.post("/{kiosk}/claim")
    @open_to(Right.KIOSKS)
    async def make(request: Request, kiosk: str) -> Response:
        row, claims = await page.theirs(request, kiosk), page.pages.there(desk.claims)
        kiosk_now = known(row)
        by, address = who_asks(request).name, visitor_of(request).address
        form, kit = await read_form(request), page.pages.kit(request)
        again = form.value("again") == "1"

        def write(connection: Connection) -> MadeClaim:
            entered = connection.execute(select(Kiosk).where(col(Kiosk.id) == kiosk)).one()
            claim = read_claims(connection).get(kiosk)
            now = claim_mark(entered, claim, claims.serials(kiosk))
            last = LastChange(claim.by, ms_of(claim.made_at)) if claim else None
            if wrong := not_as_shown(form, now, kit, last or last_change(connection, OF_KIOSKS, kiosk=kiosk)):
                raise MeanwhileError(wrong)
            return claims.make(connection, kiosk_now, by=by, address=address, again=again)

        try:
            before = await sessions_before(desk, kiosk_now) if again else {}
            made = await desk.write(write)
        except MeanwhileError as exc:
            return await page.show(request, kiosk, status=409, wrong=exc.wrong[""])
        except HubError as exc:
            return await page.show(request, kiosk, status=409, wrong=kit.told(exc.args[0]))
        names = await page.here.stations(who_asks(request))
        answer = page.pages.answer(
            request, "kiosks/claim.html", kiosk=row, station=names[row.station], made=made, now_at=desk.clock.now(),
            trouble=await end_connections(desk, before) if again else "",
        )  # fmt: skip
        answer.headers["Cache-Control"] = "no-store"  # it is told once
        return answer
