"""The duty rule: how many must be there, and what it is called when they are or are not."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from station.hours import Calendar


class DutyClass(StrEnum):
    """What a station is at one instant, best first."""

    MET = "met"
    MINIMUM = "minimum"
    VACANT = "vacant"
    UNKNOWN = "unknown"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DutyRule:
    """At least one on duty while open (Changzhi notice 二.5), two as the norm (Pu'er 附件2 二.1)."""

    minimum: int = 1
    target: int = 2

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.target:
            raise ValueError(f"minimum {self.minimum}, target {self.target}: wanted is 1 <= minimum <= target")


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the rules, settable per station.

    Attributes:
        grace: how long after a period's end a leave still belongs to it.
        early: how long before an opening an arrival already belongs to it.
        budget: how long somebody may step out, each time.
        closing: how long before a period's end a tap of somebody who forgot means leaving.
        off_hours: how long an arrival outside opening hours lasts.
        longest: no stint lasts longer.
        take_back: an arrival so soon after one's own leave takes it back.
    """

    grace: timedelta = timedelta(minutes=30)
    early: timedelta = timedelta(minutes=60)
    budget: timedelta = timedelta(minutes=15)
    closing: timedelta = timedelta(minutes=30)
    off_hours: timedelta = timedelta(hours=4)
    longest: timedelta = timedelta(hours=12)
    take_back: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at a station on one day, beside its hours."""

    duty: DutyRule = field(default_factory=DutyRule)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class StationRules:
    """All that a station's taps are judged by.

    Attributes:
        calendar: its hours.
        duty: before the first of `dated`.
        limits: before the first of `dated`.
        dated: other terms, and the first day on which they hold, in order.
    """

    calendar: Calendar
    duty: DutyRule = field(default_factory=DutyRule)
    limits: Limits = field(default_factory=Limits)
    dated: tuple[tuple[date, Terms], ...] = ()

    def terms_on(self, day: date) -> Terms:
        """The terms of that local day."""
        return next((terms for since, terms in reversed(self.dated) if since <= day), Terms(self.duty, self.limits))


def class_of(rule: DutyRule, on: int, out: int, *, is_open: bool, watched: bool) -> DutyClass:
    """The class at one instant.

    Args:
        rule: minimum and target.
        on: volunteers on duty.
        out: volunteers stepped out within their budget; one of them counts for the target, none for the minimum.
        is_open: whether the instant lies in a period.
        watched: whether a shortfall would have been seen.
    """
    if not is_open:
        return DutyClass.CLOSED
    if on >= rule.minimum:
        return DutyClass.MET if on + min(out, 1) >= rule.target else DutyClass.MINIMUM
    return DutyClass.VACANT if watched else DutyClass.UNKNOWN
