"""What counts towards the next steps of alarms, in the database: a restart takes nothing from it, and adds nothing.

A row is written where a class or an alarm changes; every few seconds all of them say at once that the hub still looks.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, update
from sqlmodel import select

from hub.alarms.book import MatterKey
from hub.database.alarm_tables import CourseRow
from hub.database.rows_together import delete_each, put_rows
from hub.database.transactions import table_of, writing
from station.alarm_course import MatterCourse, is_pending, resumed
from station.alarms import Alarm, Matter
from station.duty import DutyClass
from station.milliseconds import moment_of, ms_of

LOOKED_EVERY: Final = timedelta(seconds=5)
MOST_AT_ONCE: Final = 25  # rows in one transaction: what kiosks send waits for no longer
_MS: Final = timedelta(milliseconds=1)
_COURSE: Final = table_of(CourseRow)
_COURSES: Final = select(CourseRow)
_IN_ORDER: Final = itemgetter(*_COURSE.c.keys())
_LOOKED: Final = update(CourseRow).values(looked_ms=bindparam("now_ms"))
_OVER: Final = "station = ? AND matter = ?"
_Mark = tuple[DutyClass, Alarm | None]


class LeftCourse(NamedTuple):
    """What an earlier life of the hub left of one matter; `closed_at` where the station has closed since."""

    course: MatterCourse
    closed_at: datetime | None


def read_courses(
    connection: Connection, alarms: Mapping[MatterKey, Alarm], now: datetime
) -> dict[MatterKey, LeftCourse]:
    """All that was left; `alarms` are those that are open."""
    found = {}
    for row in connection.execute(_COURSES):
        key = row.station, Matter(row.matter)
        mild, severe, waited = row.mild_ms * _MS, row.severe_ms * _MS, row.waited_ms * _MS
        seen = DutyClass(row.duty_class), moment_of(row.seen_ms)
        course = MatterCourse(key[1], alarms.get(key), seen, mild, severe, waited)
        has_closed = row.until_ms is not None and row.until_ms <= ms_of(now)
        closed_at = moment_of(row.until_ms) if has_closed else None
        found[key] = LeftCourse(resumed(course, moment_of(row.looked_ms)), closed_at)
    return found


class CourseKeeping:
    """Writes them; one for each life of the hub.

    Args:
        engine: the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[MatterKey, _Mark] = {}
        self._looked_at: datetime | None = None

    def know(self, keys: Iterable[MatterKey]) -> None:
        """These rows are there, by an earlier life."""
        self._kept |= dict.fromkeys(keys, (DutyClass.CLOSED, None))

    def keep(
        self, courses: Mapping[MatterKey, MatterCourse], closings: Mapping[str, datetime | None], now: datetime
    ) -> None:
        """Write what is otherwise than it was written.

        Raises:
            StoreTroubleError: it is not written, and will be.
        """
        pending = {key: mark for key, course in courses.items() if (mark := _mark(course)) is not None}
        gone = [key for key in self._kept if key not in pending]
        news = [key for key, mark in pending.items() if self._kept.get(key) != mark]
        for first in range(0, max(len(gone), len(news)), MOST_AT_ONCE):
            over, new = gone[first : first + MOST_AT_ONCE], news[first : first + MOST_AT_ONCE]
            rows = [_row(key, courses[key], closings.get(key[0]), now) for key in new]  # before its turn to write comes
            with writing(self._engine) as connection:
                delete_each(connection, _COURSE, _OVER, [(station, matter.value) for station, matter in over])
                put_rows(connection, _COURSE, rows)
            for key in over:
                del self._kept[key]
            self._kept |= {key: pending[key] for key in new}
        if self._kept and (self._looked_at is None or now - self._looked_at >= LOOKED_EVERY):
            self.note_looked(now)

    def note_looked(self, now: datetime) -> None:
        """Keep that the hub has looked up to now.

        Raises:
            StoreTroubleError: that is not kept.
        """
        if self._kept:
            with writing(self._engine) as connection:
                connection.execute(_LOOKED, {"now_ms": ms_of(now)})
        self._looked_at = now


def _mark(course: MatterCourse) -> _Mark | None:
    """By what a row is told to be otherwise; None where there is none."""
    return (course.seen[0], course.alarm) if course.seen is not None and is_pending(course) else None


def _row(key: MatterKey, course: MatterCourse, closing: datetime | None, now: datetime) -> tuple[object, ...]:
    assert course.seen is not None
    duty_class, seen_at = course.seen
    values = {
        "station": key[0], "matter": key[1].value, "duty_class": duty_class.value, "seen_ms": ms_of(seen_at),
        "looked_ms": ms_of(now), "mild_ms": course.mild // _MS, "severe_ms": course.severe // _MS,
        "waited_ms": course.waited // _MS, "until_ms": None if closing is None else ms_of(closing),
    }  # fmt: skip
    row: tuple[object, ...] = _IN_ORDER(values)
    return row
