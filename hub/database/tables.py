"""What the hub knows of the city: who oversees, which stations, kiosks, hours, volunteers and cards there are.

Tables only: what happens at the kiosks stands in `journal_tables`, who fills these in `importing`. The smallest
set of personal data: a volunteer's full name stays in this file's table, and no card number is kept anywhere.
Ids are plain text here, since SQLModel takes no NewType; who reads them gives them their type back.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

NAME_LENGTH = 32  # of a station code, kiosk id or person id: station.names.NAME_RULE
TOKEN_LENGTH = 32


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps no offset, so none is stored."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """Strip the offset, once it is UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's shape
        """Say that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


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
    minimum: int = 1
    target: int = 2
    created_on: date


class StationHours(SQLModel, table=True):
    """One span of a station's week from `valid_from` on, until a later `valid_from`.

    A weekday without a row is closed. Before the first `valid_from`, and for a station without any row, the
    template of its kind holds.
    """

    __tablename__: ClassVar[str] = "station_hours"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    valid_from: date = Field(primary_key=True)
    weekday: int = Field(primary_key=True)
    """0 is Monday."""
    opens_min: int = Field(primary_key=True)
    closes_min: int


class Kiosk(SQLModel, table=True):
    """One device at one entrance, in service on the days `in_service_from` <= day < `in_service_to`."""

    __tablename__: ClassVar[str] = "kiosk"

    id: str = Field(primary_key=True, max_length=NAME_LENGTH)
    station: str = Field(foreign_key="station.code", index=True, max_length=NAME_LENGTH)
    entrance: str = ""
    in_service_from: date
    in_service_to: date | None = None


class Volunteer(SQLModel, table=True):
    """A person who serves. The wire and the pages know only `person`, and a masked name."""

    __tablename__: ClassVar[str] = "volunteer"

    person: str = Field(primary_key=True, max_length=NAME_LENGTH)
    number: str = Field(unique=True, repr=False)
    """In the city's own register; how a later spreadsheet finds the same person again."""
    full_name: str = Field(repr=False)
    star: int = 0
    trained_on: date | None = None


class StationVolunteer(SQLModel, table=True):
    """Who belongs to which station; many to many."""

    __tablename__: ClassVar[str] = "station_volunteer"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    person: str = Field(primary_key=True, foreign_key="volunteer.person", index=True, max_length=NAME_LENGTH)


class Card(SQLModel, table=True):
    """A card by its token; without a person it is known, but unassigned."""

    __tablename__: ClassVar[str] = "card"

    token: str = Field(primary_key=True, repr=False, max_length=TOKEN_LENGTH)
    technology: str = Field(max_length=16)
    person: str | None = Field(
        default=None, foreign_key="volunteer.person", index=True, nullable=True, max_length=NAME_LENGTH
    )
    added_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment, nullable=True)


class Edition(SQLModel, table=True):
    """Rises with every import that changed something; one row, so that a serving hub sees it in one cheap read."""

    __tablename__: ClassVar[str] = "edition"

    id: int = Field(default=1, primary_key=True)
    number: int = 0
