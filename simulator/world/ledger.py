"""What the hub says of past days, by its own rules: from the records anew, or from what it holds in memory."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import select

from hub.database.journal_tables import Run
from hub.database.transactions import snapshot
from hub.intake.rows import ms_of
from hub.intake.runs import KnownRun
from hub.presence.liveness import Liveness
from hub.presence.presences import Presences
from hub.presence.watches import Watches
from hub.rebuilding.anew import made_anew
from hub.rebuilding.differences import differences
from hub.register.rulebook import Rulebook
from simulator.opening import DAY, ZONE
from simulator.world.database import driver_of
from simulator.world.registry import SINCE
from station.coverage import shift_of
from station.duty import class_of
from station.names import Epoch, KioskId, StationCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from sqlalchemy import Engine

    from hub.register.directory import Directory
    from simulator.world.centre import Centre
    from simulator.world.registry import Registry
    from station.duty import StationRules

_BY_TIME: Final = "CREATE INDEX IF NOT EXISTS world_by_time ON record (at_ms)"
_SURE: Final = "SELECT * FROM record WHERE at_ms >= ? AND at_ms < ? AND clock = 'synced'"
_DOUBTED: Final = "SELECT * FROM record WHERE clock <> 'synced'"
_RUN_AND_SEQ: Final = itemgetter(0, 1)


class _Turn(NamedTuple):
    """Then one of four counts, by its place in `_steps`, changes by so much."""

    at_ms: int
    which: int
    by: int


class Past(NamedTuple):
    """Who was where, and when kiosks watched."""

    presences: Presences
    watches: Watches


def ledger_differences(directory: Directory, centre: Centre) -> Iterator[str]:
    """Where the ledger that the hub kept differs from one made anew, a line each; nothing where it kept none."""
    if not centre.keeps_ledger or centre.hub is None:
        return
    centre.hub.fold_ledger()
    book = Rulebook(directory)
    with snapshot(centre.engine) as connection, made_anew(connection, book, _in_silence):
        yield from differences(connection, book)


def _in_silence(work: list[str], unit: str) -> Iterable[str]:  # noqa: ARG001  as `Shown`
    return work


def rebuilt(
    registry: Registry, engine: Engine, days: Iterable[date], placed_ms: Mapping[tuple[str, int], int]
) -> Iterator[tuple[date, Past]]:
    """Local days that follow each other, each folded anew from the records alone.

    `placed_ms` says by epoch and seq when those were made whose clock was not right: what they say may be another day.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql(_BY_TIME)
        runs = {run.id: _known(run) for run in connection.execute(select(Run))}
        doubted: dict[date, list[Any]] = defaultdict(list)
        driver = driver_of(connection)
        for row in driver.execute(_DOUBTED):
            doubted[_day_of(placed_ms[runs[row[0]].epoch, row[1]])].append(row)
        rows_of: dict[date, list[Any]] = {}
        for day in days:
            yesterday = day - DAY
            for wanted in (yesterday, day):
                if wanted not in rows_of:
                    rows_of[wanted] = [*driver.execute(_SURE, _limits(wanted)), *doubted[wanted]]
            yield day, _past(registry, runs, sorted(rows_of.pop(yesterday) + rows_of[day], key=_RUN_AND_SEQ))


def shown(past: Past, registry: Registry, day: date, now: datetime) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What each station showed that day, change by change, as `now` knows it."""
    kiosks: dict[StationCode, list[KioskId]] = defaultdict(list)
    for kiosk in registry.directory.kiosks.values():
        kiosks[kiosk.station].append(kiosk.id)
    until = min(now, datetime.combine(day, time(), ZONE) + DAY + timedelta(hours=12))
    for code, rules in registry.rules.items():
        watched = past.watches.watched(kiosks[code], Liveness(until), until)
        turns = [
            *_people_turns(past.presences, code, until),
            *_turns(2, watched),
            *_turns(3, ((period.opens_at, period.closes_at) for period in rules.calendar.periods_on(day))),
        ]
        yield code, _steps(sorted(turns), rules)


def _people_turns(presences: Presences, code: StationCode, now: datetime) -> Iterator[_Turn]:
    for here in presences.stints(code, now):
        if here.person.counted:
            shift = shift_of(here.stint, now)
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
        duty_class = class_of(rules.duty, on, out, is_open=is_open > 0, watched=is_watched > 0)
        before, figures = figures, {"class": duty_class.value, "on_duty": on, "stepped_out": out}
        if figures != before:
            steps.append({"since_ms": at_ms, **figures})
    return steps


def _turns(which: int, spans: Iterable[tuple[datetime, datetime]]) -> Iterator[_Turn]:
    for since, until in spans:
        if since < until:
            yield _Turn(ms_of(since), which, 1)
            yield _Turn(ms_of(until), which, -1)


def _past(registry: Registry, runs: dict[int, KnownRun], rows: Iterable[Any]) -> Past:
    presences = Presences(registry.rules, registry.directory.holders_at(datetime.combine(SINCE, time(), ZONE)))
    for run, of_the_run in groupby(rows, key=itemgetter(0)):
        own = list(of_the_run)
        presences.take(runs[run], own, runs[run].through)
    presences.fold()
    return Past(presences, Watches(presences.logs))


def _limits(day: date) -> tuple[int, int]:
    midnight = datetime.combine(day, time(), ZONE)
    return ms_of(midnight), ms_of(midnight + DAY)


def _day_of(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1000, ZONE).date()


def _known(run: Any) -> KnownRun:
    return KnownRun(run.id, KioskId(run.kiosk), Epoch(run.epoch), StationCode(run.station), last_at_ms=run.last_at_ms)
