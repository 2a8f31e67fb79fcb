"""The classes of a stretch of a station's time, from stints and watching: the one place that makes them. Pure.

For the board, a station's day and the ledger alike; each opening is judged by the terms of its own day. The bands cover
the stretch up to `now` without gap or overlap, so durations add up exactly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from station.duty import DutyClass, DutyRule, StationRules, class_of
from station.hours import Period, midnight_of
from station.names import KioskId
from station.stints import Stint, stint_at

SHORTEST_GAP: Final = timedelta(seconds=60)  # rules, "A station's day": shorter ones are in the sums, and not listed
_NOTHING: Final = timedelta(0)
_SHORT: Final = frozenset({DutyClass.VACANT, DutyClass.UNKNOWN})


class Interval(NamedTuple):
    """A stretch of time, half-open."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.since <= at < self.until


def whole_of(day: date, zone: tzinfo) -> Interval:
    """That local day, from midnight to midnight."""
    return Interval(midnight_of(day, zone), midnight_of(day + timedelta(days=1), zone))


@dataclass(frozen=True, slots=True)
class Band:
    """One stretch in which a single class held."""

    duty_class: DutyClass
    began_at: datetime
    ended_at: datetime
    partial: bool = False
    """Vacant, though not all kiosks were watching."""

    @property
    def lasted(self) -> timedelta:
        """From its beginning to its end."""
        return self.ended_at - self.began_at


