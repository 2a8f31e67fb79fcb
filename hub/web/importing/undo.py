"""Imports of the last days, and taking one back as a whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.access_log import log_access
from hub.importing.imports import recent_imports
from hub.importing.sheet_forms import FormName
from hub.importing.undoing import UndoError, undo_import
from hub.intake.rows import ms_of
from hub.rights import WHOLE_CITY, Right, open_to
from hub.web.gate.gate import who_asks
from hub.web.kit.words import _
from hub.web.signing_in.cookies import visitor_of

if TYPE_CHECKING:
    from fastapi import APIRouter

    from hub.accounts.asker import Who
    from hub.accounts.reception import Reception
    from hub.web.desk.desk import Desk
    from hub.web.desk.page import DeskPages

OF_PEOPLE = frozenset({FormName.VOLUNTEERS, FormName.CARDS, FormName.SHIFTS})
LEFT_WORDS = {
    "person": _("志愿者"), "station": _("站点"), "kiosk": _("终端"), "token": _("卡"), "district": _("区县"),
    "city": _("城市"), "kind_authority": _("主管单位"), "shared_day": _("特殊日"),
}  # fmt: skip
NOT_THERE = _("没有这次导入，或者已经撤销、超过七天。")
SHOWN = 200


def may_take(who: Who, forms: frozenset[FormName]) -> bool:
    """Whether somebody may change all that sheets are about: not everybody who enters people enters stations."""
    return who.may(Right.IMPORT, WHOLE_CITY) and (who.may(Right.PLACES, WHOLE_CITY) or forms <= OF_PEOPLE)


async def imports_for(who: Who, desk: Desk) -> list[Any]:
    """The imports that somebody might undo, or that were undone."""
    now_ms = ms_of(desk.clock.now())
    found = await desk.read(lambda connection: recent_imports(connection, now_ms))
    return [row for row in found if may_take(who, frozenset(map(FormName, row.forms.split())))]


def add_undo(router: APIRouter, pages: DeskPages, reception: Reception, desk: Desk) -> None:
    """Add the route."""

    @router.post("/{number}/undo")
    @open_to(Right.IMPORT)
    async def undo(request: Request, number: int) -> Response:
        who, address = who_asks(request), visitor_of(request).address
        if number not in {row.number for row in await imports_for(who, desk)}:
            return pages.missing(request)
        try:
            undone = await asyncio.to_thread(undo_import, desk.engine, number, by=who.name, at=desk.clock.now())
        except UndoError:
            wrong = pages.kit(request).gettext(NOT_THERE)
            return pages.answer(
                request, "importing/import.html", 409, looked=None, wrong=wrong, imports=await imports_for(who, desk)
            )
        now_ms = reception.now()
        await reception.write(
            lambda c: log_access(c, who.name, "undid_import", str(number), address, now_ms=now_ms), looks=False
        )
        return pages.answer(
            request, "importing/undone.html", undone=undone, left=undone.left[:SHOWN], words=LEFT_WORDS,
            more=max(0, len(undone.left) - SHOWN),
        )  # fmt: skip
