"""导入: choose files, see what they would change and what is wrong, say yes. One import at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.reception import Reception
from hub.changing.speaking import Speaking
from hub.importing.budget import MAX_FILE_BYTES
from hub.importing.importer import Imported, Importer
from hub.importing.sheet_faults import SHOWN, ImportMovedError, ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.saying import say, tell
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages
from hub.web.desk.told_lines import told_line, with_districts
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.importing.undo import add_undo, imports_for, may_take
from hub.web.importing.upload import MOST_FILES, THROWN_AWAY_S, Waiting, WaitingRoom, files_of
from hub.web.kit.forms import read_form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.words import _

ShowLooked = Callable[[Request, "Looked | None", str, int, str], Awaitable[Response]]

NOT_YOURS = _("您只能导入志愿者和卡，以及值班表。")
NO_FILE = _("请选择 XLSX 或 CSV 文件。")
TOO_MUCH = _("文件太大或太多：一次最多 {files} 个，合计不超过 {megabytes} MB。请分几次导入。")
MOVED = _("刚刚有人改了资料，会覆盖的和刚才显示的不同，还没有写入。请再核对下面的内容，再确认。")
NOTHING_WAITS = _("没有等待确认的文件：已经导入，或者查看后过了 15 分钟。请看最近的导入，或重新选择文件。")
TOO_LARGE = 413


class SheetCounted(NamedTuple):
    """How many lines of a form."""

    form: str
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look at files, or of taking them over."""

    counts: tuple[SheetCounted, ...] = ()
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    more: int = 0
    """How many faults and warnings are not shown."""
    names: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    """What would be changed, by name and old → new."""
    changes_more: int = 0
    mark: str = ""
    """Of what would be overwritten."""
    forms: frozenset[FormName] = frozenset()
    """What the files are about."""
    key: str = ""
    """By which these files are confirmed, and no others that were looked at elsewhere meanwhile."""


@dataclass(frozen=True, slots=True)
class _Files:
    """What is done with files; one import at a time."""

    pages: DeskPages
    desk: Desk
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, request: Request, paths: list[Path], *, is_look: bool, seen: str | None = None) -> Looked:
        """Look at files, or take them over."""
        assert self.desk.site_key is not None
        who, is_chinese = who_asks(request), self.pages.kit(request).is_chinese
        importer = Importer(
            self.desk.engine, self.desk.site_key(), self.desk.clock.now, self.desk.zone, who.name, self.desk.telephones,
            other_keys=self.desk.other_keys(),
        )  # fmt: skip
        try:
            async with self.alone:
                done = await asyncio.to_thread(importer.import_files, paths, dry_run=is_look, seen=seen)
        except ImportRefusedError as exc:
            return _looked([exc.said, *exc.faults.said], [], (), paths, is_chinese=is_chinese)
        looked = _looked([], done.warnings, _counts(done, is_chinese=is_chinese), paths, is_chinese=is_chinese)
        telling, ahead = Speaking(is_chinese=is_chinese), done.foreseen
        lines = await self.desk.read(lambda connection: with_districts(connection, ahead.lines))
        return replace(
            looked, forms=frozenset(done.counts), mark=ahead.mark, changes_more=ahead.more,
            changes=tuple(told_line(telling, line) for line in lines),
        )  # fmt: skip

    async def take(self, request: Request, waiting: Waiting) -> Looked | None:
        """Take them over; None where that would overwrite something else than was shown."""
        try:
            return await self.run(request, waiting.paths, is_look=False, seen=waiting.mark)
        except ImportMovedError:
            return None

    async def look_again(self, request: Request, waiting: Waiting) -> Looked:
        """Look at files that wait once more."""
        looked = await self.run(request, waiting.paths, is_look=True)
        waiting.mark = looked.mark
        return replace(looked, key=waiting.key)


def importing_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes.

    Args:
        kits: the frames.
        source: the station's time.
        reception: whose log is written.
        desk: the database.
    """
    router = APIRouter(prefix="/city/import", include_in_schema=False)
    pages, room = DeskPages(kits, source, "/city"), WaitingRoom(desk.waiting)
    done_with = _Files(pages, desk)

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
        looked = await done_with.run(request, waiting.paths, is_look=True)
        wrong = kit.gettext(NOT_YOURS) if not looked.faults and not may_take(who, looked.forms) else ""
        if looked.faults or wrong:
            room.forget(waiting)
        else:
            waiting.is_offered, waiting.mark = True, looked.mark
        if waiting.is_offered:
            looked = replace(looked, key=waiting.key)
        return await show(request, looked, wrong, 422 if looked.faults or wrong else 200)

    _add_confirming(router, done_with, room, show=show, reception=reception)
    add_undo(router, pages, reception, desk)
    return router


def _add_confirming(
    router: APIRouter, done_with: _Files, room: WaitingRoom, *, show: ShowLooked, reception: Reception
) -> None:
    @router.post("/confirm")
    @open_to(Right.IMPORT)
    async def confirm(request: Request) -> Response:
        who, gettext = who_asks(request), done_with.pages.kit(request).gettext
        waiting = room.take(who.proof, (await read_form(request)).text("look"))
        if waiting is None:
            return await show(request, None, gettext(NOTHING_WAITS), 409, "")
        looked = None
        try:
            looked = await done_with.take(request, waiting)
            again = None if looked else await done_with.look_again(request, waiting)
        finally:
            room.forget(waiting) if looked else room.put_back(waiting)
        if looked is None:
            assert again is not None
            return await show(request, again, "" if again.faults else gettext(MOVED), 409, "")
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


def _counts(imported: Imported, *, is_chinese: bool) -> tuple[SheetCounted, ...]:
    return tuple(
        SheetCounted(tell(say(form), is_chinese=is_chinese), count.added, count.changed, count.unchanged)
        for form, count in imported.counts.items()
    )


def _looked(
    faults: list[str], warnings: tuple[str, ...] | list[str], counts: tuple[SheetCounted, ...],
    paths: list[Path], *, is_chinese: bool,
) -> Looked:  # fmt: skip
    return Looked(
        counts, tuple(tell(text, is_chinese=is_chinese) for text in faults[:SHOWN]),
        tuple(tell(text, is_chinese=is_chinese) for text in warnings[:SHOWN]),
        max(0, len(faults) - SHOWN) + max(0, len(warnings) - SHOWN), tuple(path.name for path in paths),
    )  # fmt: skip
