"""The duty roster for other programs: the same commands, rights and words of refusal as the pages.

As a form carries what it showed, a program may say by If-Match which roster it has read: where that is so no more,
nothing is written.
"""

from datetime import date
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Header, HTTPException, Query
from pydantic import AfterValidator, BaseModel, Field, model_validator
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import commands as asked
from hub.changing.proposal import Outcome, apply
from hub.errors import UnknownStationError
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.register.shifts import DayShifts, DutyShift, shifts_of
from hub.register.shifts_ahead import A_WEEK, ShiftGap
from hub.rights import Right, open_to
from hub.web.api.asked import AskedBody, SheetText
from hub.web.api.refusals import told_refusals
from hub.web.desk.asked_district import only_known_district
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for
from hub.web.shifts.ahead import AskedGaps, read_roster_gaps
from hub.web.shifts.reading import StationPlan, read_station_plan
from hub.web.shifts.tags import OtherRosterError, expect, tag_of
from station.hours import DAY_MINUTES, WEEK
from station.strict import spell_minutes

Minutes = Annotated[int, Field(ge=0, le=DAY_MINUTES, description="of the station's day, from midnight")]
MOST_PEOPLE = 50
IfMatch = Annotated[
    str, Header(alias="If-Match", description="the ETag of the roster that was read; where it is another by now, 412")
]
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {404: {}, 409: {}, 412: {}}


class ShiftSaid(AskedBody):
    """One stretch of a day, and who is expected in it, by opaque id."""

    opens_min: Minutes
    closes_min: Minutes
    people: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=MOST_PEOPLE)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens_min >= self.closes_min:
            raise ValueError("it ends before it begins")
        return self


def _each_once(shifts: list[ShiftSaid]) -> list[ShiftSaid]:
    """Of the same stretch shifts add up; who is in it twice was most likely meant for another."""
    seen: set[tuple[int, int, str]] = set()
    for shift in shifts:
        for person in shift.people:
            if (one := (shift.opens_min, shift.closes_min, person)) in seen:
                hours = f"{spell_minutes(shift.opens_min)}-{spell_minutes(shift.closes_min)}"
                raise ValueError(f"{person} twice in {hours}; wanted is each person once in a shift")
            seen.add(one)
    return shifts


DayShiftsSaid = Annotated[list[ShiftSaid], AfterValidator(_each_once)]


class WeekSaid(AskedBody):
    """A whole week from a day on: seven days, Monday first."""

    since: date
    week: Annotated[list[DayShiftsSaid], Field(min_length=WEEK, max_length=WEEK)]
    why: Annotated[str, Field(max_length=200)] = ""


class DaySaid(AskedBody):
    """One day that is otherwise; null is the week's again."""

    shifts: DayShiftsSaid | None
    reason: Annotated[SheetText, Field(max_length=100)] = ""
    why: Annotated[str, Field(max_length=200)] = ""


class WeekAnswer(BaseModel):
    """A week that holds from a day on, until the next one's."""

    since: date
    week: list[list[ShiftSaid]]


class RosterAnswer(BaseModel):
    """A station's duty roster; whoever left the station is expected no more, whatever stands here."""

    weeks: list[WeekAnswer]
    days: dict[date, list[ShiftSaid]]
    people: Annotated[dict[str, str], Field(description="names by opaque id")]


class ShiftGapAnswer(BaseModel):
    """A coming opening period that lacks somebody."""

    station: str
    day: date
    opens: str
    closes: str
    expected: int
    minimum: int
    lacks: ShiftGap


