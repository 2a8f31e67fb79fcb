"""提醒记录: the page of many alarms, of one, and the sheet of those that are asked for; all of it only reads."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import ColumnElement, Connection, Row
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hub.alarms.words import lack_word
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.rights import Right, open_to
from hub.web.alarms import words
from hub.web.alarms.asked import AlarmState, AskedAlarms
from hub.web.alarms.reading import (
    AlarmStory,
    count_all,
    read_after,
    read_districts,
    read_page,
    read_story,
    wanted_alarms,
)
from hub.web.alarms.sheet import alarm_heads, alarm_line, alarms_sheet
from hub.web.desk.asked_district import with_known_district
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import who_asks
from hub.web.inbox.words import LACK_WORDS
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.passed_over import refused_sheet
from hub.web.kit.responses import download
from hub.web.kit.sheets import SHEET_FORMS, csv_heads, sheet_lines
from hub.web.kit.streaming import download_in_pieces
from hub.web.kit.words import _, duration, kind_word
from hub.web.system.channel_words import answer_words
from station.alarms import Lack, What
from station.milliseconds import moment_of, ms_of

HERE = "/alarms"
MOST_DIGITS = 9
MOST_AT_ONCE = 500  # lines of a sheet; some hundredths of a second of the processor
MOST_IN_XLSX = 5_000  # half a second of the processor, which taps wait for; the same as CSV is ten times as quick


def alarm_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=HERE, include_in_schema=False)
    pages = DeskPages(kits, source, HERE)
    for kit in kits.values():
        kit.add_filters(lasted=lambda row, kit=kit: _lasted(row, kit))

    @router.get("")
    @open_to(Right.FOLLOW_UP)
    async def many(request: Request) -> Response:
        asked, kit, grants = await _said(request, desk), pages.kit(request), who_asks(request).grants
        page = request.query_params.get("page")

        def read(connection: Connection) -> tuple[Any, dict[str, str]]:
            return read_page(connection, grants, asked, desk.zone, page), read_districts(connection, grants)

        shown, districts = await desk.read(read)
        return pages.answer(
            request, "alarms/history.html", taken=asked.query,
            asked=asked, shown=shown, districts=districts, words=words,
            lack_word=lack_word, most_in_xlsx=MOST_IN_XLSX, chosen=_chosen(asked, districts, kit),
            **_choices(kit),
        )  # fmt: skip

    @router.get("/sheet.{form}")
    @open_to(Right.FOLLOW_UP)
    async def sheet(request: Request, form: str) -> Response:
        return await _sheet(request, form, pages, desk)

    @router.get("/{number}")
    @open_to(Right.FOLLOW_UP)
    async def one(request: Request, number: str) -> Response:
        grants = who_asks(request).grants
        if not _is_number(number):
            raise NotThereError
        story = pages.there(await desk.read(lambda connection: read_story(connection, grants, int(number))))
        kit, is_kept = pages.kit(request), story.alarm.raised_ms >= _kept_since_ms(desk)
        return pages.answer(
            request, "alarms/alarm.html", alarm=story.alarm, told=_told(story, kit, is_kept=is_kept),
            messages=story.messages,
            went=lambda message: words.went_words(message, kit.gettext), words=words,
            answered=lambda text: answer_words(text, kit.gettext), lack_word=lack_word,
            since=moment_of(story.alarm.since_ms), why=next((one.why for one in story.messages if one.why), ""),
            members=story.members, kept_days=desk.access_days if story.alarm.raised_ms < _kept_since_ms(desk) else None,
        )  # fmt: skip

    return router


def _kept_since_ms(desk: Desk) -> int:
    """What was told before is not kept any more."""
    return ms_of(desk.clock.now() - timedelta(days=desk.access_days))


async def _said(request: Request, desk: Desk) -> AskedAlarms:
    asked = AskedAlarms.of(request.query_params, desk.today)
    return await with_known_district(desk, who_asks(request), Right.FOLLOW_UP, asked)


async def _sheet(request: Request, form: str, pages: DeskPages, desk: Desk) -> Response:
    if form not in SHEET_FORMS:
        raise NotThereError
    asked, kit = await _said(request, desk), pages.kit(request)
    if refused := refused_sheet(request, asked.query, kit):
        return refused
    where = wanted_alarms(who_asks(request).grants, asked, desk.zone)
    write, sort = SHEET_FORMS[form]
    name = f"{kit.gettext(_('提醒记录'))} {asked.first} {asked.last}.{form}"
    if form == "csv":
        return download_in_pieces(request, name, _pieces(desk, where, kit), sort)
    count = await desk.read(lambda connection: count_all(connection, where))
    if count > MOST_IN_XLSX:
        said = kit.gettext(words.TOO_MANY).format(n=count, most=MOST_IN_XLSX)
        return PlainTextResponse(said, 422, {"Cache-Control": "no-store"})
    rows = await desk.read(lambda connection: read_after(connection, where, 0, MOST_IN_XLSX))
    content = await run_in_threadpool(lambda: write(alarms_sheet(rows, kit, desk.zone)))
    return download(request, name, content, sort)


def _choices(kit: Kit) -> dict[str, Any]:
    """What can be chosen, in the order of the form."""
    return {
        "kinds": [(one, kind_word(one, kit.language)) for one in KINDS],
        "lacks": [(lack.value, kit.gettext(LACK_WORDS[lack])) for lack in Lack],
        "states": [(state.value, kit.gettext(words.STATE_WORDS[state])) for state in AlarmState],
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


async def _pieces(desk: Desk, where: ColumnElement[bool], kit: Kit) -> AsyncIterator[bytes]:
    """Some lines after the others, each part read by itself: whoever takes long to fetch them holds nothing up."""
    yield csv_heads(alarm_heads(kit))
    line, after = alarm_line(kit, desk.zone), 0

    def read(connection: Connection) -> tuple[bytes, int]:
        rows = read_after(connection, where, after, MOST_AT_ONCE)
        return sheet_lines(map(line, rows)), rows[-1].number if len(rows) == MOST_AT_ONCE else 0

    while True:
        some, after = await desk.read(read)
        yield some
        if not after:
            return


def _chosen(asked: AskedAlarms, districts: dict[str, str], kit: Kit) -> list[str]:
    """In words what is asked for beside the days, for who has the form closed."""
    parts = (
        asked.station,
        kit.gettext(LACK_WORDS[asked.lack]) if asked.lack else "",
        kit.gettext(words.STATE_WORDS[asked.state]) if asked.state else "",
        districts.get(asked.district, asked.district),
        kind_word(asked.kind, kit.language) if asked.kind else "",
    )
    return [part for part in parts if part]


def _told(story: AlarmStory, kit: Kit, *, is_kept: bool) -> list[tuple[int, str, str]]:
    """What became of it in order: when, what, and in whose words why; what was done on the page is told once."""
    on_page = {(step.at_ms, step.by) for step in story.care}
    lines = [(step.at_ms, words.care_words(step, kit.gettext), step.note) for step in story.care]
    lines += [
        (step.at_ms, words.step_words(step, kit.gettext), step.why or (_to_nobody(step, story, kit) if is_kept else ""))
        for step in story.steps
        if (step.at_ms, step.by) not in on_page
    ]
    return sorted(lines, key=lambda line: line[0])


def _to_nobody(step: Row[Any], story: AlarmStory, kit: Kit) -> str:
    """That a level was reached at which nobody is told: there is no channel for it."""
    is_told = step.what in {What.RAISED, What.ESCALATED}
    return kit.gettext(words.NOBODY_TOLD) if is_told and not story.messages else ""


def _lasted(row: Any, kit: Kit) -> str:
    return kit.gettext(words.FOR_SO_LONG).format(
        time=duration(timedelta(milliseconds=row.over_ms - row.since_ms), kit.gettext)
    )
