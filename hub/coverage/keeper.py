"""Keeps the coverage of all days: whatever the ledger, the calendar or the city says otherwise is reckoned anew.

What is due stands in the database since the ledger was written, so a hub that is killed goes on. Days that are over go
station by station; today's are looked at now and then, for every sign of life changes them.
"""

import json
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, and_, bindparam, delete, insert, select

from hub.coverage.following import FollowNote, in_notes, look, write_down
from hub.coverage.reckoning import DAY, GAP, Reckoned, reckon
from hub.coverage.sums import sum_months
from hub.database.coverage_tables import CoverageRevision
from hub.database.transactions import snapshot, table_of, writing
from hub.giving_way import OneByOne, giving_way
from hub.ledger.queries import STINT
from hub.ledger.touched import DUE
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from station.clock import Clock
from station.hours import midnight_of
from station.milliseconds import moment_of, ms_of
from station.names import StationCode

LOOK_EVERY_S: Final = 2.0
REST_S: Final = 0.05  # at least, between two pieces of work
PAUSE: Final = 9  # and so many times as long as the last one took: taps and pages have the rest of the processor
TODAY_EVERY: Final = timedelta(seconds=20)
AT_ONCE: Final = 31  # days of one station in a transaction: a month in which hardly anybody came, some 20 ms
MOST_STINTS: Final = 150  # and so many stints, some 10 ms: of a station where hundreds tap it is a day
LATE_AFTER: Final = timedelta(
    hours=1
)  # what changes a day so long after its end is told; before, it is still coming in
_DAY: Final = timedelta(days=1)
REVISION: Final = table_of(CoverageRevision)
_TOLD: Final = (
    *("opened_ms", "met_ms", "minimum_ms", "vacant_ms", "unknown_ms"),
    *("union_ms", "person_ms", "supplemented_ms", "verdict"),
)
_DONE: Final = delete(DUE).where(
    and_(DUE.c.station == bindparam("of"), DUE.c.day == bindparam("on"), DUE.c.number == bindparam("as_read"))
)
_NEWEST_DUE: Final = (
    select(DUE.c.station, DUE.c.day).where(DUE.c.day <= bindparam("last")).order_by(DUE.c.day.desc()).limit(1)
)
_DUE_OF: Final = (
    select(DUE)
    .where(DUE.c.station == bindparam("of"), DUE.c.day <= bindparam("last"), DUE.c.day > bindparam("before"))
    .order_by(DUE.c.day)
)
_STINT_BEFORE: Final = (
    select(STINT.c.began_ms)
    .where(STINT.c.station == bindparam("of"), STINT.c.began_ms < bindparam("until_ms"))
    .order_by(STINT.c.began_ms.desc())
    .limit(1)
    .offset(MOST_STINTS)
)
_DAYS_OF: Final = select(DAY).where(DAY.c.station == bindparam("of"), DAY.c.day.in_(bindparam("days", expanding=True)))
_FORGET_DAYS: Final = delete(DAY).where(and_(DAY.c.station == bindparam("of"), DAY.c.day == bindparam("on")))
_FORGET_GAPS: Final = delete(GAP).where(and_(GAP.c.station == bindparam("of"), GAP.c.day == bindparam("on")))


