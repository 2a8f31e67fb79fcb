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
    """When one volunteer counted, and when they were stepped out within the budget."""

    on: tuple[Span, ...]
    out: tuple[Span, ...]


def shift_of(stint: Stint, now: datetime, rules: StationRules) -> Shift:
    """What a stint, as `now` finds it, proves."""
    if stint.counts_from is None or stint.claimed:
        return Shift((), ())
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
    return Shift(tuple(on), tuple(Span(max(out.since, stint.counts_from), out.until) for out in outs))


def bands(
    periods: Sequence[Period],
    shifts: Iterable[Shift],
    rules: StationRules,
    whole: Span,
    watched: Sequence[Span] | None = None,
) -> tuple[Band, ...]:
    """The classes over `whole`.

    Args:
        periods: the opening periods in it.
        shifts: of volunteers who count.
        rules: the station's.
        whole: the stretch to be covered.
        watched: when a shortfall would have been seen; None for always.
    """
    shifts = tuple(shifts)
    edges = {whole.since, whole.until}
    edges.update(edge for period in periods for edge in (period.opens_at, period.closes_at))
    edges.update(edge for shift in shifts for span in (*shift.on, *shift.out) for edge in span)
    edges.update(edge for span in watched or () for edge in span)
    inner = sorted(edge for edge in edges if whole.since <= edge <= whole.until)
    found: list[Band] = []
    for began_at, ended_at in pairwise(inner):
        duty_class = class_of(
            rules.duty,
            sum(any(span.holds(began_at) for span in shift.on) for shift in shifts),
            sum(any(span.holds(began_at) for span in shift.out) for shift in shifts),
            is_open=any(period.contains(began_at) for period in periods),
            watched=watched is None or any(span.holds(began_at) for span in watched),
        )
        if found and found[-1].duty_class is duty_class:
            found[-1] = Band(duty_class, found[-1].began_at, ended_at)
        else:
            found.append(Band(duty_class, began_at, ended_at))
    return tuple(found)


def class_since(found: Sequence[Band], duty_class: DutyClass) -> datetime | None:
    """Since when that class has held without a break, at the end of these bands; None where it does not."""
    return found[-1].began_at if found and found[-1].duty_class is duty_class else None