def shifts_api(source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api/v1", tags=["roster"])

    async def plan_of(request: Request, code: str, right: Right) -> StationPlan:
        found = None
        if row_for(who_asks(request), source.view(), code, right) is not None:
            found = await desk.read(lambda connection: read_station_plan(connection, code))
        if found is None:
            raise HTTPException(404, str(UnknownStationError(code)))
        return found

    @router.get("/shifts/lacking")
    @open_to(Right.OBSERVE)
    async def lacking(
        request: Request,
        days: Annotated[int, Query(description="from tomorrow on: 1 or 7")] = 1,
        lacks: Annotated[ShiftGap | None, Query(description="only these; else nobody and too few")] = None,
        district: str = "",
        kind: str = "",
    ) -> list[ShiftGapAnswer]:
        """Coming opening periods that have nobody on the roster, or fewer than their minimum; counts, no names."""
        if days not in {1, A_WEEK}:
            raise HTTPException(422, f"days {days}; wanted is 1 or {A_WEEK}")
        if kind and kind not in KINDS:
            raise HTTPException(422, f"kind {kind!r}; wanted is one of {', '.join(KINDS)}")
        who = who_asks(request)
        await only_known_district(desk, who, Right.OBSERVE, district)
        asked_gaps = AskedGaps(days, lacks, district, kind)
        found = await desk.read(lambda c: read_roster_gaps(c, who.grants, asked_gaps, desk.today))
        return [
            ShiftGapAnswer(
                station=one.ahead.station, day=one.ahead.day, opens=spell_minutes(one.ahead.span.opens_min),
                closes=spell_minutes(one.ahead.span.closes_min), expected=len(one.ahead.people),
                minimum=one.ahead.minimum, lacks=one.ahead.gap,
            )
            for one in found.rows
            if one.ahead.gap is not None
        ]  # fmt: skip

    @router.get("/stations/{code}/shifts", responses={404: {}})
    @open_to(Right.NAMES)
    async def roster(request: Request, response: Response, code: str) -> RosterAnswer:
        """Who is expected when: weeks with their first days, and single days; its ETag is for `If-Match`."""
        found = await plan_of(request, code, Right.NAMES)
        response.headers["ETag"] = tag_of(found)
        return RosterAnswer(
            weeks=[
                WeekAnswer(since=since, week=[_said(shifts) for shifts in week]) for since, week in found.plan.weeks
            ],
            days={day: _said(shifts) for day, shifts in sorted(found.plan.days.items())},
            people=found.names_from(desk.today),
        )

    @router.put("/stations/{code}/shifts/week", status_code=204, responses=ANSWERS)
    @open_to(Right.SHIFTS)
    async def plan_week(request: Request, code: str, said: WeekSaid, known: IfMatch = "") -> Response:
        """Say the whole week from a day on; of a past day with a reason."""
        found = await plan_of(request, code, Right.SHIFTS)
        week = asked.PlanWeek(found.code, said.since, tuple(map(_shifts, said.week)))
        return await _change(desk, request, week, said.why, known)

    @router.put("/stations/{code}/shifts/days/{day}", status_code=204, responses=ANSWERS)
    @open_to(Right.SHIFTS)
    async def set_day(request: Request, code: str, day: date, said: DaySaid, known: IfMatch = "") -> Response:
        """Say one day otherwise, or that it is the week's again."""
        found = await plan_of(request, code, Right.SHIFTS)
        shifts = None if said.shifts is None else _shifts(said.shifts)
        return await _change(desk, request, asked.SetShiftDay(found.code, day, shifts, said.reason), said.why, known)

    return router


async def _change(
    desk: Desk, request: Request, command: asked.PlanWeek | asked.SetShiftDay, why: str, known: str
) -> Response:
    who = who_asks(request)

    def work(connection: Connection) -> tuple[Outcome, str]:
        expect(connection, command.station, known)
        outcome = apply(connection, [command], by=who.name, at=desk.clock.now(), zone=desk.zone, why=why)
        return outcome, tag_of(read_station_plan(connection, command.station))

    try:
        outcome, tag = await desk.write(work)
    except OtherRosterError as exc:
        raise HTTPException(412, [exc.said], {"ETag": exc.tag}) from exc
    if outcome.refusals:
        raise HTTPException(409, told_refusals(request, outcome))
    return Response(status_code=204, headers={"ETag": tag})


def _shifts(said: list[ShiftSaid]) -> DayShifts:
    return shifts_of((one.opens_min, one.closes_min, one.people) for one in said)


def _said(shifts: DayShifts) -> list[ShiftSaid]:
    return [_one(shift) for shift in shifts]


def _one(shift: DutyShift) -> ShiftSaid:
    return ShiftSaid(opens_min=shift.span.opens_min, closes_min=shift.span.closes_min, people=list(shift.people))
