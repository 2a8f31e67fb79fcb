"""When the site key was changed, and what cards are called under the keys that came after the first.

What a tap said stays as it was said: that two tokens are one card is a fact of its own. Moments are whole milliseconds
of UTC since 1970.
"""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH, TOKEN_LENGTH


class KeyChange(SQLModel, table=True):
    """One change of the site key."""

    __tablename__: ClassVar[str] = "key_change"

    mark: str = Field(primary_key=True, max_length=16)
    """The fingerprint of the key that came."""
    began_ms: int = Field(sa_type=BigInteger)
    """Since then kiosks are given it, and say each card's token under both."""
    finished_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """Since then it is the one that holds; None while the change is under way."""


class CardName(SQLModel, table=True):
    """Somebody said that these two tokens are one card, the first under a later key than the second."""

    __tablename__: ClassVar[str] = "card_name"

    token: str = Field(primary_key=True, repr=False, max_length=TOKEN_LENGTH)
    former: str = Field(primary_key=True, repr=False, max_length=TOKEN_LENGTH)
    said_by: str = Field(primary_key=True, max_length=NAME_LENGTH)
    """A kiosk; `hub` where the hub had the card's number itself."""
    learned_ms: int = Field(sa_type=BigInteger)
