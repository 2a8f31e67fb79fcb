"""What volunteers ask to be corrected; the correction itself stands in the hub's own journal."""

from datetime import date
from typing import ClassVar, Final

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH

SAID_LENGTH: Final = 200


class AmendRequest(SQLModel, table=True):
    """One request."""

    __tablename__: ClassVar[str] = "amend_request"

    number: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True, max_length=NAME_LENGTH)
    station: str = Field(max_length=NAME_LENGTH)
    day: date
    said: str = Field(repr=False, max_length=SAID_LENGTH)
    """What was true, in their own words."""
    made_ms: int = Field(sa_type=BigInteger)
    settled_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    settled_by: str = ""
    answer: str = Field(default="", max_length=SAID_LENGTH)
