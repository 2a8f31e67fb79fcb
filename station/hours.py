"""Opening hours: which stretches of time a station is open.

Weekly spans, overridden day by day where a day is resolved otherwise (a holiday, a closure); who resolves
them is the hub's affair. Moments are aware UTC; a span is local minutes from midnight, half-open.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

DAY_MINUTES: Final = 24 * 60
WEEK: Final = 7
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
HORIZON: Final = timedelta(days=8)  # a weekly calendar repeats within it
_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta(0)
MOST_JOINED: Final = 8  # stretches of days remembered: taps of one day ask for the same few


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Local opening time of one day, in minutes from midnight; 1440 is 24:00."""

    opens_min: int
    closes_min: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_min < self.closes_min <= DAY_MINUTES:
            raise ValueError(f"{self.opens_min} to {self.closes_min} minutes is no span of one day")


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One stretch of opening hours, half-open: open at `opens_at`, closed at `closes_at`."""

    opens_at: datetime
    closes_at: datetime

    def contains(self, at: datetime) -> bool:
        """Whether the station is open at that moment."""
        return self.opens_at <= at < self.closes_at


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The opening hours of one station.

    Attributes:
        weekly: seven days, Monday first, each its spans in order without overlap.
        days: days that are resolved otherwise than by the week.
        zone: the station's time zone.
    """

    weekly: tuple[Spans, ...]
    days: Mapping[date, Spans] = field(default_factory=dict)
    zone: ZoneInfo = SHANGHAI
    _known: dict[date, tuple[Period, ...]] = field(default_factory=dict, init=False, repr=False)
    _joined: dict[tuple[date, date], tuple[Period, ...]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != WEEK:
            raise ValueError(f"a week of {len(self.weekly)} days; seven are wanted, Monday first")
        for spans in (*self.weekly, *self.days.values()):
            if any(later.opens_min < earlier.closes_min for earlier, later in pairwise(spans)):
                raise ValueError(f"spans out of order or overlapping: {spans}")

    def local_day(self, at: datetime) -> date:
        """The station's date at that moment."""
        return at.astimezone(self.zone).date()

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """The periods that open on that local day, in order."""
        known = self._known.get(day)
        if known is None:
            spans = self.days.get(day, self.weekly[day.weekday()])
            known = tuple(
                Period(moment_on(day, span.opens_min, self.zone), moment_on(day, span.closes_min, self.zone))
                for span in spans
            )
            self._known[day] = known
        return known

    def stretches(self, since: datetime, until: datetime) -> tuple[Period, ...]:
        """Periods about `since` to `until`, those that touch joined into one."""
        key = self.local_day(since), self.local_day(until)
        known = self._joined.get(key)
        if known is None:
            if len(self._joined) >= MOST_JOINED:
                self._joined.clear()
            known = self._joined[key] = tuple(join(self.periods_about(*key), lambda _: _NOTHING))
        return known

    def periods_about(self, first: date, last: date) -> Iterator[Period]:
        """The periods of those days and of a day beyond each end: a stretch that is cut there outlasts any stint."""
        for n in range(-1, (last - first).days + 2):
            yield from self.periods_on(first + n * _DAY)

    def is_open(self, at: datetime) -> bool:
        """Whether that moment lies in a period."""
        return any(period.contains(at) for period in self.periods_on(self.local_day(at)))

    def next_change(self, at: datetime) -> datetime | None:
        """When the station next opens or closes after that moment; None if not within eight days."""
        for stretch in self.stretches(at, at + HORIZON):
            if stretch.opens_at > at:
                return stretch.opens_at
            if stretch.contains(at):
                return stretch.closes_at if stretch.closes_at - at < HORIZON else None
        return None


def join(periods: Iterable[Period], bridge: Callable[[Period], timedelta]) -> Iterator[Period]:
    """Periods in order, one that follows another no later than `bridge` of that other says joined to it."""
    joined: Period | None = None
    last: Period | None = None
    for period in periods:
        if joined is not None and last is not None and period.opens_at - last.closes_at <= bridge(last):
            joined = Period(joined.opens_at, period.closes_at)
        else:
            if joined is not None:
                yield joined
            joined = period
        last = period
    if joined is not None:
        yield joined


@lru_cache(maxsize=4096)
def moment_on(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment of so many local minutes of a day; 1440 is its end."""
    if minutes == DAY_MINUTES:
        return midnight_of(day + _DAY, zone)
    return datetime.combine(day, time(*divmod(minutes, 60)), zone).astimezone(UTC)


def midnight_of(day: date, zone: tzinfo) -> datetime:
    """The moment at which that local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
