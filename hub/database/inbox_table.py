"""What people did about things that wait for them; never edited. What waits is found elsewhere, and not written down.

Moments are whole milliseconds of UTC since 1970.
"""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH

NOTE_LENGTH = 200


class InboxStep(SQLModel, table=True):
    """One thing that somebody did about one that waits."""

    __tablename__: ClassVar[str] = "inbox_step"

    number: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=NAME_LENGTH)
    subject: str = Field(repr=False)
    """Which of its kind: a card's token may be in it."""
    at_ms: int = Field(sa_type=BigInteger)
    by: str
    act: str = Field(max_length=NAME_LENGTH)
    whom: str = ""
    """Who looks after it from then on; empty where that is as it was."""
    due_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """Until when it is to be done; none where that is as it was."""
    note: str = Field(default="", max_length=NOTE_LENGTH)
