"""Alarms of the past for other programs, under /api/v1: what 提醒记录 shows, by the same names as its address."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.requests import Request

from hub.register.kinds import KINDS
from hub.rights import Right, open_to
from hub.web.alarms.asked import MOST_TYPED, AlarmState, AskedAlarms
from hub.web.alarms.reading import read_page
from hub.web.api.answers import Answer, Day, ErrorAnswer
from hub.web.desk.asked_district import only_known_district
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.kit.days import ApiDay
from station.alarms import Ending, Lack, Level
from station.milliseconds import moment_of, moment_or_none

LevelName = Literal["lead", "overseer", "city"]
_LEVELS: Final[dict[Level, LevelName]] = {Level.LEAD: "lead", Level.OVERSEER: "overseer", Level.CITY: "city"}
_MOST_PAGES: Final = 10**8
_EMPTY: Final = BeforeValidator(lambda said: said or None)  # as a form sends what nobody chose


class AlarmAnswer(Answer):
    """One alarm. Moments are UTC; what has not come is null."""

    number: int
    station: Annotated[str | None, Field(description="its code; null for one of the whole city")]
    name: str
    district: Annotated[str, Field(description="its code")]
    kind: str
    stations: Annotated[int, Field(description="how many fell silent together, of a district; 0 where not together")]
    lack: Annotated[Lack, Field(description="vacant: below the minimum, short: below the target")]
    on_duty: int
    wanted: Annotated[int | None, Field(description="null where nobody can tell")]
    level: Annotated[LevelName, Field(description="how far it was told upwards")]
    since: Annotated[datetime, Field(description="when the lack began")]
    raised_at: datetime
    acknowledged_at: Annotated[datetime | None, Field(description="when somebody said that they look after it")]
    snoozed_until: datetime | None
    closed_at: Annotated[datetime | None, Field(description="when somebody closed it")]
    closed_why: Annotated[str | None, Field(description="the reason they gave; null where nobody closed it")]
    over_at: Annotated[datetime | None, Field(description="when what it tells of was over; null while it is not")]
    ending: Annotated[Ending | None, Field(description="why it is over: met, closing, worse, joined")]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Take over a row."""
        return cls(
            number=row.number, station=None if row.stations else row.station or None,
            stations=row.stations, name=row.name or "", district=row.district_code or "",
            kind=row.kind or "", lack=Lack(row.lack), on_duty=row.on_duty, wanted=row.wanted or None,
            level=_LEVELS[Level(row.level)], since=moment_of(row.since_ms), raised_at=moment_of(row.raised_ms),
            acknowledged_at=moment_or_none(row.acknowledged_ms), snoozed_until=moment_or_none(row.snoozed_ms),
            closed_at=moment_or_none(row.closed_ms), closed_why=row.closed_why, over_at=moment_or_none(row.over_ms),
            ending=Ending(row.ending) if row.ending else None,
        )  # fmt: skip


class AlarmsAnswer(Answer):
    """One page of them, the newest first."""

    first: date
    last: date
    page: Annotated[int, Field(description="the nearest there is to the one asked for, from 1")]
    pages: int
    total: Annotated[int, Field(description="on all pages")]
    alarms: list[AlarmAnswer]


class AlarmsQuery(BaseModel):
    """What is asked for; an empty value is none, as a form sends what nobody chose."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[ApiDay | None, _EMPTY, Field(description="thirty days up to the last where not given")] = None
    last: Annotated[ApiDay | None, _EMPTY, Field(description="today where not given")] = None
    lack: Annotated[Lack | None, _EMPTY] = None
    state: Annotated[AlarmState | None, _EMPTY, Field(description="unseen: over, and nobody looked after it")] = None
    district: Annotated[str, Field(max_length=MOST_TYPED, description="its code")] = ""
    kind: Annotated[str, Field(max_length=MOST_TYPED, description="hospital, bank, community, ...")] = ""
    station: Annotated[str, Field(max_length=MOST_TYPED, description="its code, or a part of its name")] = ""
    page: Annotated[int | None, _EMPTY, Field(ge=1, le=_MOST_PAGES)] = None

    def asked(self, today: Day) -> AskedAlarms:
        """As the page reads it, but that nothing is passed over.

        Raises:
            HTTPException: it is a kind or a stretch of days that cannot be.
        """
        said = {name: str(value) for name, value in self.model_dump(exclude={"page"}).items() if value}
        asked = AskedAlarms.of(said, today)
        if self.kind != asked.kind:
            raise HTTPException(422, f"kind {self.kind!r}; wanted is one of {', '.join(KINDS)}")
        if (self.first or asked.first, self.last or asked.last) != (asked.first, asked.last):
            raise HTTPException(422, f"{self.first} to {self.last}; wanted are days of the years 2020 to 2099")
        if asked.last < asked.first:
            raise HTTPException(
                422, f"{asked.first} to {asked.last}; wanted is a last day that is not before the first"
            )
        return asked


def alarms_api(desk: Desk) -> APIRouter:
    """Return the route; it only reads."""
    router = APIRouter(prefix="/api/v1", tags=["alarms"])

    @router.get("/alarms", responses={422: {"model": ErrorAnswer}})
    @open_to(Right.FOLLOW_UP)
    async def alarms(request: Request, query: Annotated[AlarmsQuery, Query()]) -> AlarmsAnswer:
        """Alarms that began within a stretch of days, of the stations that one follows up; as on the page 提醒记录."""
        asked, who = query.asked(desk.today), who_asks(request)
        await only_known_district(desk, who, Right.FOLLOW_UP, asked.district)
        shown = await desk.read(
            lambda connection: read_page(connection, who.grants, asked, desk.zone, str(query.page or 1))
        )
        return AlarmsAnswer(
            first=asked.first, last=asked.last, page=shown.number, pages=shown.pages, total=shown.total,
            alarms=[AlarmAnswer.of(row) for row in shown.rows],
        )  # fmt: skip

    return router
