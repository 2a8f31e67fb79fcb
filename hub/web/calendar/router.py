"""特殊日: days on which one station or many keep other hours, and a station's week; tried first, shown, then done."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.foreseeing import Effect, within
from hub.database.tables import District, Station
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.rights import Reach, Right, open_to
from hub.typed import cells
from hub.typed.hours_spelled import spell_hours, spell_week_of
from hub.web.calendar.drawing import WHY_WORDS, four_weeks
from hub.web.calendar.known import CalendarKnown, read_calendar, weeks_said
from hub.web.desk.desk import Desk, Meanwhile, refused
from hub.web.desk.meanwhile import SHOWN, last_change, said_of, short_mark
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.desk.shown_days import days_meanwhile, days_said, spell_shown
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _, kind_word
from station.hours import Spans

MOST_DAYS = 366
_FAR = _("现为 {first} 到 {last}；末日应在首日之后一年以内。")
MOST_ROWS = 40
KEEPS = {"keep": True, "ignore": False}
FIELDS = {"spans": "hours", "since": "first", "day": "first", "week": "hours"}


def calendar_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes; a stretch of days is changed by who may change all that it is said of."""
    router = APIRouter(prefix="/calendar", include_in_schema=False)
    pages = DeskPages(kits, source, "/calendar")
    for kit in kits.values():
        kit.add_filters(
            week_words=lambda week, kit=kit: spell_week_of(week, is_chinese=kit.is_chinese),
            span_words=lambda spans, kit=kit: spell_hours(spans) or kit.gettext(_("休息")),
            why_hours=lambda why, kit=kit: kit.gettext(WHY_WORDS[why]) if WHY_WORDS[why] else "",
        )

    async def show(request: Request, form: Form | None = None, effect: Effect | None = None, was: str = "") -> Response:
        who, kit, form = who_asks(request), pages.kit(request), form or Form(dict(request.query_params))
        chosen = form.text("station")
        known = await desk.read(lambda connection: read_calendar(connection, who.grants, chosen, desk.today))
        return pages.answer(request, "calendar/calendar.html", **_shown(known, form, effect, kit, desk.today), was=was)

    @router.get("")
    @open_to(Right.PLACES)
    async def calendar(request: Request) -> Response:
        return await show(request)

    @router.post("/{act}")
    @open_to(Right.PLACES)
    async def change(request: Request, act: str) -> Response:
        typed, commands = await pages.typed(request), list[CityCommand]()
        form, kit, who = typed.form, typed.kit, typed.who
        what = form.text("what")
        if act not in {"look", "save"} or what not in ASKED:
            raise NotThereError
        place = await desk.read(lambda connection: _reach(connection, form))
        if place is None or not who.may(Right.PLACES, place):
            typed.wrong["station" if form.text("station") else "district"] = kit.gettext(_("不在您的范围内。"))
        else:
            commands = ASKED[what](typed, place)
        why = typed.note("why")
        if place is None or typed.wrong:
            return await show(request, typed.again())
        days = [one.day for one in commands if isinstance(one, asked.SetSpecialDay | asked.SetSharedDay)]
        is_week = what == "week"
        meanwhile = (
            _other_week(form, place, desk.today, kit) if is_week else days_meanwhile(form, place, days, kit, "first")
        )
        if act == "save":
            again = await desk.save(typed, commands, meanwhile, fields=FIELDS, why=why)
            if again is None:
                return lead_to(f"/calendar?done=1&station={place.station}" if place.station else "/calendar?done=1")
            wrong = again.wrong
        else:
            wrong = await desk.read(meanwhile) if is_week else {}
        was = await desk.read(lambda connection: spell_shown(days_said(connection, place), days))
        effect = await desk.attempt(who, commands, why or "-", show=place.station)
        wrong |= refused(effect.outcome, FIELDS, kit)
        shown = None if effect.outcome.refusals else effect
        return await show(request, typed.again(wrong), shown, was)

    return router


