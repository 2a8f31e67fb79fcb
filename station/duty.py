"""The duty rule: how many must be there, and what it is called when they are or are not."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from station.hours import MOST_JOINED, Calendar, Period, join
from station.saying import say

_DATES_APART: Final = timedelta(days=2)  # of one moment, in any two zones
MOST: Final = timedelta(days=1)  # of any limit: rules look a day ahead and back
MOST_TAKE_BACK: Final = timedelta(hours=1)  # the hub forgets a leave then; entered ones are held to it


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
            told = "minimum {minimum}, target {target}: wanted is 1 <= minimum <= target"
            raise ValueError(say(told, minimum=self.minimum, target=self.target))


ROUND_THE_CLOCK: Final = timedelta(hours=6)  # of `longest`, where nothing else ever ends a stint


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the rules, settable per station and day.

    Attributes:
        grace: how long after a period's end a leave still belongs to it.
        early: how long before an opening an arrival already belongs to it.
        budget: how long somebody may step out, each time.
        joined: periods no further apart are one for stints; the grace, where that is shorter.
        closing: how long before a period's end a tap of somebody who forgot means leaving.
        off_hours: how long an arrival outside opening hours lasts.
        adopted: off hours that began so short before an opening become its period's then.
        longest: no stint lasts longer.
        take_back: an arrival so soon after one's own leave takes it back.
    """

    grace: timedelta = timedelta(minutes=30)
    early: timedelta = timedelta(minutes=60)
    budget: timedelta = timedelta(minutes=15)
    joined: timedelta = timedelta(minutes=30)
    closing: timedelta = timedelta(minutes=30)
    off_hours: timedelta = timedelta(hours=4)
    adopted: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)
    take_back: timedelta = timedelta(minutes=2)

    def __post_init__(self) -> None:
        for part in fields(self):
            if not timedelta(0) <= getattr(self, part.name) <= MOST:
                told = "{name} {value}; wanted is a stretch of time up to a day"
                raise ValueError(say(told, name=part.name, value=getattr(self, part.name)))


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
    _base: Terms = field(init=False, repr=False, compare=False)
    _last: Terms = field(init=False, repr=False, compare=False)
    _last_from: date = field(init=False, repr=False, compare=False)
    _stretches: dict[tuple[date, date], tuple[Period, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_base", Terms(self.duty, self.limits))
        since, last = self.dated[-1] if self.dated else (date.min, self._base)
        object.__setattr__(self, "_last", last)
        object.__setattr__(self, "_last_from", min(since, date.max - _DATES_APART) + _DATES_APART)

    def terms_on(self, day: date) -> Terms:
        """The terms of that local day."""
        return next((terms for since, terms in reversed(self.dated) if since <= day), self._base)

    def terms_at(self, at: datetime) -> Terms:
        """The terms of the local day of that moment; of a period, given its opening."""
        if at.date() >= self._last_from:  # wherever that clock hangs: asking for the local day costs more than all else
            return self._last
        return self.terms_on(self.calendar.local_day(at))

    def stretches(self, since: datetime, until: datetime) -> tuple[Period, ...]:
        """Periods about `since` to `until` as stints know them: one where they lie no further apart than `joined`."""
        key = self.calendar.local_day(since), self.calendar.local_day(until)
        known = self._stretches.get(key)
        if known is None:
            if len(self._stretches) >= MOST_JOINED:
                self._stretches.clear()
            known = self._stretches[key] = tuple(join(self.calendar.periods_about(*key), self._bridge_after))
        return known

    def _bridge_after(self, period: Period) -> timedelta:
        limits = self.terms_at(period.opens_at).limits
        return min(limits.joined, limits.grace)


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
