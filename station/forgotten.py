"""What a tap of somebody means whose latest stint here ended because nobody said so (rules, case 3)."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from station.duty import StationRules
from station.hours import HORIZON, Period
from station.stints import LATELY, End, Stint


class Forgot(StrEnum):
    """What such a tap says."""

    LATE = "late"  # 3a: they forgot, and leave late
    CLAIMED = "claimed"  # 3b: they say that they stayed through a later period


def forgot(stint: Stint | None, at: datetime, rules: StationRules) -> Forgot | None:
    """Which of the two a tap at that moment is; None where it is an arrival.

    Args:
        stint: the person's latest stint, at whatever station; None if they have none.
        at: the moment of the tap.
        rules: those of the station where the tap is.
    """
    if stint is None or stint.end is not End.ASSUMED or stint.period is None or stint.ended_at is None:
        return None
    if at - stint.ended_at > LATELY:
        return None
    later = later_period(stint, at, rules)
    if later is not None:
        limits = rules.terms_at(later.opens_at).limits
        if later.closes_at - limits.closing <= at <= later.closes_at + limits.grace:
            return Forgot.CLAIMED
    closed = _closed_about(at, stint.ended_at, rules)
    if closed is None or _opens_soon(closed, at, rules):
        return None
    if later is not None:
        return Forgot.CLAIMED
    return Forgot.LATE if closed.is_first_half(at) else None


def later_period(stint: Stint, at: datetime, rules: StationRules) -> Period | None:
    """The latest period begun by that moment, if it is a later one than the stint's."""
    found = None
    for stretch in rules.stretches(at, at):
        # by the close: of a stretch of days those about that moment are known, and it may seem to open within the stint
        if stretch.opens_at <= at and (stint.period is None or stretch.opens_at >= stint.period.closes_at):
            found = stretch
    return found


class _Closed(NamedTuple):
    """A stretch of closed time; `until` is None where no opening is known."""

    since: datetime
    until: datetime | None

    def is_first_half(self, at: datetime) -> bool:
        return self.until is None or at - self.since < self.until - at


def _closed_about(at: datetime, since: datetime, rules: StationRules) -> _Closed | None:
    """The closed time that the moment lies in, from the last close, or `since` where none is known; None while open."""
    stretches = rules.stretches(since, at + HORIZON)
    if any(stretch.contains(at) for stretch in stretches):
        return None
    closed_at = max((stretch.closes_at for stretch in stretches if stretch.closes_at <= at), default=since)
    return _Closed(closed_at, next((stretch.opens_at for stretch in stretches if stretch.opens_at > at), None))


def _opens_soon(closed: _Closed, at: datetime, rules: StationRules) -> bool:
    """Whether an arrival would be early for the next opening."""
    return closed.until is not None and closed.until - at <= rules.terms_at(closed.until).limits.early
