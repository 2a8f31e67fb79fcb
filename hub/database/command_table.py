"""What was asked of kiosks over the wire, by whom, and what came of it; and the settings that are wanted of them.

Moments are whole milliseconds of UTC since 1970.
"""

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH

MAX_SAID = 500


class KioskSettings(SQLModel, table=True):
    """What the hub wants of a kiosk's settings; all of it, over the kiosk's own."""

    __tablename__: ClassVar[str] = "kiosk_settings"

    kiosk: str = Field(primary_key=True, max_length=NAME_LENGTH)
    version: int
    """Rises with each wish; the kiosk tells which one it holds."""
    settings: str
    """JSON."""
    by: str
    at_ms: int = Field(sa_type=BigInteger)


class KioskCommand(SQLModel, table=True):
    """One command to one kiosk."""

    __tablename__: ClassVar[str] = "kiosk_command"

    id: str = Field(primary_key=True, max_length=NAME_LENGTH)
    kiosk: str = Field(index=True, max_length=NAME_LENGTH)
    name: str = Field(max_length=NAME_LENGTH)
    args: str = "{}"
    """JSON: text by name."""
    by: str
    asked_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(index=True, sa_type=BigInteger)
    """No kiosk begins it after."""
    answered_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """When the kiosk said last what came of it."""
    outcome: str = Field(default="", max_length=NAME_LENGTH)
    """`hub.asking.asked.Outcome`; empty where the kiosk has said nothing."""
    said: str = Field(default="", max_length=MAX_SAID)
    found: str = Field(default="", repr=False)
    """JSON: what was asked for, by name; empty where nothing was, or where it lies elsewhere."""
