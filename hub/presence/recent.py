"""Who was where in the last two days: the ledger's stints, person by person, looked up station by station.

Lives on the event loop and keeps no time: every question names its moment. It takes what the ledger has at a start, and
each change of it since; so it shows the same as the ledger, a moment earlier than it is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.ledger.change import Change
from hub.ledger.past import FoldedRun
from hub.ledger.stint_rows import LedgerStint
from hub.presence.expecting import Attendance
from station.duty import StationRules
from station.milliseconds import moment_or_none, ms_of
from station.names import Epoch, KioskId, StationCode
from station.presence import Headcount, headcount
from station.stints import Standing, Stint, next_turn, runs_at, stint_at
from station.truetime import AHEAD_MS

LOOK_BACK: Final = timedelta(hours=48)  # further than the longest stint, and a whole day
AHEAD: Final = timedelta(milliseconds=AHEAD_MS)  # what is folded lies no further ahead of the hub's clock
_LONG_MS: Final = (LOOK_BACK + AHEAD) // timedelta(milliseconds=1)

RulesByStation = Mapping[StationCode, StationRules]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who tapped.

    Attributes:
        key: the opaque id, or the token of a card that is nobody's.
        counted: whether they count for the class.
        stints: in the order of the taps that made them.
        stations: where they are.
    """

    key: str
    counted: bool
    stints: list[LedgerStint] = field(default_factory=list)
    stations: set[StationCode] = field(default_factory=set)


class Here(NamedTuple):
    """A person's stint at one station, as a moment finds it."""

    person: Person
    stint: Stint


class Present(NamedTuple):
    """How many are at a station: those who count, and cards that are nobody's."""

    counted: Headcount
    unknown_cards: int


class Touched(NamedTuple):
    """The stations where something may be otherwise, and since when; None where that is not known.

    Attributes:
        watched: where only the watching may be.
    """

    stations: set[StationCode]
    since: datetime | None
    watched: set[StationCode]


