"""What the hub says of past days: by its ledger, and by what it holds in memory of the last two."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine, select

from hub.coverage.reckoning import DAY as COVERAGE_DAY
from hub.coverage.reckoning import GAP as COVERAGE_GAP
from hub.database.transactions import snapshot
from hub.ledger.past import LONGEST_MS, stints_at, watched_by
from hub.ledger.stint_rows import LedgerStint
from hub.rebuilding.anew import made_anew
from hub.rebuilding.differences import differences
from hub.rebuilding.recounting import coverage_differences
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from simulator.opening import DAY, ZONE
from simulator.world.hub import HubLife
from simulator.world.registry import Registry
from station.coverage import shift_of
from station.duty import StationRules, class_of
from station.milliseconds import moment_of, ms_of
from station.names import KioskId, StationCode
from station.stints import stint_at
from station.watching import WatchStretch

_AFTER: Final = timedelta(hours=12)  # a day of a station that never closes is through by then
_TOGETHER: Final = 7  # days read at once


class _Turn(NamedTuple):
    """Then one of four counts, by its place in `_steps`, changes by so much."""

    at_ms: int
    which: int
    by: int


class Past(NamedTuple):
    """Who was where, by station, and when kiosks watched."""

    stints: Mapping[StationCode, Iterable[LedgerStint]]
    watched: Mapping[KioskId, Iterable[tuple[datetime, datetime]]]


def ledger_differences(directory: Directory, engine: Engine) -> Iterator[str]:
    """Where the ledger that the hub kept differs from one made anew, a line each."""
    book = Rulebook(directory)
    with snapshot(engine) as connection, made_anew(connection, book, _in_silence):
        yield from differences(connection, book)


def coverage_differences_at(directory: Directory, engine: Engine, now: datetime) -> Iterator[str]:
    """Where the coverage that the hub kept differs from what a ledger made anew comes to, a line each."""
    book = Rulebook(directory)
    with snapshot(engine) as connection, made_anew(connection, book, _in_silence):
        yield from coverage_differences(connection, directory, book, now, Random(1))


def _in_silence(work: list[str], unit: str) -> Iterable[str]:  # noqa: ARG001  as `Shown`
    return work


def kept(registry: Registry, engine: Engine, days: Sequence[date]) -> Iterator[tuple[date, Past]]:
    """What the ledger has of these local days, in order; read some at a time, for what a day hangs on reaches far."""
    for first in range(0, len(days), _TOGETHER):
        some = days[first : first + _TOGETHER]
        (since_ms, _), (_, until_ms) = _about(some[0]), _about(some[-1])
        with snapshot(engine) as connection:
            stints = {code: stints_at(connection, code, since_ms, until_ms) for code in registry.rules}
            watched = watched_by(connection, registry.directory.kiosks, since_ms, until_ms)
        for day in some:
            yield day, _cut(stints, watched, *_about(day))


def _about(day: date) -> tuple[int, int]:
    """Since when and until when something may matter to that day."""
    midnight = datetime.combine(day, time(), ZONE)
    return ms_of(midnight - DAY), ms_of(midnight + DAY + _AFTER)


def _cut(
    stints: Mapping[StationCode, Iterable[LedgerStint]],
    watched: Mapping[KioskId, Iterable[WatchStretch]],
    since_ms: int,
    until_ms: int,
) -> Past:
    """What would have been read of that time alone."""
    since, until = moment_of(since_ms - LONGEST_MS), moment_of(until_ms)
    return Past(
        {
            code: [one for one in ones if since <= one.stint.began_at <= until and one.ended_at >= since]
            for code, ones in stints.items()
        },
        {
            kiosk: [
                (moment_of(one.since_ms), moment_of(one.until_ms))
                for one in spans
                if one.until_ms >= since_ms and one.since_ms <= until_ms
            ]
            for kiosk, spans in watched.items()
        },
    )


def accounts(engine: Engine, day: date) -> dict[str, dict[str, Any]]:
    """What the coverage ledger has of a local day, by station, as plain JSON."""
    with snapshot(engine) as connection:
        rows = {
            row["station"]: dict(row)
            for row in connection.execute(select(COVERAGE_DAY).where(COVERAGE_DAY.c.day == day)).mappings()
        }
        gaps: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for gap in connection.execute(select(COVERAGE_GAP).where(COVERAGE_GAP.c.day == day)).mappings():
            told = {"began_ms": gap["began_ms"], "ended_ms": gap["ended_ms"], "class": gap["duty_class"]}
            gaps[gap["station"]].append(told)
    ends_ms = ms_of(datetime.combine(day, time(), ZONE) + DAY)
    return {
        code: {**row, "day": day.isoformat(), "is_over": row["until_ms"] >= ends_ms, "gaps": gaps[code]}
        for code, row in rows.items()
    }


def held(registry: Registry, hub: HubLife, now: datetime) -> Past:
    """What the hub has in memory."""
    city = hub.core.city
    return Past(
        {code: list(city.recent.stints(code)) for code in registry.rules},
        {kiosk: city.watching.watched_by(kiosk, now, is_heard=False) for kiosk in registry.directory.kiosks},
    )


def shown(past: Past, registry: Registry, day: date, now: datetime) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What each station showed that day, change by change, as `now` knows it."""
    kiosks: dict[StationCode, list[KioskId]] = defaultdict(list)
    for kiosk in registry.directory.kiosks.values():
        kiosks[kiosk.station].append(kiosk.id)
    until = min(now, datetime.combine(day, time(), ZONE) + DAY + _AFTER)
    for code, rules in registry.rules.items():
        turns = [
            *_people_turns(past.stints.get(code, ()), rules, until),
            *_turns(2, (span for kiosk in kiosks[code] for span in past.watched.get(kiosk, ()))),
            *_turns(3, ((period.opens_at, period.closes_at) for period in rules.calendar.periods_on(day))),
        ]
        yield code, _steps(sorted(turns), rules)


def _people_turns(stints: Iterable[LedgerStint], rules: StationRules, now: datetime) -> Iterator[_Turn]:
    for one in stints:
        if one.counted and one.stint.began_at <= now:
            shift = shift_of(stint_at(one.told, now, rules), now)
            yield from _turns(0, shift.on)
            yield from _turns(1, shift.out)


def _steps(turns: Iterable[_Turn], rules: StationRules) -> list[dict[str, Any]]:
    """On duty, stepped out, watched and open are counts that rise and fall; each change of the four is a step."""
    counts, steps = [0, 0, 0, 0], []
    figures: dict[str, Any] | None = None
    for at_ms, changes in groupby(turns, key=itemgetter(0)):
        for _, which, by in changes:
            counts[which] += by
        on, out, is_watched, is_open = counts
        duty_class = class_of(
            rules.terms_at(moment_of(at_ms)).duty, on, out, is_open=is_open > 0, watched=is_watched > 0
        )
        before, figures = figures, {"class": duty_class.value, "on_duty": on, "stepped_out": out}
        if figures != before:
            steps.append({"since_ms": at_ms, **figures})
    return steps


def _turns(which: int, spans: Iterable[tuple[datetime, datetime]]) -> Iterator[_Turn]:
    for since, until in spans:
        if since < until:
            yield _Turn(ms_of(since), which, 1)
            yield _Turn(ms_of(until), which, -1)
