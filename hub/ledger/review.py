"""The taps of a station's day as whoever corrects them sees them, and what of them waits for a person's word.

Reads what has been written. What waits are taps that changed nothing (`again`), that nothing went before (`unmatched`),
and stints that rest on an assumption, a claim or a clock in doubt, until somebody accepted them or put them right.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, select, text

from hub.database.ledger_tables import REVIEWED
from hub.giving_way import OneByOne
from hub.ledger.queries import LEDGER_TAP, RUN, STINT, VOID
from hub.ledger.segments import AGAIN, UNMATCHED
from hub.register.rulebook import Rulebook
from station.names import HUB_KIOSK, Epoch, KioskId, RecordName, Seq, StationCode
from station.records import ClockState
from station.stints import End

MOST_WAITING: Final = 5000


class Doubt(StrEnum):
    """Why a tap, or the stint that it began, waits for a person's word."""

    ASSUMED = "assumed"
    CLAIMED = "claimed"
    UNMATCHED = "unmatched"
    AGAIN = "again"
    UNCERTAIN = "uncertain"


class ReviewedTap(NamedTuple):
    """One tap.

    Attributes:
        name: its record's.
        token: the card's; of one that was added, the person.
        recorded_ms: where its record puts it, where somebody moved it.
        confirmed_ms: somebody accepted it; until when, 0 for as it is.
        is_added: it stands in the hub's own journal alone.
        began_ms: of the stint that it made; None where it made none, `ended_ms`, `end` likewise.
        doubts: why it waits; empty where it does not.
    """

    name: RecordName
    station: StationCode
    token: str
    action: str
    at_ms: int
    recorded_ms: int | None
    confirmed_ms: int | None
    is_void: bool
    is_added: bool
    is_proof: bool
    person: str | None
    began_ms: int | None
    ended_ms: int | None
    end: str | None
    doubts: tuple[Doubt, ...]


_COLUMNS: Final = (
    RUN.c.kiosk, RUN.c.epoch, LEDGER_TAP.c.seq, RUN.c.station, LEDGER_TAP.c.token, LEDGER_TAP.c.action,
    LEDGER_TAP.c.at_ms, LEDGER_TAP.c.recorded_ms, LEDGER_TAP.c.confirmed_ms, LEDGER_TAP.c.mark, LEDGER_TAP.c.proves,
    LEDGER_TAP.c.clock, STINT.c.person, STINT.c.counted, STINT.c.began_ms, STINT.c.ended_ms, STINT.c.end,
    STINT.c.claimed, STINT.c.uncertain,
)  # fmt: skip
_TAPS: Final = (
    select(*_COLUMNS)
    .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    .outerjoin(STINT, and_(STINT.c.run == LEDGER_TAP.c.run, STINT.c.seq == LEDGER_TAP.c.seq))
    .order_by(LEDGER_TAP.c.at_ms, RUN.c.kiosk, LEDGER_TAP.c.seq)
)


def taps_of_day(connection: Connection, station: str, since_ms: int, until_ms: int) -> list[ReviewedTap]:
    """The taps at a station in that time, in order, void ones among them."""
    return _read(connection, until_ms, RUN.c.station == station, LEDGER_TAP.c.at_ms.between(since_ms, until_ms - 1))


def taps_of_person(
    connection: Connection, book: Rulebook, person: str, since_ms: int, until_ms: int
) -> list[ReviewedTap]:
    """The taps of a person in that time, wherever they were, in order, void ones among them."""
    found = _read(
        connection, until_ms, LEDGER_TAP.c.token.in_(book.cards(person)),
        LEDGER_TAP.c.at_ms.between(since_ms, until_ms - 1),
    )  # fmt: skip
    return [tap for tap in found if book.identity(tap.token, tap.at_ms).person == person]


def tap_named(connection: Connection, name: RecordName, now_ms: int) -> ReviewedTap | None:
    """The tap of that name."""
    named = RUN.c.kiosk == name.kiosk, RUN.c.epoch == name.epoch, LEDGER_TAP.c.seq == name.seq
    return next(iter(_read(connection, now_ms, *named)), None)


def waiting(connection: Connection, since_ms: int, now_ms: int, one_by_one: OneByOne = iter) -> list[ReviewedTap]:
    """The taps since then that wait for a person's word, in order; of very many the latest."""
    yes = "1" if connection.dialect.name == "sqlite" else "true"
    # As the partial indexes say it, and by each alone: else all taps and stints of that time were gone through.
    of_stint = select(STINT.c.run, STINT.c.seq).where(
        text(REVIEWED.format(yes=yes)), STINT.c.began_ms.between(since_ms, now_ms)
    )
    of_tap = select(LEDGER_TAP.c.run, LEDGER_TAP.c.seq).where(
        LEDGER_TAP.c.mark.is_not(None), LEDGER_TAP.c.at_ms.between(since_ms, now_ms)
    )
    named = of_stint.union(of_tap).subquery()
    query = select(*_COLUMNS).select_from(
        named.join(LEDGER_TAP, and_(LEDGER_TAP.c.run == named.c.run, LEDGER_TAP.c.seq == named.c.seq))
        .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
        .outerjoin(STINT, and_(STINT.c.run == LEDGER_TAP.c.run, STINT.c.seq == LEDGER_TAP.c.seq))
    )
    latest = query.where(LEDGER_TAP.c.confirmed_ms.is_(None)).order_by(LEDGER_TAP.c.at_ms.desc()).limit(MOST_WAITING)
    found = [_tap(row, now_ms) for row in one_by_one(connection.execute(latest))]
    return [tap for tap in reversed(found) if tap.doubts]


def _read(connection: Connection, now_ms: int, *where: ColumnElement[bool]) -> list[ReviewedTap]:
    return [_tap(row, now_ms) for row in connection.execute(_TAPS.where(*where))]


def _tap(row: Any, now_ms: int) -> ReviewedTap:
    kiosk = KioskId(row.kiosk)
    return ReviewedTap(
        name=RecordName(kiosk, Epoch(row.epoch), Seq(row.seq)), station=StationCode(row.station), token=row.token,
        action=row.action, at_ms=row.at_ms, recorded_ms=row.recorded_ms, confirmed_ms=row.confirmed_ms,
        is_void=row.mark == VOID, is_added=kiosk == HUB_KIOSK, is_proof=bool(row.proves), person=row.person,
        began_ms=row.began_ms, ended_ms=row.ended_ms, end=row.end, doubts=tuple(_doubts(row, now_ms)),
    )  # fmt: skip


def _doubts(row: Any, now_ms: int) -> Iterable[Doubt]:
    if row.confirmed_ms is not None or row.mark == VOID:
        return
    is_over = row.counted and row.ended_ms is not None and row.ended_ms <= now_ms
    if is_over and row.end == End.ASSUMED.value:
        yield Doubt.ASSUMED
    if is_over and row.claimed:
        yield Doubt.CLAIMED
    if row.mark == UNMATCHED:
        yield Doubt.UNMATCHED
    if row.mark == AGAIN:
        yield Doubt.AGAIN
    if (is_over and row.uncertain) or (row.began_ms is None and row.clock != ClockState.SYNCED.value and row.mark):
        yield Doubt.UNCERTAIN
