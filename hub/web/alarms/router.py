"""提醒: the alarms that are not over, at stations that somebody follows up, and what they do about them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.alarms.acting import ActError, Actor
from hub.alarms.book import CITY, alarm_of
from hub.database.alarm_tables import AlarmRow, MessageRow
from hub.intake.rows import moment_of, ms_of
from hub.rights import WHOLE_CITY, Right, open_to
from hub.web.alarms import words
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import view_for
from hub.web.kit.forms import Form, read_form
from hub.web.signing_in.cookies import lead_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from hub.accounts.asker import Who
    from hub.presence.board_view import BoardSource
    from hub.web.desk.desk import Desk
    from hub.web.kit.frame import Kits

PUT_OFF: Final = timedelta(minutes=30)


class _Alarms:
    """What the page shows and does."""

    def __init__(self, kits: Kits, source: BoardSource, desk: Desk) -> None:
        self._pages = DeskPages(kits, source, "/alarms")
        self._source = source
        self._desk = desk

    async def show(self, request: Request, form: Form | None = None, status: int = 200) -> Response:
        """Answer with the page."""
        who = who_asks(request)
        names, handled = self._names_for(who, Right.FOLLOW_UP), self._names_for(who, Right.HANDLE)
        found = [row for row in await self._desk.read(_running) if row.station in names]
        return self._pages.answer(
            request, "alarms/alarms.html", status, form=form or Form(), names=names, handled=handled,
            alarms=_shown(found), lack_words=words.LACK_WORDS, level_words=words.LEVEL_WORDS,
        )  # fmt: skip

    async def act(
        self, request: Request, number: int, do: Callable[[Actor, str], None], *, needs_why: bool
    ) -> Response:
        """Do something about an alarm, and lead back to the page."""
        who, form, field = who_asks(request), await read_form(request), f"why-{number}"
        names = self._names_for(who, Right.HANDLE)
        if await self._desk.read(lambda connection: _station_of(connection, number)) not in names:
            return self._pages.missing(request)
        why, said = form.text(field), self._pages.kit(request).gettext
        if needs_why and not why:
            return await self.show(request, Form(form.typed, {field: said(words.NEEDS_WHY)}), 422)
        now_ms = ms_of(self._desk.clock.now())
        try:
            await self._desk.write(lambda connection: do(Actor(connection, who.name, now_ms), why))
        except ActError:
            return await self.show(request, Form({}, {"": said(words.IS_OVER)}), 409)
        return lead_to("/alarms?done=1")

    def _names_for(self, who: Who, right: Right) -> dict[str, str]:
        """The stations at which somebody has that right; whoever has it in the whole city, the city itself too."""
        named = {row.code: row.name for row in view_for(who, self._source.view(), right).rows}
        return named | ({CITY: ""} if WHOLE_CITY in who.reaches(right) else {})


def alarms_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes."""
    router, here = APIRouter(prefix="/alarms", include_in_schema=False), _Alarms(kits, source, desk)

    @router.get("")
    @open_to(Right.FOLLOW_UP)
    async def page(request: Request) -> Response:
        return await here.show(request)

    @router.post("/{number}/acknowledge")
    @open_to(Right.HANDLE)
    async def acknowledge(request: Request, number: int) -> Response:
        return await here.act(request, number, lambda actor, why: actor.acknowledge(number, why), needs_why=False)

    @router.post("/{number}/snooze")
    @open_to(Right.HANDLE)
    async def snooze(request: Request, number: int) -> Response:
        until_ms = ms_of(desk.clock.now() + PUT_OFF)
        return await here.act(request, number, lambda actor, why: actor.snooze(number, until_ms, why), needs_why=False)

    @router.post("/{number}/close")
    @open_to(Right.HANDLE)
    async def close(request: Request, number: int) -> Response:
        return await here.act(request, number, lambda actor, why: actor.close(number, why), needs_why=True)

    return router


def _station_of(connection: Connection, number: int) -> str | None:
    """Whose an alarm is, or was; None where there is none."""
    if number >= 1 << 63:
        return None  # more than a database counts to
    return connection.execute(select(col(AlarmRow.station)).where(col(AlarmRow.number) == number)).scalar_one_or_none()


def _running(connection: Connection) -> list[Row[Any]]:
    is_sent = (col(MessageRow.alarm) == col(AlarmRow.number)) & col(MessageRow.sent_ms).is_not(None)
    told = select(func.count()).select_from(MessageRow).where(is_sent).scalar_subquery().label("told")
    query = select(AlarmRow).add_columns(told)
    query = query.where(col(AlarmRow.over_ms).is_(None) & col(AlarmRow.closed_ms).is_(None))
    return list(connection.execute(query.order_by(col(AlarmRow.number).desc())))


def _shown(rows: list[Row[Any]]) -> list[dict[str, Any]]:
    return [{"row": row, "alarm": alarm_of(row), "since": moment_of(row.since_ms)} for row in rows]
