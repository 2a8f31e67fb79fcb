"""What the hub knows of the city: who oversees, which stations and kiosks there are, and by which terms.

Tables only: people and their cards stand in `people_tables`, what happens at the kiosks in `journal_tables`; who
fills these is `changing`. What was true on a day stays true of that day: a fact has a first day and, once it is over,
the day on which it no longer holds. Ids are plain text here, since SQLModel takes no NewType; who reads them gives
them their type back.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

# Before any table is defined: what has no name, SQLite cannot drop.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

NAME_LENGTH = 32  # of a station code, kiosk id or person id: station.names.NAME_RULE
TOKEN_LENGTH = 32


class City(SQLModel, table=True):
    """The city that this hub serves; one row."""

    __tablename__: ClassVar[str] = "city"

    id: int = Field(default=1, primary_key=True)
    name: str
    naming: str = ""
    """Which rule the stations' names follow (`hub.register.naming`); empty for none."""


class District(SQLModel, table=True):
    """A county or district, the scope of a county office."""

    __tablename__: ClassVar[str] = "district"

    code: str = Field(primary_key=True, max_length=NAME_LENGTH)
    name: str = Field(unique=True)


class KindAuthority(SQLModel, table=True):
    """The business authority of one kind of host (Pu'er 附件1 四(三))."""

    __tablename__: ClassVar[str] = "kind_authority"

    kind: str = Field(primary_key=True, max_length=NAME_LENGTH)
    authority: str


class Station(SQLModel, table=True):
    """One station; `lead` and `deputy` are names of people and never leave the hub unmasked."""

    __tablename__: ClassVar[str] = "station"

    code: str = Field(primary_key=True, max_length=NAME_LENGTH)
    name: str
    short_name: str
    district: str = Field(foreign_key="district.code", index=True)
    kind: str = Field(index=True, max_length=NAME_LENGTH)
    authority: str = ""
    """Where it is not the kind's own: an airport among the stations of 交运局."""
    lead: str = Field(default="", repr=False)
    deputy: str = Field(default="", repr=False)
    created_on: date
    opened_on: date | None = None
    """The first day on which it is open for service at all; none: since always."""
    closed_on: date | None = None
    """The first day on which it is no more."""


class TermsRow(SQLModel, table=True):
    """All that a station is judged by, from one day until the next row's; the first holds before its day too."""

    __tablename__: ClassVar[str] = "terms"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    from_day: date = Field(primary_key=True)
    week: str
    """JSON: rows of weekday (0 is Monday) and the minutes of opening and closing; a day without one is closed."""
    keeps_holidays: bool = False
    """Whether it closes on statutory holidays, and is open on make-up workdays."""
    minimum: int = 1
    target: int = 2
    limits: str = "{}"
    """JSON: the seconds of those of `station.duty.Limits` that are otherwise here."""


class SpecialDay(SQLModel, table=True):
    """One day on which a station keeps other hours than its week's."""

    __tablename__: ClassVar[str] = "special_day"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    day: date = Field(primary_key=True)
    spans: str
    """JSON: the minutes at which it opens and closes; none where it is closed."""
    reason: str = ""


class SharedDay(SQLModel, table=True):
    """One day on which many stations keep other hours: of a district, of a kind, of both, or of the city.

    A station's own special day goes before it; of several, district and kind before kind, that before district.
    """

    __tablename__: ClassVar[str] = "shared_day"

    district: str = Field(primary_key=True, max_length=NAME_LENGTH)
    """Its code; empty for all."""
    kind: str = Field(primary_key=True, max_length=NAME_LENGTH)
    """Empty for all."""
    day: date = Field(primary_key=True)
    spans: str
    """JSON, as of a special day."""
    reason: str = ""


class HolidayRow(SQLModel, table=True):
    """One day of a year's holidays as an operator entered them; of a year with none, the published notice holds."""

    __tablename__: ClassVar[str] = "holiday"

    day: date = Field(primary_key=True)
    year: int = Field(index=True)
    """Whose notice says so: a day of December may be the next year's."""
    sort: str = Field(max_length=NAME_LENGTH)
    """`off` or `work` (`hub.register.holidays.Sort`)."""
    name: str = ""
    notice: str = ""
    """The number of the notice, or who said so by hand."""


class Kiosk(SQLModel, table=True):
    """One device at one entrance, in service on the days `in_service_from` <= day < `in_service_to`."""

    __tablename__: ClassVar[str] = "kiosk"

    id: str = Field(primary_key=True, max_length=NAME_LENGTH)
    station: str = Field(foreign_key="station.code", index=True, max_length=NAME_LENGTH)
    entrance: str = ""
    in_service_from: date
    in_service_to: date | None = None
    revoked_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Since when it is believed no more; it was stolen, say. Never taken back."""


class Edition(SQLModel, table=True):
    """Rises with every transaction that changed the city; one row, so that a serving hub sees it in one cheap read."""

    __tablename__: ClassVar[str] = "edition"

    id: int = Field(default=1, primary_key=True)
    number: int = 0
