"""The API's answers. Tables never leave the hub; these models say what does, and no name is among it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from hub.presence.board_totals import Totals, totals, totals_by_district, totals_by_kind
from hub.presence.board_view import (
    CLASS_ORDER,
    Bar,
    BoardRow,
    BoardView,
    Cause,
    Mark,
    Reason,
    StationDay,
    WhyNot,
    screen_order,
)
from station.coverage import Band
from station.duty import DutyClass

Day = date  # beside a field of that name, the type has none


class Answer(BaseModel):
    """Root of all answers."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class WrongAnswer(Answer):
    """Why nothing was done, by field; in the language that was asked for."""

    detail: dict[str, str]


class TotalsAnswer(Answer):
    """How many stations are in each class."""

    met: int
    minimum: int
    vacant: int
    unknown: int
    closed: int

    @classmethod
    def of(cls, counted: Totals) -> Self:
        """Take over the counts."""
        return cls(**{duty_class.value: counted.of(duty_class) for duty_class in CLASS_ORDER})


class ReasonAnswer(Answer):
    """What is the matter at a station."""

    cause: Cause
    at: Annotated[datetime | None, Field(description="when it happened; of kiosks, since when the first of them")]
    count: Annotated[int, Field(description="how many people, or kiosks")]
    kiosk: Annotated[str, Field(description="the first of those kiosks; empty where it is about people")]

    @classmethod
    def of(cls, reason: Reason | None) -> Self | None:
        """Take it over, where there is one."""
        if reason is None:
            return None
        return cls(cause=reason.cause, at=reason.at, count=reason.count, kiosk=reason.kiosk)


class StationAnswer(Answer):
    """One station on the board."""

    model_config = ConfigDict(frozen=True, defer_build=True, populate_by_name=True)

    code: str
    name: str
    district: str
    kind: Annotated[str, Field(description="hospital, bank, community, ...")]
    duty_class: Annotated[DutyClass, Field(alias="class")]
    on_duty: int
    stepped_out: int
    unknown_cards: Annotated[int, Field(description="cards on duty that nobody is entered for; they do not count")]
    minimum: int
    target: int
    since: Annotated[datetime | None, Field(description="since when this class holds")]
    next_change_at: Annotated[datetime | None, Field(description="the closing while open, the opening while closed")]
    is_open: bool
    partial: Annotated[bool, Field(description="vacant, though not all kiosks were watching")]
    kiosks: int
    kiosks_heard: int
    unseen: Annotated[
        ReasonAnswer | None,
        Field(
            description="which of its kiosks is silent or blind while it is open, also where the class is `met`: "
            "who is there then stands by last taps alone; null where none is"
        ),
    ]
    reason: Annotated[ReasonAnswer | None, Field(description="why it is in trouble; null where it is not")]
    expected: Annotated[int, Field(description="whom the duty roster expects in this period or the one about to open")]
    missing: Annotated[int, Field(description="of these, how many have not come")]
    closed_for: Annotated[
        str, Field(description="why it is closed, as the public is told: a special day's reason, a holiday's name")
    ]

    @classmethod
    def of(cls, row: BoardRow) -> Self:
        """Take over what is public of a row."""
        return cls(
            code=row.code,
            name=row.name,
            district=row.district,
            kind=row.kind,
            duty_class=row.duty_class,
            on_duty=row.on_duty,
            stepped_out=row.stepped_out,
            unknown_cards=row.unknown_cards,
            minimum=row.minimum,
            target=row.target,
            since=row.since,
            next_change_at=row.next_change_at,
            is_open=row.is_open,
            partial=row.partial,
            kiosks=row.kiosks,
            kiosks_heard=row.kiosks_heard,
            unseen=ReasonAnswer.of(row.unseen),
            reason=ReasonAnswer.of(row.reason),
            expected=len(row.expected),
            missing=sum(not one.has_come for one in row.expected),
            closed_for=row.closed_for,
        )


