"""Who is expected on duty when (值班表): a station's week from a day on, and single days that are otherwise.

People stand in it by their opaque ids. Whether somebody still belongs to the station is asked when it is read.
"""

from datetime import date
from typing import ClassVar

from sqlmodel import Field, SQLModel

from hub.database.tables import NAME_LENGTH


class ShiftWeekRow(SQLModel, table=True):
    """A station's week, from one day until the next row's; before the first nobody is expected."""

    __tablename__: ClassVar[str] = "shift_week"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    from_day: date = Field(primary_key=True)
    shifts: str
    """JSON: rows of weekday (0 is Monday), the minutes of opening and closing, and who is expected."""


class ShiftDayRow(SQLModel, table=True):
    """One day on which others are expected than the week says."""

    __tablename__: ClassVar[str] = "shift_day"

    station: str = Field(primary_key=True, foreign_key="station.code", max_length=NAME_LENGTH)
    day: date = Field(primary_key=True)
    shifts: str
    """JSON: as of a week, without the weekday; none where nobody is expected."""
    reason: str = ""
