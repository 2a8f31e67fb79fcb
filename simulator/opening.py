"""When a simulated station is open, by the simulator's own copy of the notice's table.

The system under test has a calendar of its own; this one shares no line with it, so that the two can disagree.
Moments are aware; minutes are counted from the station's midnight.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
EVERY_DAY: Final = 7

Hours = tuple[tuple[int, int], ...]
"""The stretches of one day: opening and closing minute of each."""

BANK_HOURS: Final[Hours] = ((9 * 60, 11 * 60 + 30), (14 * 60 + 30, 17 * 60))  # Pu'er notice, annex 2, four (2)
ROUND_THE_CLOCK: Final[Hours] = ((0, 24 * 60),)
TURNS: Final[Hours] = ((0, 8 * 60), (8 * 60, 16 * 60), (16 * 60, 24 * 60))
USUAL_HOURS: Final[Hours] = ((8 * 60, 11 * 60 + 30), (14 * 60 + 30, 17 * 60 + 30))  # the other ten kinds there


class HostHours(NamedTuple):
    """One of the eleven kinds of host in the notice."""

    host: str
    hours: Hours
    open_days: int  # a week, from Monday


KINDS: Final = {
    "hospital": HostHours("第一人民医院", USUAL_HOURS, 7),
    "bank": HostHours("银行", BANK_HOURS, 5),
    "community": HostHours("社区", USUAL_HOURS, 5),
    "transport": HostHours("客运站", USUAL_HOURS, 7),
    "culture": HostHours("图书馆", USUAL_HOURS, 7),
    "scenic": HostHours("景区", USUAL_HOURS, 7),
    "government": HostHours("政务服务中心", USUAL_HOURS, 5),
    "telecom": HostHours("电信营业厅", USUAL_HOURS, 7),
    "supermarket": HostHours("超市", USUAL_HOURS, 7),
    "park": HostHours("公园", USUAL_HOURS, 7),
    "hotel": HostHours("宾馆", USUAL_HOURS, 7),
}


_OFF_2026: Final = (
    ("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7),
)  # fmt: skip
OFF: Final = frozenset(date.fromisoformat(f"2026-{day}") + DAY * n for day, count in _OFF_2026 for n in range(count))
_WORK_2026: Final = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
WORKED: Final = frozenset(date.fromisoformat(f"2026-{day}") for day in _WORK_2026)
"""The notice for 2026, kept by those who are closed at weekends; worlds of other years keep no holidays."""


class OpenStretch(NamedTuple):
    """One stretch of opening hours; at `closes_at` it is closed."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """The hours of one station: its kind's, on that many days from Monday on."""

    hours: Hours
    open_days: int = 7

    def on(self, day: date) -> list[OpenStretch]:
        """The stretches of one local day."""
        return [*_stretches(self.hours, day)] if self.is_open_on(day) else []

    def is_open_on(self, day: date) -> bool:
        """Whether it opens that day at all."""
        is_usual = day.weekday() < self.open_days
        return is_usual if self.open_days == EVERY_DAY else (is_usual and day not in OFF) or day in WORKED

    def about(self, at: datetime, bridge: timedelta = timedelta(0)) -> list[OpenStretch]:
        """The stretches from the day before to the day after, those no further apart than `bridge` as one."""
        joined: list[OpenStretch] = []
        today = at.astimezone(ZONE).date()
        for stretch in (*self.on(today - DAY), *self.on(today), *self.on(today + DAY)):
            if joined and stretch.opens_at - joined[-1].closes_at <= bridge:
                joined[-1] = OpenStretch(joined[-1].opens_at, stretch.closes_at)
            else:
                joined.append(stretch)
        return joined

    @property
    def never_closes(self) -> bool:
        """Whether it is open round the clock."""
        return self.open_days == EVERY_DAY and self.hours == ROUND_THE_CLOCK

    def begun_on(self, day: date) -> list[OpenStretch]:
        """The stretches that people come for on one local day: a night is one, and belongs to its evening.

        Round the clock they come in turns of eight hours.
        """
        if self.never_closes:
            return [*_stretches(TURNS, day)]
        noon = datetime.combine(day, time(12), ZONE)
        return [one for one in self.about(noon) if one.opens_at.astimezone(ZONE).date() == day]

    def is_open(self, at: datetime) -> bool:
        """Whether the station is open at that moment."""
        return any(opens_at <= at < closes_at for opens_at, closes_at in self.on(at.astimezone(ZONE).date()))


@lru_cache(maxsize=1024)
def _stretches(hours: Hours, day: date) -> tuple[OpenStretch, ...]:
    midnight = datetime.combine(day, time(), ZONE)
    return tuple(OpenStretch(midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in hours)


def opening_of(kind: str) -> Opening:
    """The hours of a kind of host."""
    return Opening(KINDS[kind].hours, KINDS[kind].open_days)
