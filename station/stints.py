"""What a stint is, and how the passing of time alone ends it.

A stint is one volunteer on duty at one station, from arrival to leaving. `stint_at` is a view: it never changes
what the taps said, so a tap that comes late can still be folded in its place (see `fold`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from station.duty import Limits, StationRules
from station.hours import Period
from station.names import RecordName, StationCode

LATELY: Final = timedelta(hours=12)  # a forgotten leave is told, and may be made up for, so long after it


class End(StrEnum):
    """How a stint ended."""

    LEAVE = "leave"
    ASSUMED = "assumed"  # nobody said so: at its period's end, or after the longest time
    LATE = "late"  # forgotten, then said after all
    OVERRUN = "overrun"  # stepped out and not back within the budget
    MOVED = "moved"  # arrived at another station


class Standing(StrEnum):
    """Where a person is, as far as one station is concerned."""

    ON = "on"
    OUT = "out"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """One volunteer on duty at one station.

    Attributes:
        period: the stretch of opening hours that it belongs to, or will; None outside any.
        counts_from: from when it is that period's: its beginning, or the opening that found it running.
        out_since: stepped out and not back.
        outs: when they were stepped out within the budget, in order; the last may go on past the end.
        claimed: made from a leave alone; proves no coverage.
        unmatched: begun by a return with nothing to return to.
        uncertain: begun or ended by a tap whose time is bounded, not known.
        begun_by: the tap that began it, as far as it is known here.
        seen_at: the last tap there within it, where there was one after the first.
        unproven: begun by a tap that was added without evidence: it covers nothing.
        end_unproven: ended so.
    """

    station: StationCode
    began_at: datetime
    period: Period | None
    counts_from: datetime | None
    ended_at: datetime | None = None
    end: End | None = None
    out_since: datetime | None = None
    outs: tuple[tuple[datetime, datetime], ...] = ()
    claimed: bool = False
    unmatched: bool = False
    uncertain: bool = False
    begun_by: RecordName | None = None
    seen_at: datetime | None = None
    unproven: bool = False
    end_unproven: bool = False

    @property
    def proven_until(self) -> datetime:
        """The person's last tap there: up to then they were there, whoever watched."""
        if self.ended_at is not None and self.end in {End.LEAVE, End.LATE} and not self.end_unproven:
            return self.ended_at
        return self.seen_at or self.began_at

    @property
    def is_off_hours(self) -> bool:
        """Whether it never reached a period; one that runs may still."""
        return self.counts_from is None or (self.ended_at is not None and self.ended_at < self.counts_from)

    @property
    def standing(self) -> Standing:
        """On duty, stepped out, or ended."""
        if self.ended_at is not None:
            return Standing.OFF
        return Standing.ON if self.out_since is None else Standing.OUT

    def counts(self, at: datetime) -> bool:
        """Whether it belongs to a period at that moment; outside one it covers nothing."""
        return self.counts_from is not None and at >= self.counts_from


def began(station: StationCode, at: datetime, rules: StationRules, *, by: RecordName | None = None) -> Stint:
    """The stint that an arrival begins: the running period's, the one's that opens soon, or off hours."""
    stretch = _next_stretch(at, rules)
    if stretch is not None:
        limits = rules.terms_at(stretch.opens_at).limits
        if stretch.opens_at - at <= limits.early:
            return Stint(station=station, began_at=at, period=stretch, counts_from=at, begun_by=by)
        if stretch.opens_at - at <= min(limits.adopted, limits.off_hours):
            return Stint(station=station, began_at=at, period=stretch, counts_from=stretch.opens_at, begun_by=by)
    return Stint(station=station, began_at=at, period=None, counts_from=None, begun_by=by)


def limits_of(stint: Stint, rules: StationRules) -> Limits:
    """The limits that a stint is judged by: of the day on which its period opens, or off hours began.

    Of a stretch of several periods (round the clock, say) the day counts on which the stint began to count.
    """
    if stint.period is None or stint.counts_from is None:
        return rules.terms_at(stint.began_at).limits
    return rules.terms_at(max(stint.counts_from, stint.period.opens_at)).limits


def ended(stint: Stint, at: datetime, end: End, out_until: datetime | None = None) -> Stint:
    """The stint, ended.

    Args:
        stint: one that runs.
        at: when it ended.
        end: how.
        out_until: up to when the person counts as stepped out, if they are: those minutes keep their class.
    """
    outs = stint.outs
    if stint.out_since is not None and out_until is not None:
        outs = (*outs, (stint.out_since, out_until))
    made = replace(stint, ended_at=at, end=end, out_since=None, outs=outs)
    reaches = max((until for _, until in outs), default=at)
    if stint.counts_from is not None and max(at, reaches) < stint.counts_from:
        return replace(made, period=None, counts_from=None)  # gone before the opening: it was off hours
    return made


def stint_at(stint: Stint, at: datetime, rules: StationRules) -> Stint:
    """The stint as that moment finds it: ended by time alone where its time is over, else unchanged."""
    if stint.ended_at is not None:
        return stint
    limits = limits_of(stint, rules)
    last = _last(stint, limits)
    if stint.period is None:
        opens_at = _next_opening(stint, rules)
        if opens_at is not None and opens_at <= min(at, last):  # also of who is out: they come back into a period
            return ended(stint, opens_at, End.ASSUMED, opens_at)
    if at <= last:
        return stint
    if stint.out_since is not None:  # the budget alone decides, over the period's end too
        return ended(stint, stint.out_since, End.OVERRUN, last)
    if stint.period is None:
        return ended(stint, last, End.ASSUMED)
    longest = stint.began_at + limits.longest
    return ended(stint, max(stint.began_at, min(stint.period.closes_at, longest)), End.ASSUMED)


def runs_at(stint: Stint, at: datetime, rules: StationRules) -> bool:
    """Whether `stint_at` leaves the stint as it is, running; asked of everybody there for each row of the board."""
    if stint.ended_at is not None or at > _last(stint, limits_of(stint, rules)):
        return False
    opens_at = _next_opening(stint, rules) if stint.period is None else None
    return opens_at is None or at < opens_at


def _last(stint: Stint, limits: Limits) -> datetime:
    """The last moment that finds it running, if no opening comes before."""
    if stint.out_since is not None:
        return stint.out_since + limits.budget
    if stint.period is None:
        return stint.began_at + limits.off_hours
    return min(stint.period.closes_at + limits.grace, stint.began_at + limits.longest)


def next_turn(stint: Stint, at: datetime, rules: StationRules) -> datetime | None:
    """The moment after which time alone changes the stint; None if it never will, or `at` is past it."""
    if stint.ended_at is not None:
        return None
    limits = limits_of(stint, rules)
    if stint.out_since is not None:
        turns = [stint.out_since + limits.budget]
    elif stint.period is None:
        turns = [stint.began_at + limits.off_hours]
    else:
        turns = [stint.began_at + limits.longest, stint.period.closes_at + limits.grace]
    opens_at = stint.counts_from if stint.period is not None else _next_opening(stint, rules)
    if opens_at is not None:
        turns.append(opens_at)
    return min((turn for turn in turns if turn >= at), default=None)


def _next_stretch(at: datetime, rules: StationRules) -> Period | None:
    """The stretch of opening hours that runs, or the next one of the day and of the following."""
    return next((stretch for stretch in rules.stretches(at, at) if stretch.closes_at > at), None)


def _next_opening(stint: Stint, rules: StationRules) -> datetime | None:
    """When the station opened next after off hours began."""
    stretch = _next_stretch(stint.began_at, rules)
    return None if stretch is None else stretch.opens_at
