"""What each operator is told in a year, and whether a person can take it: by EEMUA 191.

An operator is whoever is behind one channel: a station's lead, a county, the authority over a kind of host, the city.
Each is called as the hub calls a channel: at once, then with what waits as one; what is over before is never told.
An alarm is a line that they read: four stations of one district that lack the same are one, as in messages and 待办.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple

from simulator.alarm_load.raised import Told
from simulator.city import SimCity
from simulator.oracle.alarm_calls import GROUPED_MS, most_in_ten_minutes
from station.alarms import Ending, Level, What
from station.grouping import ONE_LINE, REMEMBERED, WATCHED_AT_ONCE, free_at, in_lines
from station.milliseconds import ms_of

WEEK_MS: Final = 7 * 86_400_000
AVERAGE: Final = 1.0  # calls in ten minutes, in the long run
PEAK: Final = 10  # calls in any ten minutes
FLOOD: Final = 10  # more alarms than these in ten minutes are a flood
FLOODED: Final = 0.01  # of the time
STANDING: Final = 10.0  # alarms that an operator was told of and that are not over, on average
Key = tuple[str, str]


class StoodAlarm(NamedTuple):
    """An alarm that was told of, from when to when it stood; `district` is empty for what stands alone."""

    since_ms: int
    until_ms: int
    district: str


@dataclass(frozen=True, slots=True)
class Load:
    """What one operator had to take; averages are of ten minutes in which any of their stations was open."""

    name: str
    level: Level
    alarms: int
    calls: int
    calls_in_ten: float
    alarms_in_ten: float
    most_calls: int
    most_alarms: int
    flooded: float
    standing: float
    most_standing: int

    def over(self) -> Iterator[str]:
        """Which limits it is over."""
        for said, found, most in (
            ("calls in ten minutes on average", self.calls_in_ten, AVERAGE),
            ("calls in any ten minutes", self.most_calls, PEAK),
            ("of the time in a flood", self.flooded, FLOODED),
            ("alarms standing on average", self.standing, STANDING),
        ):
            if found > most:
                yield f"{self.name}: {found:.3g} {said}; {most:g} at most"


@dataclass
class Operator:
    """One channel's people.

    Attributes:
        name: theirs.
        level: how high they are told.
        alarms_ms: when alarms were raised, or rose, to them, that they were told of; a moment for each line.
        calls_ms: when they were called, be it with many at once, or with what is over.
        stood: each alarm that they were told of and that is over.
    """

    name: str
    level: Level
    alarms_ms: list[int] = field(default_factory=list)
    calls_ms: list[int] = field(default_factory=list)
    stood: list[StoodAlarm] = field(default_factory=list)
    _waiting: dict[Key, tuple[int, Hashable]] = field(default_factory=dict)
    _ended_ms: int | None = None
    _told: dict[Key, int] = field(default_factory=dict)
    _free_ms: int = 0

    def take(self, one: Told, district: str) -> None:
        """Something happens to an alarm, in order of time; `district` is empty where it is not of one station."""
        self.pass_time(one.at_ms)
        key = one.station, one.matter.value
        if one.happening.what is not What.ENDED:
            likeness = (district, one.happening.what, one.happening.alarm.lack) if district else None
            self._waiting[key] = one.at_ms, likeness
        elif self._waiting.pop(key, None) is None and (since_ms := self._told.pop(key, None)) is not None:
            self.stood.append(StoodAlarm(since_ms, one.at_ms, district))
            if one.happening.ending is Ending.MET:
                self._ended_ms = one.at_ms

    def pass_time(self, until_ms: int) -> None:
        """Call with what waits, once that may be; what comes at one moment goes as one."""
        while self._waiting or self._ended_ms is not None:
            made_ms = [
                *(at_ms for at_ms, _ in self._waiting.values()),
                *([] if self._ended_ms is None else [self._ended_ms]),
            ]
            at_ms = max(self._free_ms, min(made_ms))
            if at_ms >= until_ms:
                return
            self.alarms_ms += [at_ms] * len(in_lines(self._waiting.values(), itemgetter(1)))
            self._told |= dict.fromkeys(self._waiting, at_ms)
            self._waiting.clear()
            self._ended_ms = None
            self.calls_ms.append(at_ms)
            lately = self.calls_ms[bisect_left(self.calls_ms, at_ms - REMEMBERED // timedelta(milliseconds=1)) :]
            free = free_at(datetime.fromtimestamp(ms / 1000, UTC) for ms in lately)
            self._free_ms = 0 if free is None else ms_of(free)

    def load(self, on_duty_ms: int) -> Load:
        """What they had to take, while for so long any of their stations was open."""
        tens = on_duty_ms / GROUPED_MS
        floods = sum(n > FLOOD for n in Counter(at_ms // GROUPED_MS for at_ms in self.alarms_ms).values())
        lines = self.lines_standing()
        standing = sum((until_ms - since_ms) * lines[since_ms] for since_ms, until_ms in pairwise(lines)) / on_duty_ms
        at_most = max(lines.values(), default=0)
        return Load(
            self.name, self.level, len(self.alarms_ms), len(self.calls_ms), len(self.calls_ms) / tens,
            len(self.alarms_ms) / tens, most_in_ten_minutes(self.calls_ms), most_in_ten_minutes(self.alarms_ms),
            floods / tens, standing, at_most,
        )  # fmt: skip

    def lines_standing(self) -> dict[int, int]:
        """How many lines stand in 待办 from each moment on at which one begins or ends."""
        begun = [(one.since_ms, 1, one.district) for one in self.stood]
        over = [(one.until_ms, -1, one.district) for one in self.stood]
        alarms, folded, of_district, found = 0, 0, Counter[str](), {}
        for at_ms, more, district in sorted([*begun, *over]):
            alarms += more
            if district:
                folded -= _less(of_district[district])
                of_district[district] += more
                folded += _less(of_district[district])
            found[at_ms] = alarms - folded if alarms > WATCHED_AT_ONCE else alarms
        return found


def _less(of_one_district: int) -> int:
    """How many lines fewer they take as one."""
    return of_one_district - 1 if of_one_district >= ONE_LINE else 0


def operators_of(city: SimCity, told: Iterable[Told]) -> list[Operator]:
    """Everybody who is told, and of what: the hub's order of levels, a channel for each."""
    places = {station.code: station for station in city.stations}
    found: dict[str, Operator] = {}
    for one in sorted(told, key=lambda one: one.at_ms):
        level, is_end = one.happening.alarm.level, one.happening.what is What.ENDED
        names, of_one = {(Level.CITY, "city"): None}, places.get(one.station)
        district = of_one.district if of_one else ""
        for place in (places[code] for code in (one.station, *one.stations) if code in places):
            overseers = [(Level.OVERSEER, place.district), (Level.OVERSEER, place.kind)]
            names |= dict.fromkeys([(Level.LEAD, f"lead {place.code}"), *overseers])
        for of_level, name in names:
            if of_level in one.to and (of_level == level or (is_end and of_level < level)):
                found.setdefault(name, Operator(name, of_level)).take(one, district)
    for operator in found.values():
        operator.pass_time(1 << 62)
    return list(found.values())
