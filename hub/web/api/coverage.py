"""Coverage for other programs, under /api/v1: one station's days with gaps and verdicts, and sums of all stations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Self

from fastapi import APIRouter, HTTPException, Query
from pydantic import ConfigDict, Field
from starlette.requests import Request

from hub.accounts.filtering import where_may
from hub.coverage.reading import read_days
from hub.coverage.sums import DayStretch, DaySums, stations_within, sums_by_station
from hub.errors import UnknownStationError
from hub.rights import Right, open_to
from hub.web.api.answers import Answer, Day, ErrorAnswer
from hub.web.gate.gate import who_asks
from hub.web.kit.days import ApiDay
from station.accounting import DayVerdict
from station.duty import DutyClass
from station.strict import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hub.coverage.reading import DayFound, GapFound
    from hub.web.desk.desk import Desk

MOST_DAYS = 400


class SecondsAnswer(Answer):
    """Seconds; met, minimum, vacant and unknown add up to opened."""

    opened: float
    met: float
    minimum: float
    vacant: float
    unknown: float
    partial: Annotated[float, Field(description="of the vacant, while not all kiosks watched")]
    assumed: Annotated[float, Field(description="of the covered, after the last tap of everybody who is counted")]
    union: Annotated[float, Field(description="with at least one there, time out and returned included")]
    person: Annotated[float, Field(description="of all people together")]
    supplemented: Annotated[float, Field(description="as union, with what was entered or confirmed afterwards")]
    short: Annotated[float, Field(description="what is missing to five hours, or to the day's opening")]

    @classmethod
    def of(cls, figures: Any) -> Self:
        """Take over the columns of a row."""
        return cls(**{name: figures[f"{name}_ms"] / 1000 for name in cls.model_fields})


class GapAnswer(Answer):
    """A minute or more in which nobody was there, or nothing is known."""

    model_config = ConfigDict(frozen=True, defer_build=True, populate_by_name=True)

    duty_class: Annotated[DutyClass, Field(alias="class")]
    began_at: datetime
    ended_at: datetime
    partial: bool
    last_tap_before: Annotated[datetime | None, Field(description="at the station, that day")]
    first_tap_after: datetime | None
    watched_s: Annotated[dict[str, float], Field(description="for how long each kiosk in service watched")]

    @classmethod
    def of(cls, gap: GapFound) -> Self:
        """Take over a gap."""
        return cls(
            duty_class=DutyClass(gap.duty_class), began_at=gap.began_at, ended_at=gap.ended_at, partial=gap.partial,
            last_tap_before=gap.before, first_tap_after=gap.after,
            watched_s={kiosk: lasted / 1000 for kiosk, lasted in gap.watched.items()},
        )  # fmt: skip


class CoverageDayAnswer(Answer):
    """One day; `until` is midnight once it is over."""

    date: Day
    until_ms: int
    verdict: DayVerdict
    seconds: SecondsAnswer
    gaps: list[GapAnswer]
    marks: Annotated[dict[str, int], Field(description="stints and taps that wait for a review")]
    is_due: Annotated[bool, Field(description="to be reckoned anew within a moment")]

    @classmethod
    def of(cls, day: DayFound) -> Self:
        """Take over a day."""
        row = day.figures
        return cls(
            date=row["day"], until_ms=row["until_ms"], verdict=DayVerdict(row["verdict"]),
            seconds=SecondsAnswer.of(row), gaps=[GapAnswer.of(gap) for gap in day.gaps], marks=day.marks,
            is_due=day.is_due,
        )  # fmt: skip


class StationCoverageAnswer(Answer):
    """The days of a station that are reckoned, in order."""

    station: str
    days: list[CoverageDayAnswer]


class StationSumsAnswer(Answer):
    """One station's figures over the whole stretch."""

    station: str
    name: str
    district: Annotated[str, Field(description="its code")]
    kind: str
    days: int
    seconds: SecondsAnswer
    verdicts: Annotated[dict[str, int], Field(description="how many days of each")]


class CoverageAnswer(Answer):
    """All stations that one may see."""

    first: date
    last: date
    stations: list[StationSumsAnswer]


def coverage_api(desk: Desk) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/api/v1", tags=["coverage"])

    @router.get("/stations/{code}/coverage", responses={404: {"model": ErrorAnswer}, 422: {"model": ErrorAnswer}})
    @open_to(Right.OBSERVE)
    async def station_coverage(
        request: Request,
        code: str,
        first: Annotated[ApiDay | None, Query(alias="from", description="today where not given")] = None,
        last: Annotated[ApiDay | None, Query(alias="to", description="the same day where not given")] = None,
    ) -> StationCoverageAnswer:
        """One station's days: how long each class held, gaps with their evidence, the five-hour verdict."""
        stretch, grants = _stretch(first, last, desk.today), who_asks(request).grants

        def read(connection: Connection) -> list[DayFound] | None:
            is_theirs = code in stations_within(connection, [where_may(grants, Right.OBSERVE)])
            return read_days(connection, code, stretch) if is_theirs else None

        days = await desk.read(read)
        if days is None:
            raise HTTPException(404, str(UnknownStationError(code)))
        return StationCoverageAnswer(station=code, days=[CoverageDayAnswer.of(day) for day in days])

    @router.get("/coverage", responses={422: {"model": ErrorAnswer}})
    @open_to(Right.OBSERVE)
    async def coverage(
        request: Request,
        first: Annotated[ApiDay | None, Query(alias="from", description="today where not given")] = None,
        last: Annotated[ApiDay | None, Query(alias="to", description="the same day where not given")] = None,
    ) -> CoverageAnswer:
        """The sums of every station over a stretch of days."""
        stretch, grants = _stretch(first, last, desk.today), who_asks(request).grants

        def read(connection: Connection) -> list[StationSumsAnswer]:
            named = stations_within(connection, [where_may(grants, Right.OBSERVE)])
            sums = sums_by_station(connection, stretch)
            return [
                StationSumsAnswer(
                    station=code, name=one.name, district=one.district, kind=one.kind, days=sums[code].days,
                    seconds=SecondsAnswer.of(sums[code]._asdict()), verdicts=_verdicts(sums[code]),
                )
                for code, one in named.items()
                if code in sums
            ]  # fmt: skip

        return CoverageAnswer(first=stretch.first, last=stretch.last, stations=await desk.read(read))

    return router


def _stretch(first: date | None, last: date | None, today: date) -> DayStretch:
    begin = first or last or today
    end = last or begin
    if not timedelta(0) <= end - begin < timedelta(days=MOST_DAYS):
        raise HTTPException(422, f"{begin} to {end}; wanted is a last day within {MOST_DAYS} days after the first")
    if not FIRST_YEAR <= begin.year <= end.year < LAST_YEAR:
        raise HTTPException(422, f"{begin} to {end}; wanted are days of the years {FIRST_YEAR} to {LAST_YEAR - 1}")
    return DayStretch(begin, end)


def _verdicts(sums: DaySums) -> dict[str, int]:
    return {verdict.value: getattr(sums, verdict.value) for verdict in DayVerdict}
