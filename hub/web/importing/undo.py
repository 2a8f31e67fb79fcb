"""Imports of the last days, and taking one back as a whole: first it is shown what that would do."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.importing.imports import recent_imports
from hub.importing.sheet_forms import FormName
from hub.importing.undoing import UndoError, UndoMovedError, Undone, look_at_undo, undo_import
from hub.rights import WHOLE_CITY, Right, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import read_form
from hub.web.kit.words import _
from station.milliseconds import ms_of

OF_PEOPLE = frozenset({FormName.VOLUNTEERS, FormName.CARDS, FormName.SHIFTS})
LEFT_WORDS = {
    "person": _("志愿者"), "station": _("站点"), "kiosk": _("终端"), "token": _("卡"), "district": _("区县"),
    "city": _("城市"), "kind_authority": _("主管单位"), "shared_day": _("特殊日"),
}  # fmt: skip
TABLE_WORDS = {
    "city": _("城市"), "district": _("区县"), "kind_authority": _("主管单位"), "station": _("站点"),
    "terms": _("服务时间"), "special_day": _("特殊日"), "shared_day": _("特殊日"), "holiday": _("节假日"),
    "kiosk": _("终端"), "volunteer": _("志愿者"), "membership": _("志愿者的所属站点"), "card": _("卡"),
    "holding": _("发卡"), "loss": _("挂失"), "shift_week": _("值班表"), "shift_day": _("值班表"),
    "consent": _("同意公开电话"), "telephone": _("电话"), "erased_number": _("已删除的编号"),
}  # fmt: skip
MOVED = _("刚刚有人改了资料，会撤销的和刚才显示的不同。请核对下面的数目，再确认。")
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


def _counts(undone: Undone) -> dict[str, tuple[int, int]]:
    """How many go and how many become what they were, by the word for what they are."""
    counts: dict[str, tuple[int, int]] = {}
    for table, removed, restored in undone.counts:
        word = TABLE_WORDS[table]
        so_far = counts.get(word, (0, 0))
        counts[word] = so_far[0] + removed, so_far[1] + restored
    return counts


def add_undo(router: APIRouter, pages: DeskPages, reception: Reception, desk: Desk) -> None:
    """Add the routes."""

    async def no_more(request: Request) -> Response:
        wrong, imports = pages.kit(request).gettext(NOT_THERE), await imports_for(who_asks(request), desk)
        return pages.answer(request, "importing/import.html", 409, looked=None, wrong=wrong, imports=imports)

    def told(request: Request, template: str, undone: Undone, status: int = 200, **more: Any) -> Response:
        return pages.answer(
            request, template, status, undone=undone, left=undone.left[:SHOWN], words=LEFT_WORDS,
            more=max(0, len(undone.left) - SHOWN), **more,
        )  # fmt: skip

    async def ask(request: Request, row: Any, status: int = 200, wrong: str = "") -> Response:
        try:
            found = await asyncio.to_thread(look_at_undo, desk.engine, row.number, at=desk.clock.now())
        except UndoError:
            return await no_more(request)
        counts = _counts(found)
        return told(request, "importing/undo.html", found, status, counts=counts, of=row, wrong=wrong)

    async def find(request: Request, number: int) -> Any:
        found = await imports_for(who_asks(request), desk)
        return pages.there(next((row for row in found if row.number == number), None))

    @router.get("/{number}/undo")
    @open_to(Right.IMPORT)
    async def page(request: Request, number: int) -> Response:
        return await ask(request, await find(request, number))

    @router.post("/{number}/undo")
    @open_to(Right.IMPORT)
    async def undo(request: Request, number: int) -> Response:
        who, form = who_asks(request), await read_form(request)
        row = await find(request, number)
        try:
            undone = await asyncio.to_thread(
                undo_import, desk.engine, number, by=who.name, at=desk.clock.now(), seen=form.typed.get("seen")
            )
        except UndoMovedError:
            return await ask(request, row, 409, pages.kit(request).gettext(MOVED))
        except UndoError:
            return await no_more(request)
        await reception.note(who.name, "undid_import", str(number), visitor_of(request))
        return told(request, "importing/undone.html", undone)
