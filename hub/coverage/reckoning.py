"""A station's days from the ledger, as rows: the same whenever and however often they are reckoned.

A day that is over depends on records, terms and kiosks alone; one that runs also on how far the records go.
"""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from hub.database.coverage_tables import CoverageDay, CoverageGap
from hub.database.transactions import table_of
from hub.giving_way import OneByOne
from hub.ledger.past import Marked, marked_at, moments_watched, stints_at, watched_by
from hub.ledger.queries import LEDGER_RUN, RUN
from hub.ledger.stint_rows import LedgerStint
from hub.register.rulebook import Rulebook
from station.accounting import DayAccount, ServedStint, day_account, tapped_at
from station.coverage import Interval, coverage, whole_of
from station.duty import DutyClass, StationRules
from station.hours import midnight_of
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import HUB_KIOSK, KioskId, StationCode
from station.stints import End, stint_at
from station.watching import WatchStretch

DAY: Final = table_of(CoverageDay)
GAP: Final = table_of(CoverageGap)
_DAY: Final = timedelta(days=1)
_IN_THE_END: Final = datetime.max.replace(tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_MARKED_ENDS: Final = (End.ASSUMED, End.LATE, End.OVERRUN)
_LAST_OF: Final = (
    select(func.max(LEDGER_RUN.c.last_ms))
    .join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id)
    .where(RUN.c.kiosk.in_(bindparam("kiosks", expanding=True)), LEDGER_RUN.c.last_ms <= bindparam("until_ms"))
    .group_by(RUN.c.kiosk)
)
_HUBS_RUNS: Final = select(RUN.c.id).where(RUN.c.kiosk == HUB_KIOSK, RUN.c.station == bindparam("station"))

Columns = dict[str, Any]


class Reckoned(NamedTuple):
    """One day, as rows of `CoverageDay` and `CoverageGap`."""

    row: Columns
    gaps: list[Columns]


class LedgerDays(NamedTuple):
    """What the ledger has of some days of a station, `until` then where it is not over by `now`."""

    stints: Sequence[LedgerStint]
    watched: Mapping[KioskId, Sequence[WatchStretch]]
    marked: Sequence[Marked]
    supplements: frozenset[int]
    until: datetime
    now: datetime


def reckon(
    connection: Connection,
    book: Rulebook,
    station: StationCode,
    days: Sequence[date],
    now: datetime,
    *,
    one_by_one: OneByOne = iter,
) -> list[Reckoned]:
    """These days of one station, all within a few weeks.

    Args:
        connection: sees the ledger as of one moment.
        book: the city.
        station: one that it knows.
        days: in order; none later than today.
        now: nothing lies ahead of it.
        one_by_one: in what way stints and days are gone through.
    """
    if not days:
        return []
    rules = book.rules(station, days[0], days[-1])
    zone = rules.calendar.zone
    since, until = midnight_of(days[0], zone), midnight_of(days[-1] + _DAY, zone)
    kiosks = {day: book.kiosks_in_service(station, day) for day in days}
    all_kiosks = sorted({kiosk for served in kiosks.values() for kiosk in served})
    known = LedgerDays(
        stints_at(connection, station, ms_of(since), ms_of(until), ended_ms=ms_of(since - _DAY), one_by_one=one_by_one),
        watched_by(connection, all_kiosks, ms_of(since), ms_of(until)),
        marked_at(connection, station, ms_of(since), ms_of(until)),
        frozenset(connection.execute(_HUBS_RUNS, {"station": station}).scalars()),
        _known_until(connection, all_kiosks, now) if until > now else now,
        now,
    )
    return [_reckon_day(station, day, rules, kiosks[day], known) for day in one_by_one(days)]


def _known_until(connection: Connection, kiosks: Sequence[KioskId], now: datetime) -> datetime:
    """The last moment that any of these kiosks has told of."""
    asked = {"kiosks": kiosks, "until_ms": ms_of(now)}
    found = connection.execute(_LAST_OF, asked).scalars().all() if kiosks else []
    return moment_of(max(found)) if found else now


