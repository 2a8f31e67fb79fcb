"""What came of each station's days: made from the ledger by `hub.coverage`, and anew where the ledger is otherwise.

Figures are whole milliseconds. What may be looked over for a whole year is narrow; gaps stand beside it.
"""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH


class CoverageDay(SQLModel, table=True):
    """One station's day, up to `until_ms`; the classes add up to `opened_ms`."""

    __tablename__: ClassVar[str] = "coverage_day"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    day: date = Field(primary_key=True)
    station: str = Field(primary_key=True, index=True, max_length=NAME_LENGTH)
    until_ms: int = Field(sa_type=BigInteger)
    """As of when; midnight where the day is over."""
    opened_ms: int
    met_ms: int
    minimum_ms: int
    vacant_ms: int
    unknown_ms: int
    partial_ms: int
    assumed_ms: int
    union_ms: int
    person_ms: int
    supplemented_ms: int
    verdict: str = Field(max_length=NAME_LENGTH)
    """`station.accounting.DayVerdict`."""
    short_ms: int
    marks: str
    """JSON: how many stints and taps wait for a review, by their mark."""


class CoverageMonth(SQLModel, table=True):
    """The sum of one station's days of a month, and how many there are of each verdict: a year is twelve of them."""

    __tablename__: ClassVar[str] = "coverage_month"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    month: date = Field(primary_key=True)
    """Its first day."""
    station: str = Field(primary_key=True, max_length=NAME_LENGTH)
    days: int
    opened_ms: int = Field(sa_type=BigInteger)
    met_ms: int = Field(sa_type=BigInteger)
    minimum_ms: int = Field(sa_type=BigInteger)
    vacant_ms: int = Field(sa_type=BigInteger)
    unknown_ms: int = Field(sa_type=BigInteger)
    partial_ms: int = Field(sa_type=BigInteger)
    assumed_ms: int = Field(sa_type=BigInteger)
    union_ms: int = Field(sa_type=BigInteger)
    person_ms: int = Field(sa_type=BigInteger)
    supplemented_ms: int = Field(sa_type=BigInteger)
    short_ms: int = Field(sa_type=BigInteger)
    kept: int
    supplemented: int
    unproven: int
    short: int
    closed: int
    running: int


class CoverageGap(SQLModel, table=True):
    """A minute or more in which nobody was there, or nothing is known."""

    __tablename__: ClassVar[str] = "coverage_gap"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    station: str = Field(primary_key=True, max_length=NAME_LENGTH)
    day: date = Field(primary_key=True)
    began_ms: int = Field(primary_key=True, sa_type=BigInteger)
    ended_ms: int = Field(sa_type=BigInteger)
    duty_class: str = Field(max_length=NAME_LENGTH)
    partial: bool
    before_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """The last tap there that day before it."""
    after_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    watched: str
    """JSON: for how many milliseconds each kiosk in service watched."""


class CoverageDue(SQLModel, table=True):
    """A station's day of which the ledger says something else than was reckoned with."""

    __tablename__: ClassVar[str] = "coverage_due"

    station: str = Field(primary_key=True, max_length=NAME_LENGTH)
    day: date = Field(primary_key=True, index=True)
    number: int = Field(default=0, sa_type=BigInteger)
    """Rises each time; a day is done only if it is still what was read."""
    why: str = Field(default="", max_length=NAME_LENGTH)


class CoverageRevision(SQLModel, table=True):
    """How a day that was over came to be otherwise: what changed, when, why."""

    __tablename__: ClassVar[str] = "coverage_revision"

    number: int | None = Field(default=None, primary_key=True)
    station: str = Field(index=True, max_length=NAME_LENGTH)
    day: date = Field(index=True)
    at_ms: int = Field(sa_type=BigInteger)
    why: str = Field(max_length=NAME_LENGTH)
    before: str
    """JSON: the figures that changed, as they were."""
    after: str


class CoverageStation(SQLModel, table=True):
    """By which terms and kiosks a station's days were reckoned, and through which day there is one."""

    __tablename__: ClassVar[str] = "coverage_station"

    station: str = Field(primary_key=True, max_length=NAME_LENGTH)
    terms: str
    """All of them, as the ledger spells them."""
    kiosks: str
    """JSON: each with the days of its service."""
    since: date
    """The day of its first record."""
    through: date
