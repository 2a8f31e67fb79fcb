"""Codes by which kiosks are set up over the line: who made each, and what came of it. Rows are never taken away.

Moments are whole milliseconds of UTC since 1970.
"""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.account_tables import PROOF_LENGTH
from hub.database.tables import NAME_LENGTH


class KioskClaim(SQLModel, table=True):
    """One code; of a kiosk's only the newest is good."""

    __tablename__: ClassVar[str] = "kiosk_claim"

    number: int | None = Field(default=None, primary_key=True)
    kiosk: str = Field(index=True, max_length=NAME_LENGTH)
    proof: str = Field(repr=False, max_length=PROOF_LENGTH)
    """Of the code, keyed: eight digits under a plain hash could be tried out by whoever reads a backup."""
    host: str
    """Where the kiosk is to find the broker."""
    reader: str
    by: str
    made_ms: int = Field(sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)
    wrong: int = 0
    """How often another code was said for this kiosk while this one was good."""
    wrong_from: str = Field(default="{}", sa_column_kwargs={"server_default": "{}"})
    """The same from each place, JSON: from where too many came this one is good no more, and from elsewhere it is."""
    used_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    key_mark: str = Field(default="", max_length=PROOF_LENGTH)
    """Of the key for which it was used: that one may ask again, if the answer was lost on the way."""
