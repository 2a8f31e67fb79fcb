"""导入: choose files, see what they would change and what is wrong, say yes. One import at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.importing.budget import MAX_FILE_BYTES
from hub.importing.importer import Importer
from hub.importing.sheet_faults import SHOWN, ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.rights import Right, open_to
from hub.saying import say, tell
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import who_asks
from hub.web.importing.undo import add_undo, imports_for, may_take
from hub.web.importing.upload import MOST_FILES, THROWN_AWAY_S, WaitingRoom, files_of
from hub.web.kit.forms import read_form
from hub.web.kit.words import _
from hub.web.signing_in.cookies import visitor_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from hub.accounts.reception import Reception
    from hub.importing.importer import Imported
    from hub.presence.board_view import BoardSource
    from hub.web.desk.desk import Desk
    from hub.web.kit.frame import Kit, Kits

    Take = Callable[[Request, list[Path]], Awaitable["Looked"]]
    Show = Callable[[Request, "Looked | None", str, int, str], Awaitable[Response]]

NOT_YOURS = _("您只能导入志愿者和卡，以及值班表。")
NO_FILE = _("请选择 XLSX 或 CSV 文件。")
TOO_MUCH = _("文件太大或太多：一次最多 {files} 个，合计不超过 {megabytes} MB。请分几次导入。")
NOTHING_WAITS = _("没有等待确认的文件：已经导入，或者查看后过了 15 分钟。请看最近的导入，或重新选择文件。")
TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look at files, or of taking them over."""

    counts: tuple[tuple[str, int, int, int], ...] = ()
    """By form: added, changed, unchanged."""
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    more: int = 0
    """How many faults and warnings are not shown."""
    names: tuple[str, ...] = ()
    forms: frozenset[FormName] = frozenset()
    """What the files are about."""
    key: str = ""
    """By which these files are confirmed, and no others that were looked at elsewhere meanwhile."""


def importing_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes.

    Args:
        kits: the frames.
        source: the station's time.
        reception: whose log is written.
        desk: the database.
    """
    router = APIRouter(prefix="/city/import", include_in_schema=False)
    pages, room, alone = DeskPages(kits, source, "/city"), WaitingRoom(desk.waiting), asyncio.Lock()

    async def run(request: Request, paths: list[Path], *, is_look: bool) -> Looked:
        assert desk.site_key is not None
        who, is_chinese = who_asks(request), pages.kit(request).is_chinese
        importer = Importer(
            desk.engine, desk.site_key(), desk.clock.now, desk.zone, who.name, desk.telephones,
            other_keys=desk.other_keys(),
        )  # fmt: skip
        try:
            async with alone:
                done = await asyncio.to_thread(importer.import_files, paths, dry_run=is_look)
        except ImportRefusedError as exc:
            return _looked([exc.said, *exc.faults.said], [], (), paths, is_chinese=is_chinese)
        looked = _looked([], done.warnings, _counts(done, is_chinese=is_chinese), paths, is_chinese=is_chinese)
        return replace(looked, forms=frozenset(done.counts))

    async def show(
        request: Request, looked: Looked | None, wrong: str = "", status: int = 200, done: str = ""
    ) -> Response:
        imports = await imports_for(who_asks(request), desk)
        return pages.answer(
            request, "importing/import.html", status, looked=looked, wrong=wrong, done=done, imports=imports
        )

    @router.get("")
    @open_to(Right.IMPORT)
    async def page(request: Request) -> Response:
        return await show(request, None)

    @router.post("")
    @open_to(Right.IMPORT)
    async def look(request: Request) -> Response:
        who, kit, files = who_asks(request), pages.kit(request), await _read(request)
        if not files:
            return await show(request, None, *_why_none(files, kit))
        waiting = await asyncio.to_thread(room.keep, who.proof, files)
        asyncio.get_running_loop().call_later(THROWN_AWAY_S + 1.0, room.forget_old)  # no tick too early
        looked = await run(request, waiting.paths, is_look=True)
        wrong = kit.gettext(NOT_YOURS) if not looked.faults and not may_take(who, looked.forms) else ""
        if looked.faults or wrong:
            room.forget(waiting)
        else:
            waiting.is_offered = True
        return await show(request, replace(looked, key=waiting.key), wrong, 422 if looked.faults or wrong else 200)

    async def take(request: Request, paths: list[Path]) -> Looked:
        return await run(request, paths, is_look=False)

    _add_confirming(router, pages, room, take=take, show=show, reception=reception)
    add_undo(router, pages, reception, desk)
    return router


def _add_confirming(
    router: APIRouter, pages: DeskPages, room: WaitingRoom, *, take: Take, show: Show, reception: Reception
) -> None:
    @router.post("/confirm")
    @open_to(Right.IMPORT)
    async def confirm(request: Request) -> Response:
        who = who_asks(request)
        waiting = room.take(who.proof, (await read_form(request)).text("look"))
        if waiting is None:
            return await show(request, None, pages.kit(request).gettext(NOTHING_WAITS), 409, "")
        try:
            looked = await take(request, waiting.paths)
        finally:
            room.forget(waiting)
        await reception.note(who.name, "imported", ", ".join(looked.names), visitor_of(request))
        return await show(request, looked, "", 409 if looked.faults else 200, "1")


async def _read(request: Request) -> list[tuple[str, bytes]] | None:
    """The files of a form; None where they are too large, or too many."""
    try:
        return await files_of(request)
    except HTTPException as exc:
        if exc.status_code == TOO_LARGE:
            return None
        raise


def _why_none(files: list[tuple[str, bytes]] | None, kit: Kit) -> tuple[str, int]:
    if files is not None:
        return kit.gettext(NO_FILE), 422
    return kit.gettext(TOO_MUCH).format(files=MOST_FILES, megabytes=MAX_FILE_BYTES >> 20), TOO_LARGE


def _counts(imported: Imported, *, is_chinese: bool) -> tuple[tuple[str, int, int, int], ...]:
    return tuple(
        (tell(say(form), is_chinese=is_chinese), count.added, count.changed, count.unchanged)
        for form, count in imported.counts.items()
    )


def _looked(
    faults: list[str], warnings: tuple[str, ...] | list[str], counts: tuple[tuple[str, int, int, int], ...],
    paths: list[Path], *, is_chinese: bool,
) -> Looked:  # fmt: skip
    return Looked(
        counts, tuple(tell(text, is_chinese=is_chinese) for text in faults[:SHOWN]),
        tuple(tell(text, is_chinese=is_chinese) for text in warnings[:SHOWN]),
        max(0, len(faults) - SHOWN) + max(0, len(warnings) - SHOWN), tuple(path.name for path in paths),
    )  # fmt: skip
