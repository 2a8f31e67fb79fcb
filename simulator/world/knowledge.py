"""What the hub can know of the people: the truth of those taps that it has called settled, and no others.

Its board shows this, no more and no less, whatever lines and kiosks do. A hub that begins knows what its database has,
so a restore takes away what came after the copy was made.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

from simulator.opening import Opening
from simulator.truth import BUDGET, Truth
from simulator.world.diary import Diary
from simulator.world.timeline import Timeline
from simulator.world.wall import WallState, steps_of
from station.milliseconds import ms_of

LATE: Final = timedelta(minutes=1)  # what is known later may change since when a class holds
LATELY: Final = timedelta(days=3)  # no stint lasts longer
KEPT: Final = 96  # taps of one person: more than of these days
JUST_AFTER_S: Final = 0.001  # at its very end the budget still holds


class Tapped(NamedTuple):
    """One record that somebody made; `is_held` where it says that they step out."""

    at: datetime
    person: str
    station: str
    is_held: bool


class Knowledge:
    """Everybody's last visit, as far as it is known at the hub.

    Attributes:
        truth: the same, tap by tap.
        diary: what the stations should show by it, change by change.
        late_ms: by station, when something older than a minute became known, or what was known is so no more.
        torn: by station, whether of somebody's taps a later one is known and an earlier one is not, or one has come to
            the hub and is not settled: what follows from them is open.
    """

    def __init__(
        self, openings: Mapping[str, Opening], places: Mapping[str, tuple[str, ...]], timeline: Timeline
    ) -> None:
        self.truth = Truth(openings, places)
        self.diary = Diary(timeline, self.truth)
        self.late_ms: dict[str, list[int]] = defaultdict(list)
        self.torn: dict[str, list[WallState]] = defaultdict(list)
        self._places, self._timeline = places, timeline
        self._own: dict[str, list[Tapped]] = defaultdict(list)
        self._torn: set[str] = set()
        self._hanging: dict[str, set[Tapped]] = defaultdict(set)
        self._made: dict[str, list[tuple[int, Tapped]]] = defaultdict(list)
        self._through: dict[str, int] = {}
        self._known: dict[str, list[Tapped]] = defaultdict(list)
        self._waiting: dict[tuple[str, int], dict[str, Any]] = {}

    def make(self, epoch: str, seq: int, tapped: Tapped) -> None:
        """Somebody has made this record; it is not known before it is settled."""
        if tapped.person in self._places:
            insort(self._made[epoch], (seq, tapped), key=itemgetter(0))
            insort(self._own[tapped.person], tapped)
            del self._own[tapped.person][:-KEPT]
            if seq <= self._through.get(epoch, 0):
                self._learn(tapped)

    def promise(self, beep: dict[str, Any]) -> None:
        """A beep's record is to be known; when it first is, is noted there."""
        self._waiting[beep["epoch"], beep["seq"]] = beep

    def settle(self, through: Mapping[str, int]) -> None:
        """The hub says that of each run so much is settled."""
        for epoch, last in through.items():
            before = self._through.get(epoch, 0)
            if last > before:
                self._through[epoch] = last
                self._note_settled(epoch, before, last)
                for tapped in self._between(epoch, before, last):
                    self._learn(tapped)

    def bring(self, epoch: str, last: int) -> None:
        """Records of a run have come to the hub; those that are not settled yet may be shown all the same."""
        for tapped in self._between(epoch, self._through.get(epoch, 0), last):
            self._hanging[tapped.person].add(tapped)
            self._note_whether_torn(tapped.person)

    def begin(self, through: Mapping[str, int]) -> None:
        """A hub begins, and has so much of each run."""
        for epoch, last in through.items():
            self._note_settled(epoch, self._through.get(epoch, 0), last)
        has_lost = any(last > through.get(epoch, 0) for epoch, last in self._through.items())
        self._through = dict(through)
        self._known.clear()
        self._hanging.clear()
        for epoch, last in through.items():
            for tapped in self._lately(epoch, last):
                insort(self._known[tapped.person], tapped)
        for person in self._places:
            self._tell_again(person)
            self._note_whether_torn(person)
        for station in {place for places in self._places.values() for place in places}:
            self.diary.look(station)
            if has_lost:
                self.late_ms[station].append(ms_of(self._timeline.now))

    def note_changed(self, person: str) -> None:
        """Something of somebody's is otherwise, also of what is past."""
        for place in self._places[person]:
            self.late_ms[place].append(ms_of(self._timeline.now))

    def torn_steps(self, station: str, since_ms: int, until_ms: int) -> list[dict[str, Any]]:
        """Where `torn` changes in a stretch."""
        return [*steps_of(self.torn[station], since_ms, until_ms)]

    def has_all_of(self, person: str) -> bool:
        """Whether all that somebody tapped lately is known."""
        return self._since(self._known[person]) == self._since(self._own[person])

    def look(self, station: str) -> None:
        """Time may have changed something there."""
        self.diary.look(station)

    def _between(self, epoch: str, before: int, last: int) -> Iterator[Tapped]:
        made = self._made.get(epoch, [])
        first, end = (bisect_right(made, seq, key=itemgetter(0)) for seq in (before, last))
        return (tapped for _, tapped in made[first:end])

    def _lately(self, epoch: str, last: int) -> Iterator[Tapped]:
        since = self._timeline.now - LATELY
        for seq, tapped in reversed(self._made.get(epoch, ())):
            if tapped.at < since:
                return
            if seq <= last:
                yield tapped

    def _note_settled(self, epoch: str, before: int, last: int) -> None:
        for seq in range(before + 1, last + 1):
            beep = self._waiting.pop((epoch, seq), None)
            if beep is not None:
                beep["known_ms"] = ms_of(self._timeline.now)

    def _learn(self, tapped: Tapped) -> None:
        own = self._known[tapped.person]
        self._hanging[tapped.person].discard(tapped)
        insort(own, tapped)
        if own[-1] is tapped:
            self._tell(tapped)
        else:
            self._tell_again(tapped.person)
        del own[:-KEPT]
        self._note_whether_torn(tapped.person)
        is_late = self._timeline.now - tapped.at > LATE
        for place in self._places[tapped.person]:
            self.diary.look(place)
            if is_late:
                self.late_ms[place].append(ms_of(self._timeline.now))
            self._look_when_budget_ends(place, tapped)

    def _look_when_budget_ends(self, place: str, tapped: Tapped) -> None:
        """Stepping out counts from the leave, the tap before."""
        own = self._known[tapped.person]
        if tapped.is_held and len(own) > 1:
            ends_at = own[own.index(tapped) - 1].at + BUDGET
            if ends_at > self._timeline.now:
                at_s = self._timeline.second_of(ends_at) + JUST_AFTER_S
                self._timeline.call_at(at_s, lambda: self.diary.look(place))

    def _since(self, taps: list[Tapped], last: Tapped | None = None) -> list[Tapped]:
        """Those of the last days, up to one of them."""
        first = bisect_left(taps, self._timeline.now - LATELY, key=itemgetter(0))
        return taps[first : None if last is None else bisect_right(taps, last)]

    def _note_whether_torn(self, person: str) -> None:
        known = self._known[person]
        is_patchy = bool(known) and self._since(known) != self._since(self._own[person], known[-1])
        is_torn = is_patchy or bool(self._hanging[person])
        if is_torn == (person in self._torn):
            return
        (self._torn.add if is_torn else self._torn.discard)(person)
        now_ms = ms_of(self._timeline.now)
        for place in self._places[person]:
            others = any(place in self._places[other] for other in self._torn)
            self.torn[place].append(WallState(now_ms, "torn" if others else "whole"))

    def _tell_again(self, person: str) -> None:
        self.truth.forget(person)
        for tapped in self._known[person]:
            self._tell(tapped)

    def _tell(self, tapped: Tapped) -> None:
        if tapped.is_held:
            self.truth.hold_on(tapped.person)
        else:
            self.truth.touch(tapped.person, tapped.station, tapped.at)