class BoardAnswer(Answer):
    """The whole board, in the order in which the page shows it."""

    as_of: datetime
    rate: Annotated[float, Field(description="station seconds a real second; 1 in service")]
    city: str
    totals: TotalsAnswer
    districts: dict[str, TotalsAnswer]
    kinds: dict[str, TotalsAnswer]
    stations: list[StationAnswer]

    @classmethod
    def of(cls, view: BoardView, rows: Iterable[BoardRow] | None = None) -> Self:
        """Take over a view, with other rows where the viewer has those."""
        shown = screen_order(view.rows) if rows is None else tuple(rows)
        return cls(
            as_of=view.as_of,
            rate=view.rate,
            city=view.city,
            totals=TotalsAnswer.of(totals(shown)),
            districts={name: TotalsAnswer.of(counted) for name, counted in totals_by_district(shown).items()},
            kinds={code: TotalsAnswer.of(counted) for code, counted in totals_by_kind(shown).items()},
            stations=[StationAnswer.of(row) for row in shown],
        )


class SpanAnswer(Answer):
    """A stretch of time; an open end is null."""

    began_at: datetime
    ended_at: datetime | None


class StintAnswer(SpanAnswer):
    """One volunteer on duty, by role and letter, never by name."""

    letter: str
    role: str
    marks: Annotated[list[Mark], Field(description="how it ended, and why it is to be reviewed")]
    outs: list[SpanAnswer]
    why_not: Annotated[WhyNot | None, Field(description="why it counts for nothing; null where it counts")]
    assumed_from: Annotated[datetime | None, Field(description="from when on it rests on assumption alone")]

    @classmethod
    def of(cls, bar: Bar) -> Self:
        """Take over a bar of the picture."""
        outs = [SpanAnswer(began_at=begin, ended_at=end) for begin, end in bar.outs]
        return cls(
            letter=bar.letter,
            role=bar.role,
            began_at=bar.began_at,
            ended_at=bar.ended_at,
            marks=list(bar.marks),
            outs=outs,
            why_not=bar.why_not,
            assumed_from=bar.assumed_from,
        )


class BandAnswer(Answer):
    """A stretch in which one class held."""

    model_config = ConfigDict(frozen=True, defer_build=True, populate_by_name=True)

    duty_class: Annotated[DutyClass, Field(alias="class")]
    began_at: datetime
    ended_at: datetime

    @classmethod
    def of(cls, band: Band) -> Self:
        """Take over a band of the picture."""
        return cls(duty_class=band.duty_class, began_at=band.began_at, ended_at=band.ended_at)


class StationDayAnswer(Answer):
    """One station's day."""

    as_of: datetime
    date: date
    station: Annotated[
        StationAnswer,
        Field(description="as it stands now; but kiosks, kiosks_heard, minimum and target are that day's"),
    ]
    periods: list[SpanAnswer]
    stints: list[StintAnswer]
    bands: list[BandAnswer]
    findings: Annotated[list[str], Field(description="what is the matter now; none of another day than today")]
    is_recorded: Annotated[bool, Field(description="whether any record tells of that day")]
    first_day: Annotated[Day | None, Field(description="the day of the station's first record")]
    kiosks: Annotated[list[str], Field(description="in service there on that day")]
    closed_for: Annotated[
        str, Field(description="why the hours of that day are not its week's; `station.closed_for` is of this moment")
    ]

    @classmethod
    def of(cls, day: StationDay) -> Self:
        """Take over a station's day."""
        return cls(
            as_of=day.as_of,
            date=day.date,
            station=StationAnswer.of(day.row),
            periods=[SpanAnswer(began_at=begin, ended_at=end) for begin, end in day.periods],
            stints=[StintAnswer.of(bar) for bar in day.bars],
            bands=[BandAnswer.of(band) for band in day.bands],
            findings=list(day.findings),
            is_recorded=day.is_recorded,
            first_day=day.first_day,
            kiosks=list(day.kiosks),
            closed_for=day.reason,
        )


class ErrorAnswer(Answer):
    """Why there is no answer."""

    detail: Annotated[str, Field(description="what was found, and what is wanted")]


_ERRORS: Final = {
    401: "nobody is signed in, or no longer",
    403: "they may not see that",
    404: "there is nothing by that name, or not for them",
    422: "a parameter that is not known here, stands there twice or cannot be read",
}


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What a route answers where it cannot answer, for its description."""
    return {code: {"model": ErrorAnswer, "description": _ERRORS[code]} for code in codes}
