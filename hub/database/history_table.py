"""Who changed what of the city, when and why, and what of the past followed from it: never edited, kept for good.

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
    edition: int = 0
    """The edition of the city that it made."""
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


class RevisionRow(SQLModel, table=True):
    """One stint that a change of the city made otherwise: what follows in the ledger from changes of the past."""

    __tablename__: ClassVar[str] = "revision"

    number: int | None = Field(default=None, primary_key=True)
    since_edition: int
    """The edition that was followed before; all that were made since may be the cause."""
    edition: int = Field(index=True)
    station: str = Field(max_length=NAME_LENGTH)
    day: date
    """The local day on which the stint began, or had begun."""
    person_before: str = Field(default="", repr=False, max_length=NAME_LENGTH)
    """The opaque id; empty for a card that was nobody's, or where there was no stint."""
    person_after: str = Field(default="", repr=False, max_length=NAME_LENGTH)
    before: str = ""
    """JSON: from, to (ms) and how it ended; empty where there was none."""
    after: str = ""
