"""系统: who changed what, and who came in and was refused."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.access_log import read_access
from hub.accounts.reception import Reception
from hub.changing.history import read_history
from hub.changing.speaking import Speaking
from hub.database.tables import Station
from hub.rights import WHOLE_CITY, Reach, Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages
from hub.web.desk.told_lines import told_line, with_districts
from hub.web.gate.gate import who_asks
from hub.web.kit.paging import page_of
from hub.web.system import words
from hub.web.system.named import name_people

LAST: Final = 200
"""Lines of either that are shown, in pages."""


def add_logs(router: APIRouter, pages: DeskPages, reception: Reception, desk: Desk) -> None:
    """Let who may read the logs do so."""

    @router.get("/history")
    @open_to(Right.HISTORY)
    async def history(request: Request) -> Response:
        who, station = who_asks(request), request.query_params.get("station", "")
        telling = Speaking(is_chinese=pages.kit(request).is_chinese)

        def read(connection: Connection) -> list[tuple[int, str, str, str]]:
            rows = connection.execute(select(col(Station.code), col(Station.district), col(Station.kind)))
            seen = {code for code, district, kind in rows if who.may(Right.HISTORY, Reach(district, kind, code))}
            has_all = who.may(Right.HISTORY, WHOLE_CITY)
            lines, _ = read_history(connection, station=station, last=LAST if has_all else None)
            kept = [line for line in lines if has_all or line.concerns.get("station") in seen]
            shown = with_districts(connection, name_people(connection, kept[-LAST:]))
            return [(line.at_ms, line.by, told_line(telling, line), telling.reason(line.why)) for line in shown[::-1]]

        return pages.answer(
            request, "system/history.html", taken=urlencode({"station": station}),
            lines=page_of(await desk.read(read), request.query_params.get("page")),
            station=station, most=LAST,
        )  # fmt: skip

    @router.get("/access")
    @open_to(Right.ACCESS_LOG)
    async def access(request: Request) -> Response:
        asked = request.query_params.get("kind", "")
        _word, whats = words.ACCESS_KINDS.get(asked, ("", ()))
        lines = await reception.read(lambda connection: read_access(connection, LAST, whats))
        kinds = [(kind, pages.kit(request).gettext(word)) for kind, (word, _whats) in words.ACCESS_KINDS.items()]
        return pages.answer(
            request, "system/access.html", taken=urlencode({"kind": asked if whats else ""}),
            lines=page_of(lines, request.query_params.get("page")),
            words=words.ACCESS_WORDS, kinds=kinds, asked=asked,
            kept_days=desk.access_days, most=LAST,
        )  # fmt: skip
