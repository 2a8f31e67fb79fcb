"""The forms of a duty roster: of a week from a day on, and of one day."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.changing.shifts import FURTHEST
from hub.register.shifts import DayShifts, ShiftWeek, shifts_of
from hub.rights import Right, open_to
from hub.typed.hours_spelled import spell_hours
from hub.web.desk.meanwhile import last_change, said_of
from hub.web.desk.reading import Typed
from hub.web.kit.days import day_in
from hub.web.kit.forms import Form
from hub.web.kit.leading import lead_to
from hub.web.kit.words import _
from hub.web.shifts.reading import PlannedCell, StationPlan, read_station_plan
from hub.web.shifts.roster_pages import RosterFound, RosterPages, TurnTimes, hours_of
from station.hours import WEEK

AskRoster = Callable[[RosterPages, Request, RosterFound], Response]
ChangeRoster = Callable[[RosterPages, Request, RosterFound, Typed], Awaitable[Response]]

WORKDAYS: Final = 5
MOST_TYPED: Final = 60
NO_TURNS: Final = _("请写成 07:00 15:00 23:00。")
PAST, FAR = _("现为 {day}；只能安排今天或以后的日子。"), _("现为 {day}；最多提前一年。")
MEANWHILE: Final = _("刚刚有人改了值班表，您的没有保存。请核对后再提交一次。")
BY_WHOM: Final = _("{by} 在 {at} 改了值班表，您的没有保存。请核对后再提交一次。")
OF_FORMS: Final = ("plan_week", "set_shift_day")
CHANGED_HOURS: Final = _("这天起的开放时间与刚才显示的不同。请核对后再提交一次。")


def add_week(router: APIRouter, roster: RosterPages) -> None:
    """The form of a week."""
    _add(router, "/week", roster, _ask_week, _change_week)


def add_day(router: APIRouter, roster: RosterPages) -> None:
    """The form of one day."""
    _add(router, "/day", roster, _ask_day, _change_day)


def _add(router: APIRouter, path: str, roster: RosterPages, ask: AskRoster, change: ChangeRoster) -> None:
    """A form that is shown and sent at one address, of a station whose roster they may plan."""

    @router.get(path)
    @open_to(Right.SHIFTS)
    async def shown(request: Request, code: str) -> Response:
        return ask(roster, request, await roster.plan(request, code, Right.SHIFTS))

    @router.post(path)
    @open_to(Right.SHIFTS)
    async def sent(request: Request, code: str) -> Response:
        found, typed = await roster.plan(request, code, Right.SHIFTS), await roster.pages.typed(request)
        return await change(roster, request, found, typed)


def _ask_week(roster: RosterPages, request: Request, found: RosterFound) -> Response:
    turns = TurnTimes.of(request.query_params.get("turns", "")[:MOST_TYPED])
    wrong = {"turns": roster.pages.kit(request).gettext(NO_TURNS)} if turns.is_wrong else {}
    form = Form({}, wrong) if wrong else None
    return roster.week(request, found, _asked_day(request, "since", roster.desk.today), turns, form)


async def _change_week(roster: RosterPages, request: Request, found: RosterFound, typed: Typed) -> Response:
    plan, form = found.plan, typed.form
    since, turns = _coming_day(typed, "since", roster.desk.today), TurnTimes.of(form.text("turns")[:MOST_TYPED])
    if since is None:
        return roster.week(request, found, roster.desk.today, turns, typed.again())
    cells, act = plan.week(since, turns.minutes), form.text("act")
    if act == "copy":
        return roster.week(request, found, since, turns, Form(_copied(form.typed, cells)))
    shown = day_in(form.text("shown")) or since

    def meanwhile(connection: Connection) -> dict[str, str]:
        now = read_station_plan(connection, plan.code) or plan
        return _meanwhile(connection, typed, now, now.week(since, turns.minutes), now.spelled_week(shown))

    if act == "look":
        wrong = await roster.desk.read(meanwhile)
        again = typed.again(wrong) if wrong else None
        if again is None:
            return roster.week(request, found, since, turns, form)
    else:
        command = asked.PlanWeek(plan.code, since, _week_of(form.typed, cells, plan.people_on(since)))
        again = await roster.desk.save(typed, [command], meanwhile, fields={"shifts": "since", "people": "since"})
    if again:
        found = await roster.plan(request, plan.code, Right.SHIFTS)
        return roster.week(request, found, since, turns, again)
    return lead_to(f"/stations/{plan.code}/shifts?done=week&date={since}")


def _ask_day(roster: RosterPages, request: Request, found: RosterFound) -> Response:
    day, like = _asked_day(request, "day", roster.desk.today), _weekday(request.query_params.get("like", ""))
    return roster.day(request, found, day, like)


async def _change_day(roster: RosterPages, request: Request, found: RosterFound, typed: Typed) -> Response:
    plan, form, like = found.plan, typed.form, _weekday(typed.form.text("like"))
    day, reason = _coming_day(typed, "day", roster.desk.today), typed.text("reason")
    if day is None or typed.wrong:
        return roster.day(request, found, day or roster.desk.today, like, typed.again())
    cells = plan.day(day, like)

    def meanwhile(connection: Connection) -> dict[str, str]:
        now = read_station_plan(connection, plan.code) or plan
        wrong = _meanwhile(connection, typed, now, now.day(day, like), now.spelled_day(day))
        told = [f"{spell_hours((cell.span,))} {' '.join(now.told(cell.people))}" for cell in now.day(day)]
        return {name: f"{said} {'; '.join(told)}".strip() for name, said in wrong.items()}

    shifts = None if form.text("act") == "usual" else _shifts_of(form.typed, cells, plan.people_on(day))
    command, fields = asked.SetShiftDay(plan.code, day, shifts, reason), {"shifts": "day", "people": "day"}
    again = await roster.desk.save(typed, [command], meanwhile, fields=fields)
    if again:
        found = await roster.plan(request, plan.code, Right.SHIFTS)
        return roster.day(request, found, day, like, again)
    return lead_to(f"/stations/{plan.code}/shifts?done=day&date={day}")


def _weekday(text: str) -> int | None:
    return int(text) if text in {*map(str, range(WEEK))} else None


def _asked_day(request: Request, name: str, today: date) -> date:
    """The day that an address names; today where it names none that can be planned."""
    day = day_in(request.query_params.get(name, "")) or today
    return day if today <= day <= today + FURTHEST else today


def _coming_day(typed: Typed, name: str, today: date) -> date | None:
    typed.needed(name)
    day = typed.day(name)
    if day is not None and not today <= day <= today + FURTHEST:
        typed.wrong[name] = typed.kit.gettext(PAST if day < today else FAR).format(day=day)
    return None if name in typed.wrong else day


def _meanwhile(
    connection: Connection, typed: Typed, now: StationPlan, cells: list[PlannedCell], spelled: str
) -> dict[str, str]:
    """Of what was shown, roster or hours are others by now."""
    if typed.form.secret("was") != spelled:
        last = last_change(connection, OF_FORMS, station=now.code)
        if last is None:
            return {"was": typed.kit.gettext(MEANWHILE)}
        return {"was": said_of("", typed.kit, last, BY_WHOM)}
    if typed.form.text("hours") != hours_of(cells):
        return {"was": typed.kit.gettext(CHANGED_HOURS)}
    return {}


def _shifts_of(typed: dict[str, str], cells: Iterable[PlannedCell], people: list[tuple[str, str]]) -> DayShifts:
    return shifts_of(
        (cell.span.opens_min, cell.span.closes_min, [one for one, _n in people if f"{cell.name}-{one}" in typed])
        for cell in cells
    )


def _week_of(typed: dict[str, str], cells: list[PlannedCell], people: list[tuple[str, str]]) -> ShiftWeek:
    return tuple(_shifts_of(typed, [cell for cell in cells if cell.weekday == n], people) for n in range(WEEK))


def _copied(typed: dict[str, str], cells: list[PlannedCell]) -> dict[str, str]:
    """Monday's people in the periods of Tuesday to Friday that have the same hours."""
    monday = {cell.span: cell.name for cell in cells if cell.weekday == 0}
    found = dict(typed)
    for cell in cells:
        if 0 < cell.weekday < WORKDAYS and cell.span in monday:
            found = {name: value for name, value in found.items() if not name.startswith(f"{cell.name}-")}
            of_monday = f"{monday[cell.span]}-"
            found |= {
                f"{cell.name}-{name.removeprefix(of_monday)}": "1" for name in typed if name.startswith(of_monday)
            }
    return found