class Gap(NamedTuple):
    """Vacant or unknown for a minute or longer.

    Attributes:
        watched: for how long each kiosk in service did.
    """

    band: Band
    watched: dict[KioskId, timedelta]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What held when.

    Attributes:
        bands: in order, each of another class, or otherwise partial, than the next.
        watched: when each kiosk in service watched.
    """

    bands: tuple[Band, ...]
    watched: Mapping[KioskId, Sequence[Interval]]

    @property
    def lasting(self) -> dict[DutyClass, timedelta]:
        """How long each class held; every class is there."""
        found = dict.fromkeys(DutyClass, _NOTHING)
        for band in self.bands:
            found[band.duty_class] += band.lasted
        return found

    @property
    def partial(self) -> timedelta:
        """How long it was vacant though not all kiosks were watching."""
        return sum((band.lasted for band in self.bands if band.partial), _NOTHING)

    @property
    def opened(self) -> timedelta:
        """How long the station was open."""
        return sum((band.lasted for band in self.bands if band.duty_class is not DutyClass.CLOSED), _NOTHING)

    @property
    def gaps(self) -> Iterator[Gap]:
        """Where somebody was wanting, as far as is known, or nothing is known, in order."""
        for band in self.bands:
            if band.duty_class in _SHORT and band.lasted >= SHORTEST_GAP:
                yield Gap(band, {kiosk: _common(spans, band) for kiosk, spans in self.watched.items()})

    def class_since(self, duty_class: DutyClass) -> datetime | None:
        """Since when that class has held without a break, at the end; None where it does not."""
        since = None
        for band in reversed(self.bands):
            if band.duty_class is not duty_class:
                break
            since = band.began_at
        return since


class Shift(NamedTuple):
    """When one volunteer counted, and when they were stepped out within the budget.

    Where nobody watched, only up to `proven_until`, their last tap.
    """

    on: tuple[Interval, ...]
    out: tuple[Interval, ...]
    proven_until: datetime


def shift_of(stint: Stint, now: datetime) -> Shift:
    """What a stint, as `now` finds it, proves."""
    if stint.counts_from is None or stint.claimed or stint.unproven:
        return Shift((), (), stint.began_at)
    ended_at = stint.ended_at or now
    outs = [Interval(max(since, stint.counts_from), min(until, now)) for since, until in stint.outs]
    if stint.out_since is not None:
        outs.append(Interval(max(stint.out_since, stint.counts_from), now))
    on, since = [], stint.counts_from
    for out in outs:  # the last may go on past the stint's end: those minutes keep their class
        on.append(Interval(since, min(out.since, ended_at)))
        since = max(since, out.until)
    on.append(Interval(since, ended_at))
    return Shift(_real(on), _real(outs), stint.proven_until)


def _real(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    return tuple(one for one in intervals if one.since < one.until)


class _Count(IntEnum):
    """What the sweep counts; whoever is assumed there has not tapped since."""

    ON = 0
    OUT = 1
    ON_ASSUMED = 2
    OUT_ASSUMED = 3
    WATCHING = 4
    OPEN = 5


class _Turn(NamedTuple):
    """At that moment one of the counts changes; an opening brings the rule by which its period is judged."""

    at: datetime
    which: _Count
    by: int
    rule: DutyRule | None = None


def coverage(
    periods: Iterable[Period],
    stints: Iterable[Stint],
    rules: StationRules,
    whole: Interval,
    watched: Mapping[KioskId, Iterable[tuple[datetime, datetime]]],
    *,
    now: datetime,
    is_live: bool = False,
) -> Coverage:
    """The classes over `whole`, up to now.

    Args:
        periods: the opening periods about it.
        stints: there, of volunteers who count; what `now` makes of them is worked out here.
        rules: the station's.
        whole: the stretch to be covered.
        watched: when each kiosk in service would have seen somebody come or go.
        now: nothing is said of what comes after.
        is_live: people are there as long as nothing says otherwise; else, where nobody watched, up to their last tap.
    """
    whole = Interval(whole.since, max(whole.since, min(whole.until, now)))
    seen = {kiosk: tuple(_united(intervals, whole)) for kiosk, intervals in watched.items()}
    turns = list(_openings(periods, rules, whole))
    turns += [turn for spans in seen.values() for one in spans for turn in _turns(_Count.WATCHING, *one, whole)]
    for stint in stints:
        found = stint_at(stint, now, rules)
        if not _is_over_before(found, whole.since):
            turns += _turns_of(shift_of(found, now), whole, is_live=is_live)
    return Coverage(tuple(_bands(sorted(turns, key=itemgetter(0)), whole, len(seen))), seen)


def _bands(turns: Iterable[_Turn], whole: Interval, kiosks: int) -> Iterator[Band]:
    """One sweep over the turns, in order of time."""
    counts, rule = [0] * len(_Count), DutyRule()
    since, held = whole.since, (DutyClass.CLOSED, False)
    for at, together in groupby(turns, key=itemgetter(0)):
        for turn in together:
            counts[turn.which] += turn.by
            rule = turn.rule or rule
        found = _class_by(counts, rule, kiosks)
        if found != held:
            if since < at:
                yield Band(held[0], since, at, held[1])
            since, held = at, found
    if since < whole.until:
        yield Band(held[0], since, whole.until, held[1])


def _class_by(counts: Sequence[int], rule: DutyRule, kiosks: int) -> tuple[DutyClass, bool]:
    """The class, and whether it is partial."""
    on, out, on_assumed, out_assumed, watching, is_open = counts
    if watching:
        on, out = on + on_assumed, out + out_assumed
    duty_class = class_of(rule, on, out, is_open=is_open > 0, watched=watching > 0)
    return duty_class, duty_class is DutyClass.VACANT and watching < kiosks


def _openings(periods: Iterable[Period], rules: StationRules, whole: Interval) -> Iterator[_Turn]:
    for period in periods:
        for turn in _turns(_Count.OPEN, period.opens_at, period.closes_at, whole):
            yield turn._replace(rule=rules.terms_at(period.opens_at).duty) if turn.by > 0 else turn


def _is_over_before(stint: Stint, moment: datetime) -> bool:
    """Whether nothing of it reaches that moment, as of most of what is remembered of two days."""
    if stint.ended_at is None or stint.ended_at > moment or stint.out_since is not None:
        return False
    return not stint.outs or max(until for _, until in stint.outs) <= moment


def _turns_of(shift: Shift, whole: Interval, *, is_live: bool) -> list[_Turn]:
    until = whole.until if is_live else shift.proven_until
    found: list[_Turn] = []
    for sure, assumed, intervals in (
        (_Count.ON, _Count.ON_ASSUMED, shift.on),
        (_Count.OUT, _Count.OUT_ASSUMED, shift.out),
    ):
        for one in intervals:
            found += _turns(sure, one.since, min(one.until, until), whole)
            if one.until > until:
                found += _turns(assumed, max(one.since, until), one.until, whole)
    return found


def _turns(which: _Count, began_at: datetime, ended_at: datetime, whole: Interval) -> tuple[_Turn, ...]:
    """A rise and a fall of that count, as far as they lie in `whole`."""
    since, until = max(began_at, whole.since), min(ended_at, whole.until)
    return (_Turn(since, which, 1), _Turn(until, which, -1)) if since < until else ()


def _united(intervals: Iterable[tuple[datetime, datetime]], whole: Interval) -> Iterator[Interval]:
    """What they hold together of `whole`, in order, none touching the next."""
    open_since = open_until = whole.since
    for began_at, ended_at in sorted(intervals):
        since, until = max(began_at, whole.since), min(ended_at, whole.until)
        if since >= until:
            continue
        if since > open_until:
            if open_since < open_until:
                yield Interval(open_since, open_until)
            open_since = since
        open_until = max(open_until, until)
    if open_since < open_until:
        yield Interval(open_since, open_until)


def _common(intervals: Iterable[Interval], band: Band) -> timedelta:
    """How long these intervals and the band have in common."""
    both = (min(one.until, band.ended_at) - max(one.since, band.began_at) for one in intervals)
    return sum((lasted for lasted in both if lasted > _NOTHING), _NOTHING)
