"""One station's days with their gaps and revisions, and how far all of it is settled: for pages and API."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, select
from sqlmodel import select as sqlmodel_select

from hub.coverage.keeper import REVISION
from hub.coverage.reckoning import DAY, GAP
from hub.coverage.sums import DayStretch
from hub.database.tables import Kiosk
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, RUN, VOID
from hub.ledger.touched import DUE
from station.hours import midnight_of
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import HUB_KIOSK

BEHIND_AFTER: Final = timedelta(minutes=11)  # a kiosk gives a sign of life each five minutes


class ByHand(StrEnum):
    """How a person came to have put a tap where it stands."""

    ADDED = "added"
    """No kiosk saw it."""
    MOVED = "moved"
    """A kiosk recorded it at another time."""


_BY_HAND: Final = case((RUN.c.kiosk == HUB_KIOSK, 2), (LEDGER_TAP.c.recorded_ms.is_not(None), 1), else_=0)
_PUT_THERE: Final = (
    select(LEDGER_TAP.c.at_ms, func.min(_BY_HAND).label("how"))
    .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    .where(
        RUN.c.station == bindparam("station"),
        LEDGER_TAP.c.at_ms.between(bindparam("since_ms"), bindparam("until_ms")),
        func.coalesce(LEDGER_TAP.c.mark, "") != VOID,
    )
    .group_by(LEDGER_TAP.c.at_ms)
    .having(func.min(_BY_HAND) > 0)
)


class GapFound(NamedTuple):
    """A row of `CoverageGap`, read."""

    station: str
    day: date
    began_at: datetime
    ended_at: datetime
    duty_class: str
    partial: bool
    before: datetime | None
    after: datetime | None
    watched: dict[str, int]
    before_by: ByHand | None = None
    """Whether a person put that tap there afterwards, and how."""
    after_by: ByHand | None = None


class DayFound(NamedTuple):
    """A row of `CoverageDay`, read; and whether it waits to be reckoned anew."""

    figures: dict[str, Any]
    marks: dict[str, int]
    is_due: bool
    gaps: list[GapFound]


class Revised(NamedTuple):
    """How a day that was over came to be otherwise."""

    station: str
    day: date
    at: datetime
    why: str
    before: dict[str, Any]
    after: dict[str, Any]


class SettledThrough(NamedTuple):
    """Up to when every kiosk has told everything that is due, and how many are behind; None where none ever told."""

    through: datetime | None
    behind: int


def read_days(connection: Connection, station: str, stretch: DayStretch) -> list[DayFound]:
    """A station's days, in order."""
    gaps: dict[date, list[GapFound]] = {}
    for gap in read_gaps(connection, station, stretch):
        gaps.setdefault(gap.day, []).append(gap)
    due = set(connection.execute(select(DUE.c.day).where(DUE.c.station == station)).scalars())
    where = (DAY.c.station == station, DAY.c.day.between(stretch.first, stretch.last))
    rows = connection.execute(select(DAY).where(*where).order_by(DAY.c.day)).mappings()
    return [DayFound(dict(row), json.loads(row["marks"]), row["day"] in due, gaps.get(row["day"], [])) for row in rows]


def read_gaps(connection: Connection, station: str, stretch: DayStretch) -> list[GapFound]:
    """All gaps of a station, in order of time: a sheet that left some out would not add up to its days."""
    where = (GAP.c.station == station, GAP.c.day.between(stretch.first, stretch.last))
    rows = connection.execute(select(GAP).where(*where).order_by(GAP.c.began_ms)).all()
    beside = [ms for row in rows for ms in (row.before_ms, row.after_ms) if ms is not None]
    by_hand = _put_there(connection, station, min(beside), max(beside)) if beside else {}
    return [
        GapFound(
            row.station, row.day, moment_of(row.began_ms), moment_of(row.ended_ms), row.duty_class, bool(row.partial),
            moment_or_none(row.before_ms), moment_or_none(row.after_ms), json.loads(row.watched),
            by_hand.get(row.before_ms), by_hand.get(row.after_ms),
        )
        for row in rows
    ]  # fmt: skip


def _put_there(connection: Connection, station: str, since_ms: int, until_ms: int) -> dict[int | None, ByHand]:
    """Where taps stand at that station by a person's word; not where a kiosk saw one at the same moment."""
    asked = {"station": station, "since_ms": since_ms, "until_ms": until_ms}
    rows = connection.execute(_PUT_THERE, asked)
    return {row.at_ms: ByHand.MOVED if row.how == 1 else ByHand.ADDED for row in rows}


def read_revisions(connection: Connection, station: str, stretch: DayStretch, last: int = 50) -> list[Revised]:
    """How days of a stretch came to be otherwise, the latest first."""
    where = (REVISION.c.station == station, REVISION.c.day.between(stretch.first, stretch.last))
    rows = connection.execute(select(REVISION).where(*where).order_by(REVISION.c.number.desc()).limit(last))
    return [
        Revised(row.station, row.day, moment_of(row.at_ms), row.why, json.loads(row.before), json.loads(row.after))
        for row in rows
    ]


def settled_of(connection: Connection, stations: Iterable[str], stretch: DayStretch, now: datetime) -> SettledThrough:
    """How far the days of these stations are settled; `now` is by the city's clocks."""
    return read_settled_through(connection, _due(connection, stations, stretch, now), now)


def _due(connection: Connection, stations: Iterable[str], stretch: DayStretch, now: datetime) -> dict[str, datetime]:
    """The kiosks that were in service on a day of the stretch, and until when each has something of it to tell."""
    wanted, due = set(stations), {}
    after = stretch.last + timedelta(days=1)
    for row in connection.execute(sqlmodel_select(Kiosk)):
        ends = min(after, row.in_service_to or date.max)
        if row.station in wanted and row.in_service_from <= min(stretch.last, now.date()) and stretch.first < ends:
            revoked_at = now if row.revoked_ms is None else moment_of(row.revoked_ms)
            due[row.id] = min(now, midnight_of(ends, now.tzinfo or UTC), revoked_at)
    return due


def read_settled_through(connection: Connection, due: Mapping[str, datetime], now: datetime) -> SettledThrough:
    """Of these kiosks, and up to when each is to tell: until now, or where its service or the stretch ended before."""
    last_ms = LEDGER_RUN.c.last_ms
    rows = connection.execute(
        select(
            RUN.c.kiosk,
            func.max(case((LEDGER_RUN.c.is_tip, last_ms))),
            func.max(case((last_ms <= ms_of(now), last_ms))),
        )
        .join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id)
        .group_by(RUN.c.kiosk)
    )
    # Of a kiosk whose runs contradict each other none is the last for sure; it has told something all the same.
    found = {kiosk: tip if tip is not None else told for kiosk, tip, told in rows if kiosk in due}
    last = {kiosk: at_ms for kiosk, at_ms in found.items() if at_ms is not None}
    behind = {kiosk for kiosk, at in due.items() if last.get(kiosk, -1) < ms_of(at - BEHIND_AFTER)}
    awaited = [at_ms for kiosk, at_ms in last.items() if kiosk in behind or due[kiosk] == now]
    ended = [ms_of(due[kiosk]) for kiosk in last]
    through = min(awaited) if awaited else max(ended, default=None)
    return SettledThrough(moment_or_none(through), len(behind))