class CoverageKeeper:
    """All stations' days.

    Args:
        engine: the database.
        directory: the city.
        clock: whose now it is.
    """

    def __init__(self, engine: Engine, directory: Directory, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._newest = directory
        self._followed: tuple[int, date] | None = None
        self._notes: Iterator[FollowNote] = iter(())
        self._book = Rulebook(directory)
        self._today_at: datetime | None = None

    def learn(self, directory: Directory) -> None:
        """Take the city as a change has left it. From any thread."""
        self._newest = directory

    def catch_up(self) -> None:
        """Reckon all that is due, today too.

        Raises:
            StoreTroubleError: it is due still.
        """
        self._today_at = None
        self._followed = None
        while self.work():
            pass

    def round(self) -> float:
        """Reckon some of what is due, and say for how long to rest.

        Raises:
            StoreTroubleError: it is due still.
        """
        began_s = time.thread_time()
        has_more = self.work(giving_way)
        return max(REST_S, PAUSE * (time.thread_time() - began_s)) if has_more else LOOK_EVERY_S

    def work(self, one_by_one: OneByOne = iter) -> bool:
        """Reckon some of what is due; whether there may be more.

        Args:
            one_by_one: in what way many things are gone through.

        Raises:
            StoreTroubleError: it is due still.
        """
        now = self._clock.now()
        today = self._follow(now)
        if self._note_some():
            return True
        is_for_today = self._today_at is None or not timedelta(0) <= now - self._today_at < TODAY_EVERY
        with snapshot(self._engine) as connection:
            due = _read_due(connection, self._book, today, with_today=is_for_today)
            if not due:
                self._today_at = now if is_for_today else self._today_at
                return False
            station, days = due[0].station, [one.day for one in due]
            served = [day for day in days if self._book.knows(station) and self._book.kiosks_in_service(station, day)]
            found = reckon(connection, self._book, station, served, now, one_by_one=one_by_one)
            before = _read_before(connection, station, days)
        with writing(self._engine) as connection:
            _forget(connection, station, days)
            _write(connection, found, before, {one.day: one.why for one in due}, now)
            sum_months(connection, station, days)
            connection.execute(_DONE, [{"of": one.station, "on": one.day, "as_read": one.number} for one in due])
        return True

    def _follow(self, now: datetime) -> date:
        directory = self._newest
        today = now.astimezone(directory.zone).date()
        if self._followed != (directory.edition, today):
            self._book = Rulebook(directory)
            with snapshot(self._engine) as connection:
                self._notes = in_notes(look(connection, directory, self._book, today))
            self._followed = (directory.edition, today)
        return today

    def _note_some(self) -> bool:
        """Whether there was any."""
        note = next(self._notes, None)
        if note is None:
            return False
        try:
            with writing(self._engine) as connection:
                write_down(connection, note)
        except BaseException:
            self._followed = None  # to be looked for anew
            raise
        return True


def _read_due(connection: Connection, book: Rulebook, today: date, *, with_today: bool) -> list[Any]:
    """Some of one station's, the newest first, and no more than is soon reckoned; days that have not come wait."""
    last = today if with_today else today - _DAY
    first = connection.execute(_NEWEST_DUE, {"last": last}).one_or_none()
    if first is None:
        return []
    until_ms = ms_of(midnight_of(first.day + _DAY, book.zone))
    crowded_ms = connection.execute(_STINT_BEFORE, {"of": first.station, "until_ms": until_ms}).scalar()
    before = first.day - AT_ONCE * _DAY
    if crowded_ms is not None:
        before = max(before, min(book.day_of(moment_of(crowded_ms)), first.day - _DAY))
    return list(connection.execute(_DUE_OF, {"of": first.station, "last": last, "before": before}))


def _read_before(connection: Connection, station: StationCode, days: Iterable[date]) -> dict[date, dict[str, Any]]:
    rows = connection.execute(_DAYS_OF, {"of": station, "days": list(days)}).mappings()
    return {row["day"]: dict(row) for row in rows}


def _forget(connection: Connection, station: StationCode, days: Iterable[date]) -> None:
    """What was reckoned of these days; one on which no kiosk was in service has no row."""
    named = [{"of": station, "on": day} for day in days]
    connection.execute(_FORGET_GAPS, named)
    connection.execute(_FORGET_DAYS, named)


def _write(
    connection: Connection,
    found: list[Reckoned],
    before: dict[date, dict[str, Any]],
    why: dict[date, str],
    now: datetime,
) -> None:
    if not found:
        return
    gaps = [gap for one in found for gap in one.gaps]
    connection.execute(insert(DAY), [one.row for one in found])
    if gaps:
        connection.execute(insert(GAP), gaps)
    revised: list[dict[str, Any]] = []
    for one in found:
        day, was = one.row["day"], before.get(one.row["day"])
        changed = _changed(was, one.row, now)
        if was is not None and changed:
            figures = ({name: row[name] for name in changed} for row in (was, one.row))
            said = dict(zip(("before", "after"), map(json.dumps, figures), strict=True))
            revised.append({"station": one.row["station"], "day": day, "at_ms": ms_of(now), "why": why[day], **said})
    if revised:
        connection.execute(insert(REVISION), revised)


def _changed(was: dict[str, Any] | None, row: dict[str, Any], now: datetime) -> list[str]:
    """Which figures of a day that was over are otherwise, where that is to be told."""
    is_old = ms_of(now - LATE_AFTER) >= row["until_ms"]
    if was is None or was["until_ms"] != row["until_ms"] or not is_old:
        return []
    return [name for name in _TOLD if was[name] != row[name]]
