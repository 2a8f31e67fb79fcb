"""A kiosk's end on its page: it was stolen, or another device takes its place under an id of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.importing import cells
from hub.rights import Right, open_to
from hub.web.desk.reading import Typed
from hub.web.gate.gate import who_asks
from hub.web.kiosks.enforcing import end_connections, known, sessions_before
from hub.web.kiosks.reading import unless_changed
from hub.web.kit.forms import Form, read_form
from hub.web.kit.words import _
from hub.web.signing_in.cookies import lead_to

if TYPE_CHECKING:
    from fastapi import APIRouter

    from hub.changing.commands import CityCommand
    from hub.web.desk.desk import Desk
    from hub.web.kiosks.asking import KioskPage

NOT_SURE: Final = _("吊销不可撤回。确实被盗或丢失，请先打勾。")
TAKEN: Final = _("这个编号已有终端。换上的设备要用新编号。")
UNTOLD: Final = _("已写下，中心不再收它的消息；但消息服务器还不知道：{why}")


class KioskEnding:
    """What the two forms do.

    Args:
        page: where they stand.
        desk: where it is written down.
    """

    def __init__(self, page: KioskPage, desk: Desk) -> None:
        self._page, self._desk = page, desk

    async def revoke(self, request: Request, kiosk: str) -> Response:
        """Nothing that it says counts from now on; once somebody said that they are sure."""
        row, form = await self._page.theirs(request, kiosk), await read_form(request)
        if row is None:
            return self._page.pages.missing(request)
        if form.value("sure") != "1":
            wrong = {"sure": self._page.pages.kit(request).gettext(NOT_SURE)}
            return await self._page.show(request, kiosk, status=422, form=Form(form.typed, wrong))
        wrong, untold = await self._end(request, form, row, [asked.RevokeKiosk(kiosk)])
        if wrong or untold:
            said = untold or "；".join(wrong.values())
            return await self._page.show(request, kiosk, status=409 if wrong else 200, wrong=said)
        return lead_to(f"/kiosks/{kiosk}?done=revoked")

    async def replace(self, request: Request, kiosk: str) -> Response:
        """Enter the other device, and let this one go: at once where it was stolen, else tomorrow."""
        row, form = await self._page.theirs(request, kiosk), await read_form(request)
        if row is None:
            return self._page.pages.missing(request)
        typed, untold = Typed(form, self._page.pages.kit(request), {}), ""
        new = typed.needed("new", cells.code)
        if new and not await self._page.here.is_free(new):
            typed.wrong["new"] = typed.kit.gettext(TAKEN)
        wrong = typed.wrong
        if not wrong:
            entering = asked.EnterKiosk(new, row.station, row.entrance or None)
            ending = self._ending(row, is_stolen=form.value("stolen") == "1")
            wrong, untold = await self._end(request, form, row, [*ending, entering])
        if wrong:
            said, status = wrong.get("", ""), 409 if "" in wrong else 422
            return await self._page.show(request, kiosk, status=status, wrong=said, form=Form(form.typed, wrong))
        if untold:
            return await self._page.show(request, new, wrong=untold)
        return lead_to(f"/kiosks/{new}?done=entered")

    def _ending(self, row: Any, *, is_stolen: bool) -> list[CityCommand]:
        """How the old one goes; not at all where it went before."""
        if is_stolen and row.revoked_ms is None:
            return [asked.RevokeKiosk(row.id)]
        is_gone = row.revoked_ms is not None or row.in_service_to is not None
        return [] if is_gone else [asked.RetireKiosk(row.id)]

    async def _end(
        self, request: Request, form: Form, row: Any, commands: list[CityCommand]
    ) -> tuple[dict[str, str], str]:
        """What stands in the way; and, once it is done, why the broker does not know of it."""
        kit, is_revoked = self._page.pages.kit(request), isinstance(commands[0], asked.RevokeKiosk)
        before = await sessions_before(self._desk, known(row)) if is_revoked else {}
        unless = unless_changed(form, row.id, kit)
        wrong = await self._desk.change_by_form(who_asks(request), commands, unless, kit=kit)
        said = "；".join(wrong.values())
        if said or not is_revoked:
            return {"" if "" in wrong else "new": said} if said else {}, ""
        trouble = await end_connections(self._desk, before)
        return {}, kit.gettext(UNTOLD).format(why=trouble) if trouble else ""


def add_ending(router: APIRouter, ending: KioskEnding) -> None:
    """Add the routes; stands before those that take any word there."""

    @router.post("/{kiosk}/revoke")
    @open_to(Right.KIOSKS)
    async def revoke(request: Request, kiosk: str) -> Response:
        return await ending.revoke(request, kiosk)

    @router.post("/{kiosk}/replace")
    @open_to(Right.KIOSKS)
    async def replace(request: Request, kiosk: str) -> Response:
        return await ending.replace(request, kiosk)
