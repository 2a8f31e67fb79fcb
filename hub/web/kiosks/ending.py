"""A kiosk's end on its page: it was stolen, or another device takes its place under an id of its own."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.rights import Right, open_to
from hub.typed import cells
from hub.web.desk.desk import Desk
from hub.web.desk.reading import Typed
from hub.web.kiosks.asking import KioskPage
from hub.web.kiosks.enforcing import end_connections, known, sessions_before
from hub.web.kiosks.reading import unless_changed
from hub.web.kit.forms import Form
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _

NOT_SURE: Final = _("吊销不可撤回。确实被盗或丢失，请先打勾。")
TAKEN: Final = _("这个编号已有终端。换上的设备要用新编号。")
FIELDS: Final = ("sure", "new")
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
        row, typed = await self._page.theirs(request, kiosk), await self._page.pages.typed(request)
        if typed.form.value("sure") != "1":
            typed.wrong["sure"] = typed.kit.gettext(NOT_SURE)
        again, untold = await self._end(typed, row, [asked.RevokeKiosk(kiosk)], {})
        if again or untold:
            return await self._page.show(request, kiosk, wrong=untold or _said(again), form=again)
        return lead_to(f"/kiosks/{kiosk}?done=revoked")

    async def replace(self, request: Request, kiosk: str) -> Response:
        """Enter the other device, and let this one go: at once where it was stolen, else tomorrow."""
        row, typed = await self._page.theirs(request, kiosk), await self._page.pages.typed(request)
        new = typed.needed("new", cells.code)
        if new and not await self._page.here.is_free(new):
            typed.wrong["new"] = typed.kit.gettext(TAKEN)
        entering = asked.EnterKiosk(new, row.station, row.entrance or None)
        ending = self._ending(row, is_stolen=typed.form.value("stolen") == "1")
        again, untold = await self._end(typed, row, [*ending, entering], {"kiosk": "new"})
        if again:
            return await self._page.show(request, kiosk, wrong=_said(again), form=again)
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
        self, typed: Typed, row: Any, commands: list[CityCommand], fields: dict[str, str]
    ) -> tuple[Form | None, str]:
        """The form again, where something stands in the way; once it is done, why the broker does not know of it."""
        is_revoked = isinstance(commands[0], asked.RevokeKiosk)
        before = await sessions_before(self._desk, known(row)) if is_revoked and not typed.wrong else {}
        again = await self._desk.save(typed, commands, unless_changed(typed, row.id), fields=fields)
        if again or not is_revoked:
            return again, ""
        trouble = await end_connections(self._desk, before)
        return None, typed.kit.gettext(UNTOLD).format(why=trouble) if trouble else ""


def _said(again: Form | None) -> str:
    """What is wrong and stands at none of the fields."""
    return "；".join(said for name, said in again.wrong.items() if name not in FIELDS) if again else ""


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