class Recent:
    """Everybody who tapped lately.

    Args:
        rules: by station.

    Attributes:
        newcomers: stations where somebody tapped for the first time; whoever tells them takes them out.
    """

    def __init__(self, rules: RulesByStation) -> None:
        self._rules = rules
        self._persons: dict[str, Person] = {}
        self._at: dict[StationCode, dict[str, Person]] = defaultdict(dict)
        self._folded: dict[StationCode, dict[int, tuple[KioskId, Epoch, int]]] = defaultdict(dict)
        self.newcomers: set[StationCode] = set()

    def learn(self, rules: RulesByStation) -> None:
        """Take new rules."""
        self._rules = rules

    def recall(self, stints: Iterable[LedgerStint], runs: Iterable[FoldedRun]) -> None:
        """Take what the ledger has, in place of all that is here."""
        self._persons.clear()
        self._at.clear()
        self._folded.clear()
        for one in stints:
            self._put(one)
        for person in self._persons.values():
            person.stints.sort(key=_by_tap)
        for name, through, outline in runs:
            self._folded[name.station][name.id] = name.kiosk, name.epoch, min(through, outline.last_seq)

    def apply(self, change: Change) -> Touched:
        """Take what is otherwise in the ledger."""
        touched = set[StationCode]()
        for person, since_ms, until_ms in change.void:
            known = self._persons.get(person)
            if known is not None:
                gone = [one for one in known.stints if since_ms <= one.tapped_ms <= until_ms]
                touched.update(one.stint.station for one in gone)
                known.stints = [one for one in known.stints if not since_ms <= one.tapped_ms <= until_ms]
        for one in change.stints:
            self._put(one)
            touched.add(one.stint.station)
        for key in {*(void.person for void in change.void), *(one.person for one in change.stints)}:
            self._settle(key)
        for outline in change.outlines:
            name = change.runs[outline.run]
            self._folded[name.station][name.id] = name.kiosk, name.epoch, change.told.get(name.id, outline.last_seq)
        runs = {*(one.run for one in change.watched), *(run for run, _ in change.unwatched)}
        watched = {change.runs[run].station for run in runs} - touched
        return Touched(touched, moment_or_none(change.since_ms), watched)

    def forget_before(self, at: datetime) -> None:
        """Forget what was over by then."""
        ms = ms_of(at)
        for key, person in list(self._persons.items()):
            kept = [one for one in person.stints if _last_ms(one) >= ms]
            if len(kept) < len(person.stints):
                person.stints = kept
                self._settle(key)
        # What is told of a run is told for as long as the run may be read again: a run is a day or so.
        for folded in self._folded.values():
            for run in list(folded)[:-MOST_TOLD]:
                del folded[run]

    def here(self, station: StationCode, at: datetime) -> Iterator[Here]:
        """Everybody who was at a station lately, with their latest stint there."""
        for person in self._at[station].values():
            for one in reversed(person.stints):
                if one.stint.station == station:
                    yield Here(person, self._seen(one.told, at))
                    break

    def stints(self, station: StationCode) -> Iterator[LedgerStint]:
        """All stints at a station that are remembered, person by person."""
        for person in self._at[station].values():
            for one in person.stints:
                if one.stint.station == station:
                    yield one

    def attendances(self, station: StationCode) -> Iterator[Attendance]:
        """Who was there lately, and when; whoever is there still, until time alone ends it."""
        for person in self._at[station].values():
            for one in person.stints:
                if one.stint.station == station:
                    yield Attendance(person.key, one.stint.began_at, one.ended_at)

    def present(self, station: StationCode, at: datetime) -> Present:
        """How many are there; what a clock ahead of the hub's has stamped shows when it is received."""
        on_duty = stepped_out = unknown_cards = 0
        for person in self._at[station].values():
            told = person.stints[-1].told if person.stints else None
            if told is None or told.station != station or told.ended_at is not None:
                continue
            moment = at if _last_tap(told) <= at else min(_last_tap(told), at + AHEAD)
            if not runs_at(told, moment, self._rules[station]):
                continue
            if not person.counted:
                unknown_cards += 1
            else:
                counted = headcount((told,), moment)
                on_duty, stepped_out = on_duty + counted.on_duty, stepped_out + counted.stepped_out
        return Present(Headcount(on_duty, stepped_out), unknown_cards)

    def away(self, station: StationCode, at: datetime) -> Iterator[Stint]:
        """The latest stint there of everybody who counts and is there no more, or has stepped out."""
        for person in self._at[station].values():
            if not person.counted:
                continue
            one = next((one for one in reversed(person.stints) if one.stint.station == station), None)
            if one is None:
                continue
            seen = one.told if one.told.ended_at is not None else self._seen(one.told, at)
            if seen.standing is not Standing.ON:
                yield seen

    def next_turn(self, station: StationCode, at: datetime) -> datetime | None:
        """When time alone next changes somebody's stint there."""
        rules = self._rules[station]
        turns = []
        for person in self._at[station].values():
            told = person.stints[-1].told if person.stints else None
            if told is not None and told.ended_at is None and told.station == station:
                turns.append(next_turn(told, at, rules))
        return min((turn for turn in turns if turn is not None), default=None)

    def folded(self, station: StationCode) -> dict[KioskId, dict[Epoch, int]]:
        """Per kiosk and epoch, up to which seq its records are in here."""
        told: dict[KioskId, dict[Epoch, int]] = defaultdict(dict)
        for kiosk, epoch, seq in self._folded[station].values():
            told[kiosk][epoch] = seq
        return dict(told)

    def _seen(self, told: Stint, at: datetime) -> Stint:
        return stint_at(told, at, self._rules[told.station])

    def _put(self, one: LedgerStint) -> None:
        person = self._persons.get(one.person)
        if person is None:
            person = self._persons[one.person] = Person(one.person, one.counted)
        for index, other in enumerate(person.stints):
            if (other.run, other.seq) == (one.run, one.seq):
                person.stints[index] = one
                break
        else:
            person.stints.append(one)
        station = one.stint.station
        if station not in person.stations:
            person.stations.add(station)
            self._at[station][one.person] = person
            self.newcomers.add(station)

    def _settle(self, key: str) -> None:
        """Put a person's stints in order, and take the person from where they have none any more."""
        person = self._persons.get(key)
        if person is None:
            return
        person.stints.sort(key=_by_tap)
        if person.stints:
            _forget_long_over(person)
        for station in person.stations - {one.stint.station for one in person.stints}:
            del self._at[station][key]
            person.stations.discard(station)
        if not person.stints:
            del self._persons[key]


MOST_TOLD: Final = 32  # runs of one station: a kiosk names no more of what it keeps


def _forget_long_over(person: Person) -> None:
    """Forget what was over two days before they tapped last: a kiosk that brings a month brings no more of each.

    By their own taps, not by the hub's clock: what that forgets while it is ahead would be missed once it is set back.
    """
    since_ms = person.stints[-1].tapped_ms - _LONG_MS
    if _last_ms(person.stints[0]) < since_ms:
        person.stints = [one for one in person.stints if _last_ms(one) >= since_ms]


def _by_tap(one: LedgerStint) -> tuple[int, int, int, int]:
    """Of two taps in the same millisecond the later ended the earlier one's stint, then and there."""
    return one.tapped_ms, ms_of(one.ended_at), one.run, one.seq


def _last_ms(one: LedgerStint) -> int:
    return max(ms_of(one.ended_at), one.tapped_ms)


def _last_tap(told: Stint) -> datetime:
    """The last tap that a running stint knows of."""
    return max(moment for moment in (told.began_at, told.seen_at, told.out_since) if moment is not None)
