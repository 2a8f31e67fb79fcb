"""节假日: the notice of a year, pasted as it is published, looked at, then entered; and single days set by hand."""

from collections.abc import Iterable, Mapping
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.presence.board_view import BoardSource
from hub.register.holidays import DaySort, Holiday, Holidays
from hub.register.notice import HolidayNotice, NoticeError, read_notice
from hub.register.reading import holidays_by_year
from hub.rights import WHOLE_CITY, Right, open_to
from hub.saying import as_said
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import last_change, said_of
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.desk.reading import Typed
from hub.web.desk.shown_days import days_said_otherwise, spell_shown
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _

SORTS = {DaySort.OFF.value: DaySort.OFF, DaySort.WORK.value: DaySort.WORK, "usual": None}
SORT_WORDS = {"off": _("放假"), "work": _("上班"), "usual": _("照常")}
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def holidays_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes; who changes it has the whole city."""
    router = APIRouter(prefix="/calendar/holidays", include_in_schema=False)
    pages = DeskPages(kits, source, "/calendar/holidays")
    for kit in kits.values():
        kit.add_filters(sort_word=_said(kit, SORT_WORDS), weekday=_said(kit, WEEKDAYS))

    async def show(request: Request, form: Form | None = None, notice: HolidayNotice | None = None) -> Response:
        years = await desk.read(holidays_by_year)
        return pages.answer(
            request, "calendar/holidays.html", form=form, notice=notice, years=sorted(years.items()),
            may_enter=who_asks(request).may(Right.PLACES, WHOLE_CITY), today=desk.today,
            unknown=Holidays.of((), years).missing(desk.today), was=spell_shown(_said_days(years)),
        )  # fmt: skip

    @router.get("")
    @open_to(Right.PLACES)
    async def holidays(request: Request) -> Response:
        return await show(request)

    @router.post("/{act}")
    @open_to(Right.PLACES)
    async def change(request: Request, act: str) -> Response:
        typed = await pages.typed(request)
        if act not in {"look", "enter", "day"} or not typed.who.may(Right.PLACES, WHOLE_CITY):
            raise NotThereError
        command, notice = _asked(act, typed)
        if command is None or act == "look":
            return await show(request, typed.again(), notice)

        def meanwhile(connection: Connection) -> dict[str, str]:
            now = _said_days(holidays_by_year(connection))
            days = [command.day] if isinstance(command, asked.SetHoliday) else _days_of(command, now)
            changed = days_said_otherwise(typed.form, now, days)
            if not changed:
                return {}
            sort, name = now.get(changed[0], ("usual", ""))
            theirs = f"{changed[0]} {typed.kit.gettext(SORT_WORDS[sort])} {name}".strip()
            return {"day": said_of(theirs, typed.kit, last_change(connection, ["set_holiday", "enter_holidays"]))}

        again = await desk.save(typed, [command], meanwhile, why=typed.form.text("why"))
        return await show(request, again, notice) if again else lead_to("/calendar/holidays?done=1")

    return router


def _said_days(years: Mapping[int, Iterable[Holiday]]) -> dict[date, tuple[str, str]]:
    return {one.day: (one.sort.value, one.name) for days in years.values() for one in days}


def _days_of(command: CityCommand, now: Iterable[date]) -> list[date]:
    """All of a notice's year that are otherwise, by it or by now."""
    if not isinstance(command, asked.EnterHolidays):
        return []
    return sorted({one.day for one in command.days} | {day for day in now if day.year == command.year})


def _asked(act: str, typed: Typed) -> tuple[CityCommand | None, HolidayNotice | None]:
    """What is asked for, and the notice that it is of."""
    if act == "day":
        typed.needed("day")
        typed.needed("sort")
        day, sort, name = typed.day("day"), typed.choice("sort", SORTS), typed.text("name")
        if day is None or typed.wrong:
            return None, None
        return asked.SetHoliday(day, SORTS[sort], name), None
    try:
        notice = read_notice(typed.form.secret("notice"))
    except NoticeError as exc:
        found, wanted = (typed.kit.told(as_said(part)) for part in (exc.found, exc.wanted))
        typed.wrong["notice"] = typed.kit.gettext(_("现为：{found}；应为：{wanted}")).format(found=found, wanted=wanted)
        return None, None
    return asked.EnterHolidays(notice.year, notice.days, notice.number), notice


def _said(kit: Kit, words: dict[str, str] | tuple[str, ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return lambda key: kit.gettext(words[key])