def _reckon_day(
    station: StationCode, day: date, rules: StationRules, kiosks: Sequence[KioskId], known: LedgerDays
) -> Reckoned:
    whole = whole_of(day, rules.calendar.zone)
    is_over = whole.until <= known.now
    until = whole.until if is_over else max(whole.since, known.until)
    at = _IN_THE_END if is_over else until
    mine = [one for one in known.stints if one.stint.began_at < until and one.ended_at >= whole.since - _DAY]
    counted = [one for one in mine if one.counted]
    told = [one.stint if is_over else one.told for one in counted]
    watched = moments_watched({kiosk: known.watched[kiosk] for kiosk in kiosks})
    found = coverage(rules.calendar.periods_on(day), told, rules, Interval(whole.since, until), watched, now=until)
    ended = [one.stint if is_over else stint_at(one.told, until, rules) for one in counted]
    served = [
        ServedStint(
            stint,
            one.run in known.supplements,
            moment_or_none(one.confirmed_ms),
        )
        for one, stint in zip(counted, ended, strict=True)
    ]
    taps = (tap for stint in ended for tap in tapped_at(stint) if whole.holds(tap))
    account = day_account(found, served, taps, at, is_over=is_over)
    first, last = (bisect_left(known.marked, ms_of(at), key=attrgetter("at_ms")) for at in whole)
    marks = Counter(_marks(mine, known.marked[first:last], whole))
    return Reckoned(_row(station, day, until, account, marks), list(_gap_rows(station, day, account)))


def _marks(stints: Iterable[LedgerStint], marked: Iterable[Marked], whole: Interval) -> Iterator[str]:
    """What of the day waits for a review."""
    for one in stints:
        if not whole.holds(one.stint.began_at) or one.confirmed_ms is not None:
            continue
        if not one.counted:
            yield "unknown_card"
        if one.stint.claimed:
            yield "claimed"
        elif one.stint.is_off_hours:
            yield "off_hours"
        elif one.stint.end in _MARKED_ENDS:
            yield str(one.stint.end)
        if one.stint.uncertain:
            yield "uncertain"
        if one.stint.unmatched:
            yield "unmatched"
    yield from (tap.mark for tap in marked if whole.holds(moment_of(tap.at_ms)))


def _row(station: StationCode, day: date, until: datetime, account: DayAccount, marks: Mapping[str, int]) -> Columns:
    return {
        "day": day, "station": station, "until_ms": ms_of(until), "opened_ms": account.opened // _MS,
        "met_ms": account.lasting[DutyClass.MET] // _MS, "minimum_ms": account.lasting[DutyClass.MINIMUM] // _MS,
        "vacant_ms": account.lasting[DutyClass.VACANT] // _MS, "unknown_ms": account.lasting[DutyClass.UNKNOWN] // _MS,
        "partial_ms": account.partial // _MS, "assumed_ms": account.assumed // _MS, "union_ms": account.union // _MS,
        "person_ms": account.person // _MS, "supplemented_ms": account.supplemented // _MS,
        "verdict": account.verdict.value, "short_ms": account.short_by // _MS,
        "marks": json.dumps(dict(sorted(marks.items())), separators=(",", ":")),
    }  # fmt: skip


def _gap_rows(station: StationCode, day: date, account: DayAccount) -> Iterator[Columns]:
    for gap in account.gaps:
        watched = {kiosk: lasted // _MS for kiosk, lasted in sorted(gap.watched.items())}
        yield {
            "station": station, "day": day, "began_ms": ms_of(gap.began_at), "ended_ms": ms_of(gap.ended_at),
            "duty_class": gap.duty_class.value, "partial": gap.partial,
            "before_ms": None if gap.before is None else ms_of(gap.before),
            "after_ms": None if gap.after is None else ms_of(gap.after),
            "watched": json.dumps(watched, separators=(",", ":")),
        }  # fmt: skip
