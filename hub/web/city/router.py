"""资料: a list of stations, and one of them with its forms. Each form is one or two commands."""

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.reception import Reception
from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.rights import Reach, Right, open_to
from hub.typed import cells
from hub.typed.hours_spelled import spell_week_of
from hub.web.city.stations import ShownStation, list_stations
from hub.web.city.telephones import add_telephones, shown_numbers
from hub.web.desk.desk import Desk, Meanwhile
from hub.web.desk.meanwhile import changed_meanwhile, last_change, not_as_shown
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.desk.shown_days import days_meanwhile, days_said, spell_shown
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.paging import page_of

StationAct = Callable[[Typed, ShownStation], list[CityCommand]]

FIELDS = ({"spans": "day-hours"}, {"week": "hours", "why": "why-terms"})
"""A command's fields as the forms call them; the second of the form of terms."""
OF_FORMS = ("enter_station", "set_terms", "close_station", "reopen_station")


def city_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/city", include_in_schema=False)
    pages = DeskPages(kits, source, "/city")

    async def find(request: Request, code: str) -> ShownStation:
        grants = who_asks(request).grants
        found = await desk.read(lambda connection: list_stations(connection, grants, desk.today, code=code))
        return pages.there(found[0] if found else None)

    async def show(request: Request, station: ShownStation, form: Form | None = None) -> Response:
        numbers = await desk.read(lambda connection: shown_numbers(connection, desk, station.code))
        said = await desk.read(lambda connection: days_said(connection, Reach(station=station.code)))
        past: dict[date, Sequence[str]] = {day: one for day, one in said.items() if day < desk.today}
        if numbers:
            await reception.note(who_asks(request).name, "looked_at_telephone", station.code, visitor_of(request))
        return pages.answer(
            request, "city/station.html", station=station, form=form, today=desk.today,
            numbers=numbers, was=spell_shown(past | {day: said for day, *said in station.special}),
        )  # fmt: skip

    @router.get("")
    @open_to(Right.PLACES)
    async def stations(request: Request) -> Response:
        words, grants = request.query_params.get("q", ""), who_asks(request).grants
        found = await desk.read(lambda connection: list_stations(connection, grants, desk.today, asked=words))
        return pages.answer(
            request,
            "city/city.html",
            taken=urlencode({"q": words}),
            stations=page_of(found, request.query_params.get("page")),
            asked=words,
            may_import=who_asks(request).may_somewhere(Right.IMPORT),
        )

    @router.get("/stations/{code}")
    @open_to(Right.PLACES)
    async def station(request: Request, code: str) -> Response:
        return await show(request, await find(request, code))

    add_telephones(router, pages, desk, find, show)

    @router.post("/stations/{code}/{act}")
    @open_to(Right.PLACES)
    async def change(request: Request, code: str, act: str) -> Response:
        found, typed = await find(request, code), await pages.typed(request)
        if act not in ACTS:
            raise NotThereError
        wanted, why = ACTS[act](typed, found), typed.note("why") or typed.note("why-terms")
        unless = _meanwhile(desk, typed, code, wanted)
        again = await desk.save(typed, wanted, unless, fields=FIELDS[act == "terms"], why=why)
        return await show(request, found, again) if again else lead_to(f"/city/stations/{code}?done=1")

    return router


def _meanwhile(desk: Desk, typed: Typed, code: str, wanted: list[CityCommand]) -> Meanwhile:
    """What looks whether a station, and the days that are to be changed, are still as its page showed them."""
    days = [one.day for one in wanted if isinstance(one, asked.SetSpecialDay)]
    of_days = days_meanwhile(typed.form, Reach(station=code), days, typed.kit, "day")

    def look(connection: Connection) -> dict[str, str]:
        now, last = (
            list_stations(connection, typed.who.grants, desk.today, code=code),
            last_change(connection, OF_FORMS, station=code),
        )
        if now and any(isinstance(one, asked.CloseStation | asked.ReopenStation) for one in wanted):
            return not_as_shown(typed.form, now[0].mark, typed.kit, last)
        wrong = changed_meanwhile(typed.form, _now(now[0], typed.form, typed.kit), typed.kit, last) if now else {}
        return wrong | of_days(connection)

    return look


def _now(station: ShownStation, form: Form, kit: Kit) -> dict[str, str]:
    names = ("name", "short_name", "authority", "lead", "deputy", "minimum", "target")
    hours = [spell_week_of(station.week, is_chinese=is_chinese) for is_chinese in (kit.is_chinese, True, False)]
    shown = form.value("was-hours")  # in whichever language the form was shown
    return {name: str(getattr(station, name)) for name in names} | {"hours": shown if shown in hours else hours[0]}


def _enter(typed: Typed, station: ShownStation) -> list[CityCommand]:
    return [
        asked.EnterStation(
            station.code, name=typed.needed("name"), short_name=typed.text("short_name"),
            authority=typed.text("authority"), lead=typed.text("lead", cells.person_name),
            deputy=typed.text("deputy", cells.person_name),
        )
    ]  # fmt: skip


def _terms(typed: Typed, station: ShownStation) -> list[CityCommand]:
    hours = typed.hours("hours")
    week = hours.week(KINDS[station.kind].weekly) if hours and station.kind in KINDS else None
    minimum, target = typed.number("minimum"), typed.number("target")
    return [asked.SetTerms(station.code, typed.day("since"), week, minimum, target)]


def _special(typed: Typed, station: ShownStation) -> list[CityCommand]:
    typed.needed("day")
    day, spans = typed.day("day"), typed.day_hours("day-hours")
    if day is None:
        return []
    return [asked.SetSpecialDay(station.code, day, spans, typed.text("reason", cells.public_reason))]


def _usual(typed: Typed, station: ShownStation) -> list[CityCommand]:
    day = typed.day("usual-day")
    return [] if day is None else [asked.SetSpecialDay(station.code, day, None)]


def _close(typed: Typed, station: ShownStation) -> list[CityCommand]:
    return [asked.CloseStation(station.code, typed.day("on"))]


def _reopen(_: Typed, station: ShownStation) -> list[CityCommand]:
    return [asked.ReopenStation(station.code)]


ACTS: dict[str, StationAct] = {
    "enter": _enter, "terms": _terms, "special": _special, "usual": _usual, "close": _close, "reopen": _reopen,
}  # fmt: skip
