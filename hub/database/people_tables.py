"""Who serves, with which cards, and where: each fact with its time.

The smallest set of personal data: a volunteer's full name stays in this file's table, and no card number is kept
anywhere. Half-open in time: what holds from a moment or day until another holds no more then; none lasts still.
Moments are whole milliseconds of UTC since 1970; one from 0 is since always.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH, TOKEN_LENGTH


class Volunteer(SQLModel, table=True):
    """A person who serves. The wire and the pages know only `person`, and a masked name."""

    __tablename__: ClassVar[str] = "volunteer"

    person: str = Field(primary_key=True, max_length=NAME_LENGTH)
    number: str = Field(unique=True, repr=False)
    """In the city's own register; how a later spreadsheet finds the same person again."""
    full_name: str = Field(repr=False)
    star: int = 0
    registered_on: date | None = None
    """None: before this was written down."""
    left_on: date | None = None
    trained_on: date | None = None
    erased_on: date | None = None
    """Since then name and number are gone, and what they served stays under the opaque id."""


class Membership(SQLModel, table=True):
    """This person belongs to this station; many to many."""

    __tablename__: ClassVar[str] = "membership"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    person: str = Field(primary_key=True, foreign_key="volunteer.person", index=True, max_length=NAME_LENGTH)
    from_day: date = Field(primary_key=True)
    until_day: date | None = None


class CardRow(SQLModel, table=True):
    """A card by its token. Whose it is and was, `holding` says; whether it is lost, `loss`."""

    __tablename__: ClassVar[str] = "card"

    token: str = Field(primary_key=True, repr=False, max_length=TOKEN_LENGTH)
    technology: str = Field(max_length=16)
    added_ms: int = Field(sa_type=BigInteger)


class Holding(SQLModel, table=True):
    """This card was this person's."""

    __tablename__: ClassVar[str] = "holding"

    token: str = Field(primary_key=True, foreign_key="card.token", repr=False, max_length=TOKEN_LENGTH)
    from_ms: int = Field(primary_key=True, sa_type=BigInteger)
    until_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    person: str = Field(foreign_key="volunteer.person", index=True, max_length=NAME_LENGTH)


class Loss(SQLModel, table=True):
    """This card was lost: its taps count for nobody."""

    __tablename__: ClassVar[str] = "loss"

    token: str = Field(primary_key=True, foreign_key="card.token", repr=False, max_length=TOKEN_LENGTH)
    from_ms: int = Field(primary_key=True, sa_type=BigInteger)
    until_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
