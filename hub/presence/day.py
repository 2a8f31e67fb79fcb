"""One station's day as bands: which class held when, from stints and opening periods alone. Pure.

Durations add up exactly: the bands cover the day up to the given moment without gap or overlap. A band follows the
ledger's rules, so it may differ from what the live board showed before a late record came.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from hub.presence.board_view import Band
from station.duty import DutyClass, StationRules, class_of
from station.hours import Period
from station.stints import End, Stint


class Span(NamedTuple):
    """A stretch of time, half-open."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.since <= at < self.until


class Shift(NamedTuple):
    """When one volunteer counted, and when they were stepped out within the budget.

    Where nobody watched, only up to `proven_until`, their last tap.
    """

    on: tuple[Span, ...]
    out: tuple[Span, ...]
    proven_until: datetime


def shift_of(stint: Stint, now: datetime, rules: StationRules) -> Shift:
    """What a stint, as `now` finds it, proves."""
    if stint.counts_from is None or stint.claimed:
        return Shift((), (), stint.began_at)
    ended_at = stint.ended_at or now
    outs = [Span(since, until) for since, until in stint.outs]
    if stint.out_since is not None:
        outs.append(Span(stint.out_since, now))
    elif stint.end is End.OVERRUN:  # those minutes keep their class, though the stint ended at stepping out
        outs.append(Span(ended_at, min(now, ended_at + rules.limits.budget)))
    on, since = [], stint.counts_from
    for out in outs:
        on.append(Span(since, max(since, out.since)))
        since = max(since, out.until)
    on.append(Span(since, max(since, ended_at)))
    out_spans = tuple(Span(max(out.since, stint.counts_from), out.until) for out in outs)
    return Shift(tuple(on), out_spans, stint.proven_until)


def bands(
    periods: Sequence[Period],
    shifts: Iterable[Shift],
    rules: StationRules,
    whole: Span,
    watched: Sequence[Sequence[Span]],
) -> tuple[Band, ...]:
    """The classes over `whole`.

    Args:
        periods: the opening periods in it.
        shifts: of volunteers who count.
        rules: the station's.
        whole: the stretch to be covered.
        watched: when each kiosk in service would have seen somebody come or go.
    """
    shifts = tuple(shifts)
    edges = {whole.since, whole.until}
    edges.update(edge for period in periods for edge in (period.opens_at, period.closes_at))
    edges.update(edge for shift in shifts for span in (*shift.on, *shift.out) for edge in span)
    edges.update(shift.proven_until for shift in shifts)
    edges.update(edge for spans in watched for span in spans for edge in span)
    inner = sorted(edge for edge in edges if whole.since <= edge <= whole.until)
    found: list[Band] = []
    for began_at, ended_at in pairwise(inner):
        watching = sum(any(span.holds(began_at) for span in spans) for spans in watched)
        proven = shifts if watching else [shift for shift in shifts if began_at < shift.proven_until]
        duty_class = class_of(
            rules.duty,
            sum(any(span.holds(began_at) for span in shift.on) for shift in proven),
            sum(any(span.holds(began_at) for span in shift.out) for shift in proven),
            is_open=any(period.contains(began_at) for period in periods),
            watched=watching > 0,
        )
        partial = duty_class is DutyClass.VACANT and watching < len(watched)
        if found and (found[-1].duty_class, found[-1].partial) == (duty_class, partial):
            found[-1] = Band(duty_class, found[-1].began_at, ended_at, partial)
        else:
            found.append(Band(duty_class, began_at, ended_at, partial))
    return tuple(found)


def class_since(found: Sequence[Band], duty_class: DutyClass) -> datetime | None:
    """Since when that class has held without a break, at the end of these bands; None where it does not."""
    since = None
    for band in reversed(found):
        if band.duty_class is not duty_class:
            break
        since = band.began_at
    return since
