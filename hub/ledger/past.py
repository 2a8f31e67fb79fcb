"""What the ledger says of a stretch of time: for the board at a start, and for any day that somebody asks about.

Reads what has been written; a hub at work is at most a second behind with that.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from hub.giving_way import OneByOne
from hub.ledger.change import WatchedStretch
from hub.ledger.outlines import Outline
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, NAME_COLUMNS, OUTLINE_COLUMNS, RUN, STINT, VOID, WATCHED, RunName
from hub.ledger.stint_rows import LedgerStint, ledger_stint_of
from station.coverage import Interval
from station.milliseconds import moment_of
from station.names import HUB_KIOSK, KioskId, StationCode
from station.watching import WatchStretch

LONGEST_MS: Final = timedelta(days=3) // timedelta(milliseconds=1)  # no stint lasts so long, whatever its terms
_OF_STATION: Final = (
    select(STINT)
    .where(
        STINT.c.station == bindparam("station"),
        STINT.c.began_ms.between(bindparam("since_ms") - LONGEST_MS, bindparam("until_ms")),
        STINT.c.ended_ms >= bindparam("ended_ms"),
    )
    .order_by(STINT.c.began_ms, STINT.c.run, STINT.c.seq)
)
_RUNS_SINCE: Final = (
    select(*NAME_COLUMNS, RUN.c.through, *OUTLINE_COLUMNS)
    .join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id)
    .where(LEDGER_RUN.c.last_ms >= bindparam("since_ms"), RUN.c.kiosk != HUB_KIOSK)  # no kiosk is told of that
    .order_by(RUN.c.id)
)
_WATCHED: Final = select(WATCHED).where(
    WATCHED.c.run.in_(bindparam("runs", expanding=True)), WATCHED.c.until_ms >= bindparam("since_ms")
)
_WATCHED_BY: Final = (
    select(RUN.c.kiosk, WATCHED.c.since_ms, WATCHED.c.until_ms)
    .join(RUN, RUN.c.id == WATCHED.c.run)
    .where(
        RUN.c.kiosk.in_(bindparam("kiosks", expanding=True)),
        WATCHED.c.until_ms >= bindparam("since_ms"),
        WATCHED.c.since_ms <= bindparam("until_ms"),
    )
    .order_by(WATCHED.c.since_ms)
)
_MARKED: Final = (
    select(LEDGER_TAP.c.token, LEDGER_TAP.c.at_ms, LEDGER_TAP.c.mark)
    .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    .where(
        RUN.c.station == bindparam("station"),
        LEDGER_TAP.c.mark != VOID,
        LEDGER_TAP.c.confirmed_ms.is_(None),
        LEDGER_TAP.c.at_ms.between(bindparam("since_ms"), bindparam("until_ms")),
    )
    .order_by(LEDGER_TAP.c.at_ms)
)
_FIRST: Final = (
    select(func.min(func.coalesce(LEDGER_RUN.c.known_from_ms, LEDGER_RUN.c.started_ms, LEDGER_RUN.c.last_ms)))
    .join(RUN, RUN.c.id == LEDGER_RUN.c.run)
    .where(RUN.c.station == bindparam("station"))
)


class FoldedRun(NamedTuple):
    """A run, how it is folded, and how far it is stored without a break."""

    name: RunName
    through: int
    outline: Outline


class Marked(NamedTuple):
    """A tap that wants a review."""

    token: str
    at_ms: int
    mark: str


def stints_at(
    connection: Connection,
    station: StationCode,
    since_ms: int,
    until_ms: int,
    *,
    ended_ms: int | None = None,
    one_by_one: OneByOne = iter,
) -> list[LedgerStint]:
    """The stints at a station that may overlap that time, as they began; none that ended before `ended_ms`."""
    ended_ms = since_ms - LONGEST_MS if ended_ms is None else ended_ms
    asked = {"station": station, "since_ms": since_ms, "until_ms": until_ms, "ended_ms": ended_ms}
    return [ledger_stint_of(row) for row in one_by_one(connection.execute(_OF_STATION, asked))]


def watched_by(
    connection: Connection, kiosks: Iterable[KioskId], since_ms: int, until_ms: int
) -> dict[KioskId, list[WatchStretch]]:
    """When each of these kiosks watched, as far as that touches that time, in order."""
    found: dict[KioskId, list[WatchStretch]] = {kiosk: [] for kiosk in kiosks}
    asked = {"kiosks": list(found), "since_ms": since_ms, "until_ms": until_ms}
    for row in connection.execute(_WATCHED_BY, asked) if found else ():
        found[KioskId(row.kiosk)].append(WatchStretch(row.since_ms, row.until_ms))
    return found


def moments_watched(stretches: Mapping[KioskId, Sequence[WatchStretch]]) -> dict[KioskId, list[Interval]]:
    """The same by the clock."""
    return {
        kiosk: [Interval(moment_of(one.since_ms), moment_of(one.until_ms)) for one in some]
        for kiosk, some in stretches.items()
    }


def followed_since(connection: Connection, since_ms: int) -> list[FoldedRun]:
    """The runs with a record made since then."""
    width = len(NAME_COLUMNS)
    return [
        FoldedRun(RunName(*row[:width]), row[width], Outline(*row[width + 1 :]))
        for row in connection.execute(_RUNS_SINCE, {"since_ms": since_ms})
    ]


def watched_in(connection: Connection, runs: Iterable[int], since_ms: int) -> list[WatchedStretch]:
    """When these runs' kiosks watched since then."""
    asked = {"runs": list(runs), "since_ms": since_ms}
    return [WatchedStretch(*row) for row in connection.execute(_WATCHED, asked)]


def marked_at(connection: Connection, station: StationCode, since_ms: int, until_ms: int) -> list[Marked]:
    """The taps at a station in that time that want a review, in order."""
    asked = {"station": station, "since_ms": since_ms, "until_ms": until_ms}
    return [Marked(*row) for row in connection.execute(_MARKED, asked)]


def first_recorded_ms(connection: Connection, station: StationCode) -> int | None:
    """When the first record was made there that is folded; None where there is none."""
    found: int | None = connection.execute(_FIRST, {"station": station}).scalar()
    return found
