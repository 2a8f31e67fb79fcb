"""What the board shows of each station in a year of believable days: from the truth, and from who is not heard.

Nothing is stored, sent or folded: people tap, the truth follows, and while a kiosk is not heard a shortfall is
`unknown`, and what people do there is not known until it is back. So a city's year takes minutes.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Final, NamedTuple

from simulator.acts import Act, Beeped, Gesture, Intention
from simulator.alarm_load.stretches_out import Away
from simulator.city import SimCity
from simulator.opening import ZONE
from simulator.oracle.stretches import Stretch
from simulator.people import plan_day
from simulator.truth import BUDGET, Truth
from simulator.world.crowd import HOLD_S, JUST_AFTER_S
from station.duty import DutyClass
from station.milliseconds import ms_of

MISSED_MS: Final = 30_000  # a shorter break is not seen: the broker takes so long to miss somebody
CLASSES: Final = tuple(DutyClass)
COVERED: Final = frozenset({DutyClass.MET, DutyClass.MINIMUM})


class ShownClasses(NamedTuple):
    """A class from each moment on, small enough that a city's year fits in memory."""

    moments_ms: "array[int]"
    classes: bytearray

    def add(self, at_ms: int, shown: DutyClass) -> None:
        """Where it is news."""
        place = CLASSES.index(shown)
        if not self.classes or self.classes[-1] != place:
            self.moments_ms.append(at_ms)
            self.classes.append(place)

    def steps(self) -> Iterator[tuple[int, DutyClass]]:
        """Each class, and from when it shows."""
        return ((at_ms, CLASSES[place]) for at_ms, place in zip(self.moments_ms, self.classes, strict=True))


class WatchedStation(NamedTuple):
    """What the board showed of one station: its class, and that with silence as `UNKNOWN`, whatever the class."""

    classes: ShownClasses
    watching: ShownClasses


class Days:
    """The truth of a city, day by day."""

    def __init__(self, city: SimCity, away: Away) -> None:
        self._city, self._away = city, away
        self._places = {one.person: tuple(filter(None, (one.station, one.also))) for one in city.volunteers}
        self._truth = Truth({each.code: each.opening for each in city.stations}, self._places)
        self._true = {station.code: ShownClasses(array("q"), bytearray()) for station in city.stations}
        self._looks: list[tuple[datetime, str]] = []

    def live(self, day: date) -> None:
        """Let a day pass."""
        edges = ((edge, one.code) for one in self._city.stations for stretch in one.opening.on(day) for edge in stretch)
        for look in edges:
            heappush(self._looks, look)
        for act in plan_day(self._city, day):
            self._look_up_to(act.at)
            if act.person in self._places and act.intention is not Intention.TRY and not self._is_dead(act):
                self._do(act)
        self._look_up_to(datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE))

    def shown(self) -> dict[str, WatchedStation]:
        """What the board showed of each station."""
        found = {}
        for code, true in self._true.items():
            unheard = self._away.unheard.get(code, ())
            found[code] = WatchedStation(as_shown(true, unheard), as_watched(true, unheard))
        return found

    def _do(self, act: Act) -> None:
        self._truth.touch(act.person, act.station, act.at)
        if act.gesture is Gesture.HOLD and self._truth.hold_on(act.person) is Beeped.STEPPED_OUT:
            ends_at = act.at + BUDGET + timedelta(seconds=JUST_AFTER_S)
            heappush(self._looks, (ends_at, act.station))
        for place in self._places[act.person]:
            self._look(place, act.at + timedelta(seconds=HOLD_S if act.gesture is Gesture.HOLD else 0.0))

    def _is_dead(self, act: Act) -> bool:
        return _within(self._away.dead.get(act.kiosk, ()), ms_of(act.at)) is not None

    def _look_up_to(self, at: datetime) -> None:
        while self._looks and self._looks[0][0] <= at:
            moment, station = heappop(self._looks)
            self._look(station, moment)

    def _look(self, station: str, at: datetime) -> None:
        self._true[station].add(ms_of(at), DutyClass(self._truth.figures(station, at).duty_class))


def as_shown(true: ShownClasses, unheard: Sequence[Stretch]) -> ShownClasses:
    """A station's classes as its board shows them, of whose kiosks one is not heard now and then."""
    return _seen(true, unheard, stays=COVERED)


def as_watched(true: ShownClasses, unheard: Sequence[Stretch]) -> ShownClasses:
    """The same as the alarm for silence has it: nothing is known while it is open and a kiosk is not heard."""
    return _seen(true, unheard, stays=frozenset())


def _seen(true: ShownClasses, unheard: Sequence[Stretch], stays: frozenset[DutyClass]) -> ShownClasses:
    found = ShownClasses(array("q"), bytearray())
    missed = [
        one._replace(since_ms=one.since_ms + MISSED_MS) for one in unheard if one.until_ms - one.since_ms > MISSED_MS
    ]
    moments = sorted({*true.moments_ms, *(edge for one in missed for edge in one)})
    known = DutyClass.CLOSED
    for at_ms in moments:
        place = bisect_right(true.moments_ms, at_ms)
        now = CLASSES[true.classes[place - 1]] if place else DutyClass.CLOSED
        if now is DutyClass.CLOSED or _within(missed, at_ms) is None:
            known = now
            found.add(at_ms, now)
        else:
            found.add(at_ms, known if known in stays else DutyClass.UNKNOWN)
    return found


def _within(stretches: Sequence[Stretch], at_ms: int) -> Stretch | None:
    """The one in which that moment lies."""
    place = bisect_right(stretches, at_ms, key=lambda one: one.since_ms)
    return stretches[place - 1] if place and at_ms < stretches[place - 1].until_ms else None
