"""What a stint is, and how the passing of time alone ends it.

A stint is one volunteer on duty at one station, from arrival to leaving. `stint_at` is a view: it never changes
what the taps said, so a tap that comes late can still be folded in its place (see `fold`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from station.duty import StationRules
from station.hours import Period
from station.names import RecordName, StationCode


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
        outs: stepped out and back, in order.
        claimed: made from a leave alone; proves no coverage.
        unmatched: begun by a return with nothing to return to.
        uncertain: begun or ended by a tap whose time is bounded, not known.
        begun_by: the tap that began it, as far as it is known here.
        seen_at: the last tap there within it, where there was one after the first.
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

    @property
    def proven_until(self) -> datetime:
        """The person's last tap there: up to then they were there, whoever watched."""
        if self.ended_at is not None and self.end in {End.LEAVE, End.LATE}:
            return self.ended_at
        return self.seen_at or self.began_at

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
    limits = rules.limits
    for stretch in rules.calendar.stretches(at, at + limits.off_hours, limits.grace):
        if stretch.closes_at <= at:
            continue
        if stretch.opens_at - at <= limits.early:
            return Stint(station=station, began_at=at, period=stretch, counts_from=at, begun_by=by)
        if stretch.opens_at - at <= limits.off_hours:
            return Stint(station=station, began_at=at, period=stretch, counts_from=stretch.opens_at, begun_by=by)
        break
    return Stint(station=station, began_at=at, period=None, counts_from=None, begun_by=by)


def stint_at(stint: Stint, at: datetime, rules: StationRules) -> Stint:
    """The stint as that moment finds it: ended by time alone where its time is over, else unchanged."""
    if stint.ended_at is not None:
        return stint
    limits = rules.limits
    if stint.out_since is not None:  # the budget alone decides, over the period's end too
        if at <= stint.out_since + limits.budget:
            return stint
        return replace(stint, ended_at=stint.out_since, end=End.OVERRUN, out_since=None)
    if stint.period is None:
        last = stint.began_at + limits.off_hours
        return stint if at <= last else replace(stint, ended_at=last, end=End.ASSUMED)
    longest = stint.began_at + limits.longest
    if at <= min(stint.period.closes_at + limits.grace, longest):
        return stint
    return replace(stint, ended_at=max(stint.began_at, min(stint.period.closes_at, longest)), end=End.ASSUMED)


def next_turn(stint: Stint, at: datetime, rules: StationRules) -> datetime | None:
    """The moment after which time alone changes the stint; None if it never will, or `at` is past it."""
    if stint.ended_at is not None:
        return None
    limits = rules.limits
    turns = [stint.began_at + limits.off_hours if stint.period is None else stint.began_at + limits.longest]
    if stint.out_since is not None:
        turns = [stint.out_since + limits.budget]
    elif stint.period is not None:
        turns.append(stint.period.closes_at + limits.grace)
    if stint.counts_from is not None:
        turns.append(stint.counts_from)
    return min((turn for turn in turns if turn >= at), default=None)
