"""设备: a list as it stands now, and the forms to enter and to retire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.filtering import where_may
from hub.changing import commands as asked
from hub.database.tables import Kiosk, Station
from hub.importing import cells
from hub.rights import Right, open_to
from hub.web.desk.desk import refused
from hub.web.desk.page import DeskPages
from hub.web.desk.reading import Typed
from hub.web.gate.gate import who_asks
from hub.web.kiosks import words
from hub.web.kit.forms import Form, read_form
from hub.web.kit.words import _
from hub.web.signing_in.cookies import lead_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sqlalchemy import Connection

    from hub.accounts.asker import Who
    from hub.changing.commands import CityCommand
    from hub.presence.board_view import BoardSource
    from hub.presence.liveness import KioskNow
    from hub.web.desk.desk import Desk
    from hub.web.kit.frame import Kit, Kits

NOT_YOURS = _("没有这个站点，或不在您的范围内。")


class _Desk:
    """What this desk reads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def stations(self, who: Who) -> dict[str, str]:
        """The stations at which somebody may enter kiosks."""
        where = where_may(who.grants, Right.KIOSKS)

        def read(connection: Connection) -> dict[str, str]:
            rows = connection.execute(select(col(Station.code), col(Station.name)).where(where))
            return dict(sorted((code, name) for code, name in rows))

        return await self._desk.read(read)

    async def kiosks(self, names: dict[str, str]) -> list[Any]:
        """All kiosks of these stations, those out of service too."""

        def read(connection: Connection) -> list[Any]:
            rows = connection.execute(select(Kiosk).order_by(col(Kiosk.station), col(Kiosk.id)))
            return [row for row in rows if row.station in names]

        return await self._desk.read(read)

    async def is_theirs(self, who: Who, kiosk: str, *, otherwise: bool) -> bool:
        """Whether a kiosk is entered at a station of theirs; `otherwise` where it is entered nowhere."""

        def read(connection: Connection) -> str | None:
            return connection.execute(select(col(Kiosk.station)).where(col(Kiosk.id) == kiosk)).scalar_one_or_none()

        station = await self._desk.read(read)
        return otherwise if station is None else station in await self.stations(who)

    async def give(self, who: Who, command: CityCommand, kit: Kit) -> dict[str, str]:
        """Change it, and say what stands in the way."""
        return refused(await self._desk.change(who, [command]), {}, kit)


def kiosks_routes(kits: Kits, source: BoardSource, desk: Desk, kiosks: Callable[[], list[KioskNow]]) -> APIRouter:
    """Return the routes.

    Args:
        kits: the frames.
        source: the station's time.
        desk: where they are entered.
        kiosks: all in service, as they stand now.
    """
    router, here = APIRouter(prefix="/kiosks", include_in_schema=False), _Desk(desk)
    pages = DeskPages(kits, source, "/kiosks")

    async def show(request: Request, form: Form, status: int = 200) -> Response:
        names = await here.stations(who_asks(request))
        return pages.answer(
            request, "kiosks/kiosks.html", status, form=form, kiosks=await here.kiosks(names), names=names,
            now={one.kiosk.id: one for one in kiosks()}, status_words=words.STATUS_WORDS,
            reader_words=words.READER_WORDS, reader_wrong=words.READER_WRONG,
        )  # fmt: skip

    @router.get("")
    @open_to(Right.KIOSKS)
    async def page(request: Request) -> Response:
        return await show(request, Form({"kiosk": request.query_params.get("kiosk", "")}))

    @router.post("")
    @open_to(Right.KIOSKS)
    async def enter(request: Request) -> Response:
        who, form, kit = who_asks(request), await read_form(request), pages.kit(request)
        typed = Typed(form, kit, {})
        kiosk, station = typed.needed("kiosk", cells.code), typed.needed("station")
        if station and station not in await here.stations(who):
            typed.wrong["station"] = kit.gettext(NOT_YOURS)
        if not await here.is_theirs(who, kiosk, otherwise=True):
            typed.wrong["kiosk"] = kit.gettext(_("这个编号已在别处使用，请核对。"))
        command = asked.EnterKiosk(kiosk, station, typed.text("entrance"))
        wrong = typed.wrong or await here.give(who, command, kit)
        return await show(request, Form(form.typed, wrong), 422) if wrong else lead_to("/kiosks?done=1")

    @router.post("/{kiosk}/{act}")
    @open_to(Right.KIOSKS)
    async def act(request: Request, kiosk: str, act: str) -> Response:
        who, typed = who_asks(request), Typed(await read_form(request), pages.kit(request), {})
        if act not in {"retire", "keep"} or not await here.is_theirs(who, kiosk, otherwise=False):
            return pages.missing(request)
        command: CityCommand = asked.RetireKiosk(kiosk, typed.day("on")) if act == "retire" else asked.KeepKiosk(kiosk)
        wrong = typed.wrong or await here.give(who, command, pages.kit(request))
        return await show(request, Form({}, wrong), 409) if wrong else lead_to("/kiosks?done=1")

    return router
