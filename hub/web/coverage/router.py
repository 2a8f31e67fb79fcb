"""达标: the page of many stations, of one, and both as sheets; not live, and read in a thread."""

from datetime import tzinfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.rights import Right, open_to
from hub.web.coverage.asked import AskedCoverage, CoverageSpan, asked_coverage
from hub.web.coverage.live import live_now
from hub.web.coverage.pictures import drawn_many, drawn_one
from hub.web.coverage.sheets import review_words
from hub.web.coverage.shown import CoverageShown, StationShown, read_many, read_one
from hub.web.coverage.tables import CoverageTables
from hub.web.coverage.words import (
    BY_HAND_WORDS,
    SPAN_WORDS,
    WHY_WORDS,
    changed_figures,
    hours,
    percent,
    stretch_words,
    verdict_words,
)
from hub.web.desk.asked_district import with_known_district
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import who_asks
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.passed_over import refused_sheet
from hub.web.kit.sheets import SHEET_FORMS, SheetTable
from hub.web.kit.words import CLASS_WORDS, MONTHS, clock_on, kind_word
from station.duty import DutyClass

MOST_ROWS = 300  # a page of more takes a second to make, and nobody reads it; the sheet has all


def coverage_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/coverage", include_in_schema=False)
    pages = DeskPages(kits, source, "/coverage")
    for kit in kits.values():
        _teach(kit, desk.zone)

    async def many(request: Request, asked: AskedCoverage, *, is_drawn: bool = True) -> CoverageShown:
        grants, now = who_asks(request).grants, desk.now
        return await desk.read(lambda connection: read_many(connection, grants, asked, now, is_drawn=is_drawn))

    async def one(request: Request, asked: AskedCoverage, code: str) -> StationShown | None:
        grants = who_asks(request).grants
        return await desk.read(lambda connection: read_one(connection, grants, code, asked, desk.now))

    @router.get("")
    @open_to(Right.OBSERVE)
    async def coverage(request: Request) -> Response:
        asked, kit = await _said(request, desk), pages.kit(request)
        shown, city = await many(request, asked), source.view().city
        return pages.answer(
            request, "coverage/coverage.html", taken=asked.query(), asked=asked, shown=shown,
            **drawn_many(shown, asked, kit, city),
            kinds=[(one, kind_word(one, kit.language)) for one in KINDS], spans=_spans(kit), most=MOST_ROWS,
        )  # fmt: skip

    @router.get("/stations/{code}")
    @open_to(Right.OBSERVE)
    async def station(request: Request, code: str) -> Response:
        asked, kit = await _said(request, desk), pages.kit(request)
        shown = pages.there(await one(request, asked, code))
        return pages.answer(
            request, "coverage/station.html", taken=asked.query(), asked=asked, shown=shown,
            drawn=drawn_one(shown, asked, kit),
            live=await live_now(source, code) if asked.stretch.holds(desk.today) else None,
            spans=_spans(kit),
        )  # fmt: skip

    @router.get("/sheets/{table}.{form}")
    @open_to(Right.OBSERVE)
    async def sheet(request: Request, table: str, form: str) -> Response:
        asked, kit = await _said(request, desk), pages.kit(request)
        code = request.query_params.get("station", "")
        if refused := refused_sheet(request, asked.query(station=code), kit):
            return refused
        made = pages.there(await CoverageTables(desk, who_asks(request).grants, asked, kit).read(table, code))
        if form not in SHEET_FORMS:
            raise NotThereError
        place = (code,) if code else (asked.district, asked.kind)
        name = "-".join(filter(None, (table, *map(_plain, place), asked.span.value, str(asked.stretch.first))))
        return _download(made, form, name)

    return router


async def _said(request: Request, desk: Desk) -> AskedCoverage:
    asked = asked_coverage(request.query_params, desk.today)
    return await with_known_district(desk, who_asks(request), Right.OBSERVE, asked)


def _plain(typed: str) -> str:
    """As much of what stands in an address as a file's name may have."""
    return "".join(char for char in typed if char.isascii() and (char.isalnum() or char in "-_."))


def _download(table: SheetTable, form: str, name: str) -> Response:
    write, sort = SHEET_FORMS[form]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"}
    return Response(write(table), media_type=sort, headers=headers)


def _teach(kit: Kit, zone: tzinfo) -> None:
    kit.add_filters(
        gap_end=lambda gap: clock_on(gap.day, gap.ended_at, zone),
        hours_ms=hours,
        by_hand=lambda how: kit.gettext(BY_HAND_WORDS[how]),
        percent=percent,
        stretched=lambda asked: stretch_words(asked, kit.gettext),
        month_word=lambda day: kit.gettext(MONTHS[day.month - 1]),
        verdict=lambda one: verdict_words(one["verdict"], one["short_ms"], kit.gettext),
        review=lambda day: review_words(day, kit.gettext),
        changed=lambda one: changed_figures(one.before, one.after, kit.gettext),
        word_of=lambda word: kit.gettext(CLASS_WORDS[DutyClass(word)]),
        why_revised=lambda why: kit.gettext(WHY_WORDS.get(why, WHY_WORDS["records"])),
    )


def _spans(kit: Kit) -> list[tuple[str, str]]:
    return [(span.value, kit.gettext(SPAN_WORDS[span.value])) for span in CoverageSpan]
