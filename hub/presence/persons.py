"""One person's taps of the last hours and the stints that they fold into, kept small.

A tap that comes in order is folded on; one that comes late makes the person's course anew. Whose card a token is,
the caller knows.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from hub.intake.rows import moment_of
from hub.presence.run_log import RunLog
from station.fold import Course, PlacedTap, Rules, fold
from station.names import Seq, StationCode
from station.records import Action

ACTIONS: Final = tuple(Action)
ACTION_INDEX: Final = {action.value: index for index, action in enumerate(ACTIONS)}
MOST_STINTS: Final = 64  # remembered of one person; a real one has a handful a day
MOST_MARKS: Final = 8  # records that need review; they are found again in the journal


Runs = Mapping[int, RunLog]


class TapNote(NamedTuple):
    """A tap in five numbers: 40 bytes, where a placed tap takes ten times as much."""

    said_ms: int
    """When it was, as it says."""
    run: int
    seq: int
    action: int
    """Its index."""
    of: int
    """The seq that it turns round; 0 for none."""

    def placed(self, runs: Runs) -> PlacedTap:
        """The tap in its place."""
        run = runs[self.run]
        at_ms, is_uncertain = run.moment(self.seq, self.said_ms)
        return PlacedTap(
            at=moment_of(at_ms),
            kiosk=run.kiosk,
            epoch=run.epoch,
            seq=Seq(self.seq),
            station=run.station,
            action=ACTIONS[self.action],
            of=Seq(self.of) if self.of else None,
            uncertain=is_uncertain,
        )


class CardLog:
    """One card's taps, in the order in which they came, and how many of them have been folded."""

    __slots__ = ("_folded", "_numbers", "add")

    def __init__(self, notes: Iterable[TapNote] = ()) -> None:
        self._numbers = array("q", (number for note in notes for number in note))
        self._folded = 0
        self.add: Callable[[tuple[int, int, int, int, int]], None] = self._numbers.extend
        """Note one more; the numbers are a `TapNote`'s."""

    def __iter__(self) -> Iterator[TapNote]:
        return _notes(self._numbers)

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def take_new(self) -> Iterator[TapNote]:
        """Those that have not been taken so before."""
        new = self._numbers[self._folded :]
        self._folded = len(self._numbers)
        return _notes(new)

    def since(self, ms: int, runs: Runs) -> "CardLog":
        """Those from then on."""
        return CardLog(note for note in self if runs[note.run].moment(note.seq, note.said_ms).at_ms >= ms)


def _notes(numbers: "array[int]") -> Iterator[TapNote]:
    return map(TapNote._make, zip(*[iter(numbers)] * len(TapNote._fields), strict=True))


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who tapped.

    Attributes:
        key: the opaque id, or the token of a card that is nobody's.
        counted: whether they count for the class.
        logs: the taps of each of their cards.
        is_moved: taps that have been folded were made at another time than was thought then.
    """

    key: str
    counted: bool
    course: Course
    logs: list[CardLog] = field(default_factory=list, repr=False)
    is_moved: bool = False

    def fold_new(self, runs: Runs) -> dict[StationCode, datetime]:
        """Fold the new taps in the logs; returns the stations where something may be otherwise, and since when."""
        new = sorted(note.placed(runs) for log in self.logs for note in log.take_new())
        course = self.course
        if not new and not self.is_moved:
            return {}
        if not self.is_moved and (course.last is None or new[0] > course.last):
            touched = {stint.station: new[0].at for stint in course.stints[-1:]}
            touched.update((tap.station, tap.at) for tap in new)
            for tap in new:
                course.apply(tap)
            self._trim()
            return touched
        began = [stint.began_at for stint in course.stints] if self.is_moved else []
        stations = {stint.station for stint in course.stints}
        self.fold_anew(course.rules, runs)
        stations.update(stint.station for stint in self.course.stints)
        stations.update(tap.station for tap in new)
        since_at = min([*began, *(tap.at for tap in new)], default=None)
        if since_at is None:
            since_at = min((stint.began_at for stint in self.course.stints), default=None)
        return {} if since_at is None else dict.fromkeys(stations, since_at)

    def stations(self, runs: Runs) -> set[StationCode]:
        """Where they tapped."""
        return {runs[note.run].station for log in self.logs for note in log}

    def is_in(self, moved: Mapping[RunLog, Sequence[tuple[int, int]]], runs: Runs) -> bool:
        """Whether a tap of theirs is among these, given by run from seq to seq."""
        return any(
            first <= note.seq <= last
            for log in self.logs
            for note in log
            for first, last in moved.get(runs[note.run], ())
        )

    def fold_anew(self, rules: Rules, runs: Runs) -> None:
        """Make the course from all taps at stations that have rules."""
        self.is_moved = False
        for log in self.logs:
            log.take_new()
        taps = (note.placed(runs) for log in self.logs for note in log)
        self.course = fold((tap for tap in taps if tap.station in rules), rules)
        self._trim()

    def _trim(self) -> None:
        course = self.course
        if len(course.stints) > MOST_STINTS:
            course.stints = course.stints[-MOST_STINTS // 2 :]
        if len(course.again) + len(course.unmatched) > MOST_MARKS:
            course.again.clear()
            course.unmatched.clear()
