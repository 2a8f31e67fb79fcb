"""What a tap of somebody means whose latest stint here ended because nobody said so (rules, case 3)."""

from datetime import datetime
from enum import StrEnum

from station.duty import StationRules
from station.hours import Period
from station.stints import End, Stint


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
    if rules.calendar.local_day(stint.ended_at) != rules.calendar.local_day(at):
        return None
    limits = rules.limits
    later = later_period(stint, at, rules)
    if later is not None and later.closes_at - limits.closing <= at <= later.closes_at + limits.grace:
        return Forgot.CLAIMED
    if not _is_far_from_opening(at, rules):
        return None
    return Forgot.LATE if later is None else Forgot.CLAIMED


def later_period(stint: Stint, at: datetime, rules: StationRules) -> Period | None:
    """The latest period begun by that moment, if it is a later one than the stint's."""
    found = None
    for stretch in rules.calendar.stretches(at, at, rules.limits.grace):
        if stretch.opens_at <= at and (stint.period is None or stretch.opens_at > stint.period.opens_at):
            found = stretch
    return found


def _is_far_from_opening(at: datetime, rules: StationRules) -> bool:
    """Closed, and for longer than an arrival may be early."""
    if rules.calendar.is_open(at):
        return False
    opens_at = rules.calendar.next_change(at)
    return opens_at is None or opens_at - at > rules.limits.early
