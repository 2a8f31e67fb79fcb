"""Who changed what of the city, when and why: written with each change, never edited, kept for good.

Names of people are masked in it and no number is written down, so it may be shown to whoever may see the change.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH, TOKEN_LENGTH


class ChangeRow(SQLModel, table=True):
    """One change; of what it concerns, the other names are empty."""

    __tablename__: ClassVar[str] = "change"

    number: int | None = Field(default=None, primary_key=True)
    at_ms: int = Field(sa_type=BigInteger)
    by: str
    what: str
    """The command's name."""
    station: str = Field(default="", index=True, max_length=NAME_LENGTH)
    kiosk: str = Field(default="", max_length=NAME_LENGTH)
    person: str = Field(default="", index=True, max_length=NAME_LENGTH)
    token: str = Field(default="", index=True, repr=False, max_length=TOKEN_LENGTH)
    day_from: date | None = None
    """The first day of which something else is said now; none: of all days, or of none."""
    before: str
    """JSON; empty where there was nothing."""
    after: str
    """JSON; empty where nothing is left."""
    why: str = ""
