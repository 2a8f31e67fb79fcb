"""Whom to call: the numbers of a station and its lead, and who could come; and the part that another page fetches."""

from typing import Any, NamedTuple

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.reception import Reception
from hub.changing.numbers import Number, read_numbers
from hub.database.tables import Station
from hub.presence.board_view import BoardSource
from hub.presence.stand_ins import WhoCouldCome, read_stand_ins
from hub.register.telephones import Whose
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.gate.sight import row_for
from hub.web.kit.frame import Kits
from hub.web.kit.responses import page_answer

OF_STATION = (Whose.LEAD, Whose.STATION)


def calling_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    pages = DeskPages(kits, source, "/")

    @router.get("/stations/{code}/call")
    @open_to(Right.HANDLE)
    async def call(request: Request, code: str) -> Response:
        who, is_piece = who_asks(request), bool(request.headers.get("hx-request"))
        row = pages.there(row_for(who, source.view(), code, Right.HANDLE))
        sees_people = row_for(who, source.view(), code, Right.NAMES) is not None

        def look(connection: Connection) -> tuple[str, list[Number], list[Helper]]:
            lead = connection.execute(select(col(Station.lead)).where(col(Station.code) == code)).scalar_one_or_none()
            helpers = _helpers(connection, desk, code) if sees_people and not is_piece else []
            return lead or "", station_numbers(connection, desk, code, may_call=True), helpers

        lead, numbers, helpers = await desk.read(look)
        if any(number.call for number in numbers) or helpers:
            await reception.note(who.name, "looked_at_telephone", code, visitor_of(request))
        shown: dict[str, Any] = {
            "row": row, "lead": lead, "numbers": numbers, "helpers": helpers, "sees_people": sees_people,
            "may_enter": row_for(who, source.view(), code, Right.PLACES) is not None,
        }  # fmt: skip
        if is_piece:
            html = pages.kit(request).piece("calling/numbers.html", as_of=source.view().as_of, **shown)
            return page_answer(request, html)
        return pages.answer(request, "calling/call.html", **shown)

    return router


class Helper(NamedTuple):
    """Somebody who could come, and their number where they agreed to be called."""

    who: WhoCouldCome
    number: Number | None


def _helpers(connection: Connection, desk: Desk, code: str) -> list[Helper]:
    people = read_stand_ins(connection, [code], desk.clock.now().astimezone(desk.zone))[code]
    rows = read_numbers(connection, *(one.person for one in people))
    numbers = {row.of: desk.telephones.number(row, may_call=True) for row in rows if row.whose == Whose.PERSON}
    return [Helper(one, numbers.get(one.person)) for one in people]


def station_numbers(connection: Connection, desk: Desk, code: str, *, may_call: bool) -> list[Number]:
    """A station's numbers, its lead's first."""
    rows = {row.whose: row for row in read_numbers(connection, code)}
    return [desk.telephones.number(rows[whose], may_call=may_call) for whose in OF_STATION if whose in rows]