def _shown(known: CalendarKnown, form: Form, effect: Effect | None, kit: Kit, today: date) -> dict[str, Any]:
    plan = list(effect.plan) if effect else known.plan
    coming, later = within(effect, today) if effect else ([], 0)
    return {
        "form": form, "effect": effect, "coming": coming[:MOST_ROWS], "later": later + max(0, len(coming) - MOST_ROWS),
        "plan": plan, "drawn": four_weeks(plan, kit.gettext), "days": known.days, "names": known.names,
        "places": [("", kit.gettext(_("多个站点"))), *((one, f"{name}（{one}）") for one, name in known.names.items())],
        "districts": [("", kit.gettext(_("全部区县"))), *sorted(known.districts.items())],
        "kinds": [("", kit.gettext(_("全部类别"))), *((one, kind_word(one, kit.language)) for one in KINDS)],
        "today": today, "week": known.week, "ahead": known.ahead,
        "was_week": short_mark(repr(known.weeks)), "is_one": bool(known.station),
    }  # fmt: skip


def _other_week(form: Form, place: Reach, today: date, kit: Kit) -> Meanwhile:
    """What looks whether somebody else has made another week of a station's since the form was shown."""

    def look(connection: Connection) -> dict[str, str]:
        now = weeks_said(connection, place.station, today)
        if SHOWN not in form.typed or form.text(SHOWN) == short_mark(repr(now)):
            return {}
        told = []
        for since, week, _keeps in now:
            spelled = spell_week_of(week, is_chinese=kit.is_chinese)
            told.append(kit.gettext(_("{day}起")).format(day=since) + spelled if since else spelled)
        last = last_change(connection, ["set_terms"], station=place.station)
        return {"hours": said_of("; ".join(told), kit, last)}

    return look


def _reach(connection: Connection, form: Form) -> Reach | None:
    """Whom it is said of; None of what is not there."""
    code, district, kind = (form.text(name) for name in ("station", "district", "kind"))
    if not code:
        known = not district or connection.execute(select(District.code).where(col(District.code) == district)).first()
        return Reach(district, kind) if known and (not kind or kind in KINDS) else None
    row = connection.execute(select(Station.district, Station.kind).where(col(Station.code) == code)).one_or_none()
    return None if row is None else Reach(row.district, row.kind, code)


def _days(typed: Typed, place: Reach) -> list[CityCommand]:
    typed.needed("first")
    first, last = typed.day("first"), typed.day("last")
    spans, reason = typed.day_hours("hours"), typed.needed("reason", cells.public_reason)
    if first is None:
        return []
    count = ((last or first) - first).days + 1
    if not 1 <= count <= MOST_DAYS:
        typed.wrong["last"] = typed.kit.gettext(_FAR).format(first=first, last=last)
        return []
    return _each_day(first, count, spans, reason, place)


def _usual(typed: Typed, place: Reach) -> list[CityCommand]:
    typed.needed("first")
    first, last = typed.day("first"), typed.day("last")
    last = last or first
    if first is None or last is None:
        return []
    if not 0 <= (last - first).days < MOST_DAYS:
        typed.wrong["last"] = typed.kit.gettext(_FAR).format(first=first, last=last)
        return []
    return _each_day(first, (last - first).days + 1, None, "", place)


def _each_day(first: date, count: int, spans: Spans | None, reason: str, place: Reach) -> list[CityCommand]:
    days = [first + timedelta(days=n) for n in range(count)]
    if place.station:
        return [asked.SetSpecialDay(place.station, day, spans, reason) for day in days]
    return [asked.SetSharedDay(day, spans, reason, place.district, place.kind) for day in days]


def _week(typed: Typed, place: Reach) -> list[CityCommand]:
    """A station's week from a day on, and whether it keeps holidays."""
    typed.needed("station")
    kind = KINDS.get(place.kind)
    hours, since = typed.hours("hours"), typed.day("first")
    keeps = KEEPS.get(typed.choice("holidays", KEEPS))
    if typed.choice("template", ["1"]) and kind is not None:
        return [asked.SetTerms(place.station, since, kind.weekly, keeps_holidays=kind.keeps_holidays)]
    week = hours.week(kind.weekly) if hours is not None and kind is not None else None
    return [asked.SetTerms(place.station, since, week, keeps_holidays=keeps)]


ASKED = {"days": _days, "usual": _usual, "week": _week}
