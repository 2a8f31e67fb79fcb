"""A station beside its day: 月历, 人员, 资料, and 停开."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.asker import Who
from hub.database.ledger_tables import StintRow
from hub.errors import UnknownStationError
from hub.presence.board_view import BoardRow, BoardSource, StationDay
from hub.presence.liveness import KioskNow
from hub.register.days_ahead import PlannedDay, plan_of
from hub.rights import Reach, Right, open_to
from hub.typed import cells
from hub.typed.hours_spelled import spell_hours
from hub.web.city.stations import list_stations
from hub.web.desk.desk import Desk, Meanwhile
from hub.web.desk.meanwhile import BY_SOMEBODY
from hub.web.desk.page import NotThereError
from hub.web.desk.shown_days import days_meanwhile, days_said, spell_shown
from hub.web.desk.tabbed_pages import TabbedPages
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import thing_of
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.words import WEEKDAYS
from hub.web.people.volunteers import list_people
from hub.web.station.closing import closing, read_day, read_times
from hub.web.station.month import asked_month, days_of, following, weeks_of
from hub.web.station.reopening import OwnDay, own_days, reopening
from station.milliseconds import moment_of, ms_of

ONE_DAY = timedelta(days=1)


class _Tabs(TabbedPages):
    """What they share."""

    def answer(self, request: Request, tab: str, row: BoardRow, **shown: Any) -> Response:
        """Answer with one of them."""
        who, thing = who_asks(request), thing_of(row)
        return self.page(
            request, f"station/{tab}.html", tab, row, advises=who.may(Right.FOLLOW_UP, thing),
            may_change=who.may(Right.PLACES, thing), **shown,
        )  # fmt: skip

    async def days(self, code: str, days: list[date]) -> dict[date, StationDay]:
        """What is known of days that have come."""
        found = await asyncio.gather(*(self.source.station_day(code, day) for day in days))
        return {one.date: one for one in found}


def tabs_routes(kits: Kits, source: BoardSource, desk: Desk, kiosks: Callable[[], list[KioskNow]]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/stations/{code}", include_in_schema=False)
    tabs = _Tabs(kits, source, desk)
    _add_looks(router, tabs, kiosks)
    _add_closing(router, tabs)
    return router


def _add_looks(router: APIRouter, tabs: _Tabs, kiosks: Callable[[], list[KioskNow]]) -> None:
    desk = tabs.desk

    @router.get("/month")
    @open_to(Right.OBSERVE)
    async def month(request: Request, code: str) -> Response:
        row, today = tabs.row(request, code, Right.OBSERVE), desk.today
        first = asked_month(request.query_params.get("month"), today)
        every = days_of(first)
        try:
            known = await tabs.days(code, [day for day in every if day <= today])
        except UnknownStationError:  # gone since
            raise NotThereError from None
        plan = await desk.read(lambda connection: plan_of(connection, code, first, len(every)))
        return tabs.answer(
            request, "month", row, taken=f"month={str(first)[:7]}", first=first, weekdays=WEEKDAYS,
            after=following(first), before=_month_before(first),
            weeks=weeks_of(first, known, {one.day: one for one in plan}, desk.zone),
        )  # fmt: skip

    @router.get("/people")
    @open_to(Right.NAMES)
    async def people(request: Request, code: str) -> Response:
        row, who = tabs.row(request, code, Right.NAMES), who_asks(request)
        now = desk.clock.now()

        def read(connection: Connection) -> tuple[list[Any], dict[str, datetime]]:
            return list_people(connection, who.grants, station=code), _here(connection, code, now)

        found, here = await desk.read(read)
        return tabs.answer(request, "people", row, here=here, people=[one for one in found if one.left_on is None])

    @router.get("/facts")
    @open_to(Right.OBSERVE)
    async def facts(request: Request, code: str) -> Response:
        row, who = tabs.row(request, code, Right.OBSERVE), who_asks(request)
        found = await desk.read(lambda c: list_stations(c, who.grants, desk.today, code=code, right=Right.OBSERVE))
        if not found:
            raise NotThereError
        return tabs.answer(
            request, "facts", row, station=found[0], kiosks=[k for k in kiosks() if k.kiosk.station == code]
        )


def _add_closing(router: APIRouter, tabs: _Tabs) -> None:
    desk = tabs.desk

    @router.get("/closing")
    @open_to(Right.CLOSE)
    async def ask(request: Request, code: str) -> Response:
        return await show(request, tabs.row(request, code, Right.CLOSE))

    @router.post("/closing")
    @open_to(Right.CLOSE)
    async def close(request: Request, code: str) -> Response:
        row, typed = tabs.row(request, code, Right.CLOSE), await tabs.pages.typed(request)
        again: Form | None = None
        day, times = read_day(typed, desk.today), read_times(typed)
        reason = typed.needed("reason", cells.public_reason)
        if day is not None and not typed.wrong:
            plan = await desk.read(lambda connection: plan_of(connection, code, day, 1))
            now = desk.clock.now().astimezone(desk.zone)
            wanted = closing(typed, code, day, times, reason, spans=plan[0].spans if plan else (), now=now)
            if wanted is not None:
                unless, fields = _moved(plan, code, day, typed.kit), {"spans": "day"}
                again = await desk.save(typed, [wanted], unless, fields=fields, why=wanted.reason)
        if typed.wrong:
            again = typed.again()
        return await show(request, row, again) if again else lead_to(f"/stations/{code}/closing?done=1")

    @router.post("/closing/{day}/reopen")
    @open_to(Right.CLOSE)
    async def reopen(request: Request, code: str, day: date) -> Response:
        row, who, now = tabs.row(request, code, Right.CLOSE), who_asks(request), desk.clock.now().astimezone(desk.zone)
        found = await desk.read(lambda connection: own_days(connection, code, now))
        own = next((one for one in found if one.day == day), None)
        if own is None or not is_theirs(who, row, own):
            raise NotThereError
        wanted = await desk.read(lambda connection: reopening(connection, code, own, now))
        typed = await tabs.pages.typed(request)
        unless = days_meanwhile(typed.form, Reach(station=code), [day], typed.kit, "")
        again = await desk.save(typed, [wanted], unless, why=wanted.reason)
        return await show(request, row, again) if again else lead_to(f"/stations/{code}/closing?done=2")

    async def show(request: Request, row: BoardRow, form: Form | None = None) -> Response:
        who, now = who_asks(request), desk.clock.now().astimezone(desk.zone)
        plan = await desk.read(lambda connection: plan_of(connection, row.code, desk.today))
        said, own = await desk.read(
            lambda connection: (days_said(connection, Reach(station=row.code)), own_days(connection, row.code, now))
        )
        theirs = {one.day: one for one in own if is_theirs(who, row, one)}
        ahead = [one for one in plan if one.reason]
        beyond = [one for day, one in theirs.items() if day not in {each.day for each in ahead}]
        return tabs.answer(
            request, "closing", row, form=form, ahead=[*ahead, *beyond], theirs=theirs,
            was=spell_shown(said, theirs),
        )  # fmt: skip


def _moved(plan: list[PlannedDay], code: str, day: date, kit: Kit) -> Meanwhile:
    """What looks whether a day's hours are still those from which some were taken."""

    def look(connection: Connection) -> dict[str, str]:
        now = plan_of(connection, code, day, 1)
        said = kit.gettext(BY_SOMEBODY).format(theirs=spell_hours(now[0].spans) if now else "")
        return {} if now == plan else {"day": said}

    return look


def is_theirs(who: Who, row: BoardRow, own: OwnDay) -> bool:
    """Whether somebody may take it back: they said it, or they may change the station anyway."""
    return own.by == who.name or who.may(Right.PLACES, thing_of(row))


def _here(connection: Connection, code: str, now: datetime) -> dict[str, datetime]:
    """Who is on duty there now, as far as the ledger goes, and since when."""
    at_ms = ms_of(now)
    where = (col(StintRow.station) == code, col(StintRow.began_ms) <= at_ms, col(StintRow.ended_ms) > at_ms)
    asked = select(col(StintRow.person), col(StintRow.began_ms)).where(*where, col(StintRow.counted))
    rows = connection.execute(asked.order_by(col(StintRow.began_ms), col(StintRow.person)))
    return {row.person: moment_of(row.began_ms) for row in rows}


def _month_before(first: date) -> date | None:
    return None if first.year == 1 else (first - ONE_DAY).replace(day=1)
