"""安装单: a code by which a kiosk sets itself up, told once, to be printed and taken along."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from hub.errors import HubError
from hub.fleet.revoking import enforce, sessions_of
from hub.register.directory import KnownKiosk
from hub.register.reading import read_directory
from hub.rights import Right, open_to
from hub.saying import tell
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import read_form
from hub.web.kit.language import Language
from hub.web.signing_in.cookies import visitor_of
from station.errors import ConfigError
from station.names import KioskId, StationCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import APIRouter
    from sqlalchemy import Connection

    from hub.fleet.claim_codes import ClaimBook, MadeClaim
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
        known = KnownKiosk(
            KioskId(row.id), StationCode(row.station), row.entrance, row.in_service_from, row.in_service_to,
            row.revoked_ms,
        )  # fmt: skip
        by, address = who_asks(request).name, visitor_of(request).address
        again = (await read_form(request)).value("again") == "1"

        def write(connection: Connection) -> MadeClaim:
            return claims.make(connection, known, by=by, address=address, again=again)

        try:
            before = await asyncio.to_thread(_sessions, claims, known) if again else {}
            made = await desk.write(write)
        except HubError as exc:
            said = tell(exc.args[0], is_chinese=page.pages.kit(request).language is Language.ZH)
            return await page.show(request, kiosk, status=409, wrong=said)
        names = await page.here.stations(who_asks(request))
        answer = page.pages.answer(
            request, "kiosks/claim.html", kiosk=row, station=names[row.station], made=made, now_at=desk.clock.now(),
            trouble=await _end_connections(desk, before) if again else "",
        )  # fmt: skip
        answer.headers["Cache-Control"] = "no-store"  # it is told once
        return answer


def _sessions(claims: ClaimBook, kiosk: KnownKiosk) -> Mapping[KioskId, str]:
    """By which it is connected now; none where there is no broker."""
    try:
        return sessions_of(claims.config, [kiosk])
    except ConfigError:
        return {}


async def _end_connections(desk: Desk, sessions: Mapping[KioskId, str]) -> str:
    """Let the broker have no more of who was known by what is void now; why it does not know yet."""
    claims = desk.claims
    assert claims is not None
    kiosks = (await desk.read(lambda connection: read_directory(connection, desk.zone))).kiosks
    try:
        return (await asyncio.to_thread(enforce, claims.config, kiosks, sessions, desk.clock.now())).trouble
    except (HubError, ConfigError) as exc:
        return str(exc.args[0])
