"""Coverage for other programs, under /api/v1: one station's days with gaps and verdicts, and sums of all stations."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import ConfigDict, Field
from sqlalchemy import Connection
from starlette.requests import Request

from hub.accounts.filtering import where_may
from hub.coverage.reading import ByHand, DayFound, GapFound, SettledThrough, read_days, settled_of
from hub.coverage.sums import DayStretch, DaySums, stations_within, sums_by_station
from hub.errors import UnknownStationError
from hub.presence.board_view import BoardSource
from hub.rights import Right, open_to
from hub.web.api.answers import Answer, Day, errors
from hub.web.coverage.live import live_now
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.kit.days import ApiDay
from station.accounting import DayVerdict
from station.duty import DutyClass
from station.strict import FIRST_YEAR, LAST_YEAR

MOST_DAYS = 400
AT = "2026-03-04T01:00:00Z"
FirstDay = Annotated[
    ApiDay | None,
    Query(alias="from", description="first day, by the city's time; today where not given", examples=["2026-03-01"]),
]
LastDay = Annotated[
    ApiDay | None,
    Query(
        alias="to",
        description=f"last day, included, within {MOST_DAYS} days after the first; the same day where not given",
        examples=["2026-03-31"],
    ),
]


def _seconds(what: str, such_as: int) -> Any:
    return Field(description=f"seconds {what}", ge=0, examples=[such_as])


class SecondsAnswer(Answer):
    """Seconds, to the millisecond; met, minimum, vacant and unknown add up to opened."""

    opened: Annotated[float, _seconds("how long it was open", 23_400)]
    met: Annotated[float, _seconds("while the target was there", 14_400)]
    minimum: Annotated[float, _seconds("while the minimum was there, and not the target", 5_400)]
    vacant: Annotated[float, _seconds("while fewer than the minimum were there, and somebody watched", 1_800)]
    unknown: Annotated[float, _seconds("while nobody can tell", 1_800)]
    partial: Annotated[float, _seconds("of the vacant, while not all kiosks watched", 0)]
    assumed: Annotated[float, _seconds("of the covered, after the last tap of everybody who is counted", 600)]
    union: Annotated[float, _seconds("with at least one there, time out and returned included", 19_800)]
    person: Annotated[float, _seconds("of all people together", 34_200)]
    supplemented: Annotated[float, _seconds("as union, with what was entered or confirmed afterwards", 19_800)]
    short: Annotated[float, _seconds("what is missing to five hours, or to the day's opening", 0)]

    @classmethod
    def of(cls, figures: Any) -> Self:
        """Take over the columns of a row."""
        return cls(**{name: figures[f"{name}_ms"] / 1000 for name in cls.model_fields})


class GapAnswer(Answer):
    """A minute or more in which nobody was there, or nothing is known."""

    model_config = ConfigDict(frozen=True, defer_build=True, populate_by_name=True)

    duty_class: Annotated[
        DutyClass, Field(alias="class", description="vacant: somebody watched; unknown: nobody can tell")
    ]
    began_at: Annotated[datetime, Field(description="UTC", examples=["2026-03-04T01:00:00Z"])]
    ended_at: Annotated[datetime, Field(description="UTC; midnight at the latest", examples=["2026-03-04T01:30:00Z"])]
    partial: Annotated[bool, Field(description="whether some of the kiosks in service did not watch in it")]
    last_tap_before: Annotated[
        datetime | None,
        Field(description="UTC, at the station, that day; null where there is none", examples=["2026-03-04T01:00:00Z"]),
    ]
    before_is_added: Annotated[
        bool, Field(description="whether a person put that tap in afterwards, and no kiosk saw it")
    ]
    first_tap_after: Annotated[
        datetime | None,
        Field(description="UTC, at the station, that day; null where there is none", examples=["2026-03-04T01:30:00Z"]),
    ]
    before_is_moved: Annotated[
        bool, Field(description="whether a kiosk recorded that tap at another time, and a person moved it")
    ]
    after_is_added: Annotated[bool, Field(description="the same of the tap after it")]
    after_is_moved: Annotated[bool, Field(description="the same of the tap after it")]
    watched_s: Annotated[
        dict[str, float],
        Field(description="for how many seconds each kiosk in service watched", examples=[{"h-01-a": 1800.0}]),
    ]

    @classmethod
    def of(cls, gap: GapFound) -> Self:
        """Take over a gap."""
        return cls(
            duty_class=DutyClass(gap.duty_class), began_at=gap.began_at, ended_at=gap.ended_at, partial=gap.partial,
            last_tap_before=gap.before, first_tap_after=gap.after,
            before_is_added=gap.before_by is ByHand.ADDED, before_is_moved=gap.before_by is ByHand.MOVED,
            after_is_added=gap.after_by is ByHand.ADDED, after_is_moved=gap.after_by is ByHand.MOVED,
            watched_s={kiosk: lasted / 1000 for kiosk, lasted in gap.watched.items()},
        )  # fmt: skip


class CoverageDayAnswer(Answer):
    """One day."""

    date: Annotated[Day, Field(description="by the city's time", examples=["2026-03-04"])]
    until_ms: Annotated[
        int,
        Field(
            description="up to when it is reckoned, milliseconds since 1970-01-01 UTC; once over, the midnight that "
            "ends it",
            examples=[1_772_640_000_000],
        ),
    ]
    verdict: Annotated[
        DayVerdict,
        Field(
            description="on five hours, or the day's opening where that is shorter, with 10 min of tolerance; "
            "kept: they were recorded; supplemented: with what was entered or confirmed afterwards; "
            "unproven: unknown time could make them up; short: they are missing; closed: no opening hours; "
            "running: not over",
            examples=["kept"],
        ),
    ]
    seconds: Annotated[SecondsAnswer, Field(description="how long each class held, and what was recorded")]
    gaps: Annotated[list[GapAnswer], Field(description="in order of time; shorter ones than a minute are left out")]
    marks: Annotated[
        dict[str, int],
        Field(description="how many stints and taps wait for a review, by their mark", examples=[{"assumed": 1}]),
    ]
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


class SettledAnswer(Answer):
    """How far kiosks have told what is due; what came later changes the figures of that time."""

    through: Annotated[
        datetime | None,
        Field(description="UTC; up to when every kiosk in service has; null where none ever told", examples=[AT]),
    ]
    behind: Annotated[int, Field(description="how many kiosks have not told what is due by now", ge=0, examples=[0])]


class LiveAnswer(Answer):
    """Today as the live board has it: people are there as long as nothing says otherwise."""

    as_of: Annotated[datetime, Field(description="UTC", examples=[AT])]
    opened_s: Annotated[float, _seconds("how long it has been open today", 3_600)]
    covered_s: Annotated[float, _seconds("of these, with at least the minimum there", 3_000)]


class StationCoverageAnswer(Answer):
    """The days of a station that are reckoned, in order."""

    station: Annotated[str, Field(description="its code", examples=["H-01"])]
    settled: Annotated[SettledAnswer, Field(description="how far kiosks have told what these days need")]
    live: Annotated[LiveAnswer | None, Field(description="null where today is not among the days asked for")]
    days: Annotated[list[CoverageDayAnswer], Field(description="those without any record are left out")]


class StationSumsAnswer(Answer):
    """One station's figures over the whole stretch."""

    station: Annotated[str, Field(description="its code", examples=["H-01"])]
    name: Annotated[str, Field(description="as the city writes it", examples=["样例医院"])]
    district: Annotated[str, Field(description="its code", examples=["130402"])]
    kind: Annotated[str, Field(description="hospital, bank, community, ...", examples=["hospital"])]
    days: Annotated[int, Field(description="of how many days these are the sums", examples=[31])]
    seconds: Annotated[SecondsAnswer, Field(description="of all those days together")]
    verdicts: Annotated[
        dict[str, int], Field(description="how many days of each verdict", examples=[{"kept": 29, "short": 2}])
    ]


