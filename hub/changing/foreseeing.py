"""What commands would do to the days of stations: tried in a transaction that is taken back, so it is what they do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from hub.changing.commands import CityCommand
from hub.changing.effects import Now
from hub.changing.proposal import Outcome, apply
from hub.database.transactions import trying
from hub.register.days_ahead import FOUR_WEEKS, PlannedDay, changed_days, plan_of
from hub.register.reading import read_terms
from hub.register.spelling import EVER_SINCE, first_change, spell_terms
from hub.register.terms import StationTerms
from station.hours import Spans
from station.names import StationCode

FURTHEST: Final = timedelta(days=400)  # ahead: a year's special days, and the next one's first


class DayEffect(NamedTuple):
    """A coming day that is open otherwise, and where."""

    day: date
    before: Spans
    after: Spans
    stations: tuple[StationCode, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What would follow.

    Attributes:
        coming: days from today on, in order.
        past: by station, from which day on its past is judged anew.
        duty_from: by station, from which coming day on another rule holds, though its hours are the same.
        far: by station, from which day on it changes, where that is further ahead than `FURTHEST`.
        plan: the four weeks of the station that was asked for, as they would be.
    """

    outcome: Outcome
    coming: tuple[DayEffect, ...] = ()
    past: tuple[tuple[StationCode, date], ...] = ()
    duty_from: tuple[tuple[StationCode, date], ...] = ()
    far: tuple[tuple[StationCode, date], ...] = ()
    plan: tuple[PlannedDay, ...] = ()

    @property
    def stations(self) -> frozenset[StationCode]:
        """All that would be judged otherwise on some day."""
        coming = {station for one in self.coming for station in one.stations}
        return frozenset(coming | {station for station, _ in (*self.past, *self.duty_from, *self.far)})


def effect_of(
    engine: Engine, commands: Iterable[CityCommand], *, by: str, at: datetime, zone: ZoneInfo, why: str, show: str = ""
) -> Effect:
    """Try commands; nothing is written.

    Args:
        engine: the database.
        commands: as `apply` takes them.
        by: who asks.
        at: now.
        zone: the city's.
        why: the reason; without one, the past cannot be changed, as in earnest.
        show: of which station the four weeks are told.
    """
    today = Now(at, zone).today
    with trying(engine) as connection:
        before = read_terms(connection)
        outcome = apply(connection, commands, by=by, at=at, zone=zone, why=why)
        if outcome.refusals:
            return Effect(outcome)
        after = read_terms(connection)
        named = show or next((change.station for _, change in outcome.changes if change.station), "")
        shown = named or next((code for code in after if before.get(code) != after[code]), "")
        plan = plan_of(connection, shown, today)
    return _compared(outcome, before, after, today, tuple(plan))


def _compared(
    outcome: Outcome,
    before: dict[StationCode, StationTerms],
    after: dict[StationCode, StationTerms],
    today: date,
    plan: tuple[PlannedDay, ...],
) -> Effect:
    alike: dict[tuple[StationTerms, StationTerms], list[StationCode]] = defaultdict(list)
    for code in before.keys() & after.keys():
        if before[code] != after[code]:
            alike[before[code], after[code]].append(code)  # most stations of a kind keep the same hours
    coming: dict[tuple[date, Spans, Spans], list[StationCode]] = defaultdict(list)
    past, duty_from, far = [], [], []
    for (was, is_to_be), codes in alike.items():
        first = first_change(spell_terms(was), spell_terms(is_to_be))
        if first < today:
            since = first if first > EVER_SINCE else was.clauses[0].since
            past += [(code, since) for code in codes]
        days = list(changed_days(was, is_to_be, max(first, today), today + FURTHEST))
        if today + FURTHEST < first < date.max:
            far += [(code, first) for code in codes]
        for day in days:
            spans = was.spans_on(day), is_to_be.spans_on(day)
            if spans[0] != spans[1]:
                coming[day, *spans] += codes
        ruled = next((day for day in days if was.clause_on(day).terms != is_to_be.clause_on(day).terms), None)
        duty_from += [(code, ruled) for code in codes] if ruled is not None else []
    told = (DayEffect(*key, tuple(sorted(codes))) for key, codes in coming.items())
    return Effect(outcome, tuple(sorted(told)), tuple(sorted(past)), tuple(sorted(duty_from)), tuple(sorted(far)), plan)


def within(effect: Effect, today: date, days: int = FOUR_WEEKS) -> tuple[list[DayEffect], int]:
    """What comes within so many days, and how many days change after them."""
    last = today + timedelta(days=days)
    return [one for one in effect.coming if one.day < last], sum(one.day >= last for one in effect.coming)
