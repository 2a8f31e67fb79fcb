"""What the hub says of past minutes, by its own rules: from the records anew, or from what it holds in memory."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from hub.intake.rows import ms_of
from hub.presence.day import shift_of
from hub.presence.liveness import Liveness
from hub.presence.presences import Presences
from hub.presence.recall import records_since
from hub.presence.watches import Watches
from simulator.opening import DAY, ZONE
from station.duty import class_of
from station.names import StationCode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Engine

    from hub.presence.day import Shift, Span
    from simulator.world.registry import Registry
    from station.duty import StationRules

Figures = dict[str, "str | int"]


def records_of(engine: Engine) -> list[dict[str, Any]]:
    """All records at the hub, as plain JSON."""
    return [
        {
            "kiosk": run.kiosk,
            "epoch": run.epoch,
            "seq": row.seq,
            "kind": row.kind,
            "card": row.token,
            "action": row.action,
            "clock": row.clock,
            "at_ms": row.at_ms,
        }
        for run, rows in records_since(engine, 0)
        for row in rows
    ]


class Past(NamedTuple):
    """Who was where, and when kiosks watched."""

    presences: Presences
    watches: Watches


def rebuilt(registry: Registry, engine: Engine, day: date) -> Past:
    """One local day, folded anew from the records alone."""
    midnight = datetime.combine(day, time(), ZONE)
    since_ms, until_ms = ms_of(midnight - DAY), ms_of(midnight + DAY)
    presences, watches = Presences(registry.rules, registry.directory.holders), Watches()
    for run, rows in records_since(engine, since_ms):
        of_the_day = [row for row in rows if row.at_ms < until_ms]
        if of_the_day:
            presences.take(run, of_the_day, run.through)
            watches.take(run, of_the_day)
    presences.fold()
    return Past(presences, watches)


def figures(past: Past, registry: Registry, station: str, moments: Iterable[datetime], now: datetime) -> list[Figures]:
    """What a station showed at these moments, as `now` knows it."""
    code = StationCode(station)
    rules = registry.rules[code]
    shifts = [shift_of(here.stint, now, rules) for here in past.presences.stints(code, now) if here.person.counted]
    kiosks = [kiosk.id for kiosk in registry.directory.kiosks.values() if kiosk.station == code]
    watched = past.watches.watched(kiosks, Liveness(now), now)
    return [_at(at, shifts, watched, rules) for at in moments]


def end_of(day: date, now: datetime) -> datetime:
    """The moment from which a day is looked back on."""
    return min(now, datetime.combine(day, time(), ZONE) + DAY + timedelta(hours=12))


def _at(at: datetime, shifts: list[Shift], watched: list[Span], rules: StationRules) -> Figures:
    on = sum(any(span.holds(at) for span in shift.on) for shift in shifts)
    out = sum(any(span.holds(at) for span in shift.out) for shift in shifts)
    is_watched = any(span.holds(at) for span in watched)
    duty_class = class_of(rules.duty, on, out, is_open=rules.calendar.is_open(at), watched=is_watched)
    return {"class": duty_class.value, "on_duty": on, "stepped_out": out}