class CoverageAnswer(Answer):
    """All stations that one may see."""

    first: Annotated[date, Field(description="the first day of the stretch", examples=["2026-03-01"])]
    last: Annotated[date, Field(description="the last one, included", examples=["2026-03-31"])]
    settled: Annotated[SettledAnswer, Field(description="how far kiosks have told what these days need")]
    stations: Annotated[list[StationSumsAnswer], Field(description="those with a day in it that is reckoned")]


def coverage_api(source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/api/v1", tags=["coverage"])

    @router.get("/stations/{code}/coverage", responses=errors(401, 403, 404, 422))
    @open_to(Right.OBSERVE)
    async def station_coverage(
        request: Request,
        code: Annotated[str, Path(description="the station's code", examples=["H-01"])],
        first: FirstDay = None,
        last: LastDay = None,
    ) -> StationCoverageAnswer:
        """One station's days: how long each class held, gaps with their evidence, the five-hour verdict."""
        stretch, grants = _stretch(first, last, desk.today), who_asks(request).grants

        def read(connection: Connection) -> tuple[list[DayFound], SettledThrough] | None:
            if code not in stations_within(connection, [where_may(grants, Right.OBSERVE)]):
                return None
            now = desk.clock.now().astimezone(desk.zone)
            return read_days(connection, code, stretch), settled_of(connection, [code], stretch, now)

        found = await desk.read(read)
        if found is None:
            raise HTTPException(404, str(UnknownStationError(code)))
        days, settled = found
        live = await live_now(source, code) if stretch.holds(desk.today) else None
        return StationCoverageAnswer(
            station=code,
            settled=SettledAnswer(through=settled.through, behind=settled.behind),
            live=live
            and LiveAnswer(as_of=live.as_of, opened_s=live.opened_ms / 1000, covered_s=live.covered_ms / 1000),
            days=[CoverageDayAnswer.of(day) for day in days],
        )

    @router.get("/coverage", responses=errors(401, 403, 422))
    @open_to(Right.OBSERVE)
    async def coverage(
        request: Request,
        first: FirstDay = None,
        last: LastDay = None,
    ) -> CoverageAnswer:
        """The sums of every station over a stretch of days."""
        stretch, grants = _stretch(first, last, desk.today), who_asks(request).grants

        def read(connection: Connection) -> CoverageAnswer:
            named = stations_within(connection, [where_may(grants, Right.OBSERVE)])
            sums = sums_by_station(connection, stretch)
            settled = settled_of(connection, named, stretch, desk.clock.now().astimezone(desk.zone))
            stations = [
                StationSumsAnswer(
                    station=code, name=one.name, district=one.district, kind=one.kind, days=sums[code].days,
                    seconds=SecondsAnswer.of(sums[code]._asdict()), verdicts=_verdicts(sums[code]),
                )
                for code, one in named.items()
                if code in sums
            ]  # fmt: skip
            return CoverageAnswer(
                first=stretch.first, last=stretch.last, stations=stations,
                settled=SettledAnswer(through=settled.through, behind=settled.behind),
            )  # fmt: skip

        return await desk.read(read)

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
