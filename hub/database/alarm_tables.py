"""Alarms, what became of them, and the messages about them that are to go out or have.

A message is written in the transaction of what it tells. Nobody's name or number stands here but that of who acted.
Moments are whole milliseconds of UTC since 1970.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, Index, false, text
from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH

ANSWER_LENGTH = 200
PLACE_LENGTH = 48
"""Of a station's code, or of `district/` with a district's and a number."""


class ChannelRow(SQLModel, table=True):
    """Somebody to be told, and how; what limits nothing is empty."""

    __tablename__: ClassVar[str] = "channel"

    name: str = Field(primary_key=True, max_length=NAME_LENGTH)
    sort: str = Field(max_length=NAME_LENGTH)
    address: str = Field(repr=False)
    """Of a robot with its key in it; empty once the channel is removed."""
    secret: str = Field(default="", repr=False)
    mobiles: str = Field(default="", repr=False)
    """Whom a robot calls by name, by number, with blanks between."""
    district: str = Field(default="", max_length=NAME_LENGTH)
    kind: str = Field(default="", max_length=NAME_LENGTH)
    station: str = Field(default="", max_length=NAME_LENGTH)
    tells_short: bool = False
    """Whether it is also told where the minimum is there and the target is not."""
    by: str
    made_ms: int = Field(sa_type=BigInteger)
    removed_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)


class AlarmRow(SQLModel, table=True):
    """One alarm, of a station or of the whole city."""

    __tablename__: ClassVar[str] = "alarm"
    __table_args__ = (
        Index(
            "ix_alarm_running", "station", "matter", unique=True,
            sqlite_where=text("over_ms IS NULL"), postgresql_where=text("over_ms IS NULL"),
        ),
    )  # fmt: skip

    number: int | None = Field(default=None, primary_key=True)
    station: str = Field(index=True, max_length=PLACE_LENGTH)
    """Empty for the city's own; `district/` and its code for stations of it that fell silent together."""
    matter: str = Field(max_length=NAME_LENGTH)
    lack: str = Field(max_length=NAME_LENGTH)
    level: int
    since_ms: int = Field(sa_type=BigInteger)
    raised_ms: int = Field(sa_type=BigInteger)
    on_duty: int
    wanted: int
    acknowledged_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    snoozed_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """Nobody further is told before."""
    closed_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """When somebody closed it."""
    over_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """When what it tells of was over."""
    ending: str = Field(default="", max_length=NAME_LENGTH)


class AlarmMember(SQLModel, table=True):
    """One station's time in an alarm of several that fell silent together."""

    __tablename__: ClassVar[str] = "alarm_member"
    __table_args__ = (
        Index(
            "ix_alarm_member_now", "station", unique=True,
            sqlite_where=text("left_ms IS NULL"), postgresql_where=text("left_ms IS NULL"),
        ),
    )  # fmt: skip

    number: int | None = Field(default=None, primary_key=True)
    alarm: int = Field(foreign_key="alarm.number", index=True)
    station: str = Field(max_length=NAME_LENGTH)
    joined_ms: int = Field(sa_type=BigInteger)
    left_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """When it was back, had closed, or the group was over."""
    has_closed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it left by closing, or is gone: nobody saw it come back."""


class AlarmStep(SQLModel, table=True):
    """One thing that became of an alarm; never edited."""

    __tablename__: ClassVar[str] = "alarm_step"

    number: int | None = Field(default=None, primary_key=True)
    alarm: int = Field(foreign_key="alarm.number", index=True)
    at_ms: int = Field(sa_type=BigInteger)
    what: str = Field(max_length=NAME_LENGTH)
    level: int
    by: str = ""
    """Empty for the hub itself."""
    why: str = ""


class MessageRow(SQLModel, table=True):
    """One thing for one channel: on its way, sent, or given up; and what was answered."""

    __tablename__: ClassVar[str] = "message"

    number: int | None = Field(default=None, primary_key=True)
    alarm: int | None = Field(default=None, nullable=True, foreign_key="alarm.number", index=True)
    channel: str = Field(foreign_key="channel.name", max_length=NAME_LENGTH)
    what: str = Field(max_length=NAME_LENGTH)
    on_duty: int
    wanted: int
    why: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why the station lacked somebody then, and what to do, in a line."""
    made_ms: int = Field(sa_type=BigInteger)
    due_ms: int | None = Field(nullable=True, index=True, sa_type=BigInteger)
    """When it is tried next; none once it is sent or given up."""
    tries: int = 0
    tried_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    sent_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    answer: str = Field(default="", max_length=ANSWER_LENGTH)


class CourseRow(SQLModel, table=True):
    """What has counted at one station towards the next step, so that a restart takes nothing from it.

    A row is written when the class changes, and goes when nothing lacks; the time since `seen_ms` counts by its class
    up to `looked_ms`, as of which the hub ran.
    """

    __tablename__: ClassVar[str] = "alarm_course"

    station: str = Field(primary_key=True, max_length=PLACE_LENGTH)
    matter: str = Field(primary_key=True, max_length=NAME_LENGTH)
    duty_class: str = Field(max_length=NAME_LENGTH)
    seen_ms: int = Field(sa_type=BigInteger)
    looked_ms: int = Field(sa_type=BigInteger)
    mild_ms: int = Field(sa_type=BigInteger)
    severe_ms: int = Field(sa_type=BigInteger)
    waited_ms: int = Field(sa_type=BigInteger)
    until_ms: int | None = Field(default=None, nullable=True, sa_type=BigInteger)
    """When the opening ends by which it counts; a hub that starts later begins anew."""
