"""What is kept of people beyond who they are: telephone numbers, what they agreed to, and who was erased.

Numbers are sealed (`hub.sealing`): whoever has only the database, or a backup of it, reads none.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH


class Telephone(SQLModel, table=True):
    """One number."""

    __tablename__: ClassVar[str] = "telephone"

    whose: str = Field(primary_key=True, max_length=NAME_LENGTH)
    """`hub.register.telephones.Whose`."""
    of: str = Field(primary_key=True, max_length=NAME_LENGTH)
    """A station's code, or a person's opaque id."""
    purpose: str = Field(max_length=NAME_LENGTH)
    sealed: bytes = Field(repr=False, sa_type=LargeBinary)


class Consent(SQLModel, table=True):
    """Somebody agreed to something; kept when it is withdrawn, and when they are erased."""

    __tablename__: ClassVar[str] = "consent"

    person: str = Field(primary_key=True, foreign_key="volunteer.person", max_length=NAME_LENGTH)
    matter: str = Field(primary_key=True, max_length=NAME_LENGTH)
    agreed_on: date = Field(primary_key=True)
    noted_by: str
    withdrawn_on: date | None = None
    withdrawn_by: str = ""


class ErasedNumber(SQLModel, table=True):
    """Somebody with this number in the register was erased: who brings them again is told, by a keyed mark of it."""

    __tablename__: ClassVar[str] = "erased_number"

    mark: str = Field(primary_key=True, repr=False, max_length=64)
    person: str = Field(max_length=NAME_LENGTH)
    erased_on: date
