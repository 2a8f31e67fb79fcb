"""Who is where in the whole city: records folded person by person, looked up station by station.

Lives on the event loop and keeps no time: every question names its moment. Taps may come in any order and any
number of times, a person's course is the same (station.fold), and so may what tells when they really were
(kiosk_log). What is folded here are the last 36 hours.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.intake.rows import ms_of
from hub.intake.runs import KnownRun
from hub.presence.kiosk_log import KioskLogs
from hub.presence.leaving_out import Attempt, plainly
from hub.presence.persons import ACTION_INDEX, CardLog, Person
from hub.presence.pieces import Row
from hub.presence.run_log import RunLog
from station.duty import StationRules
from station.fold import Course
from station.names import Epoch, KioskId, StationCode, Token
from station.presence import Headcount, headcount
from station.records import Tap
from station.stints import Standing, Stint, next_turn
from station.truetime import AHEAD_MS
from station.wire.messages import Holder

LOOK_BACK: Final = timedelta(hours=36)  # further than the longest stint and a whole day
AHEAD: Final = timedelta(milliseconds=AHEAD_MS)  # what is folded lies no further ahead of the hub's clock
_NOT_COUNTED: Final = frozenset({Holder.UNASSIGNED, Holder.REVOKED})

RulesByStation = Mapping[StationCode, StationRules]


class Here(NamedTuple):
    """A person's latest stint at one station, as a moment finds it."""

    person: Person
    stint: Stint


class Present(NamedTuple):
    """How many are at a station: those who count, and cards that are nobody's."""

    counted: Headcount
    unknown_cards: int


class Presences:
    """Everybody who tapped lately.

    Args:
        rules: by station; a tap anywhere else is passed over.
        holders: whose card a token is.
        attempt: what is done for one person or kiosk; may leave it out.

    Attributes:
        logs: what is remembered of the kiosks' journals.
        newcomers: stations where somebody tapped for the first time; whoever tells them takes them out.
    """

    def __init__(self, rules: RulesByStation, holders: Mapping[Token, Holder], attempt: Attempt = plainly) -> None:
        self._rules = rules
        self._attempt = attempt
        self._holders = holders
        self._cards: dict[str, tuple[CardLog, Person]] = {}
        self._persons: dict[str, Person] = {}
        self._unfolded: dict[str, Person] = {}
        self._at: dict[StationCode, dict[str, Person]] = defaultdict(dict)
        self._runs: dict[int, RunLog] = {}
        self._folded: dict[StationCode, dict[int, int]] = defaultdict(dict)
        self._noted: dict[tuple[StationCode, int], int] = {}
        self._stored_ms: dict[int, int] = {}
        self.logs = KioskLogs()
        self.newcomers: set[StationCode] = set()

    def learn(self, rules: RulesByStation, holders: Mapping[Token, Holder], since: datetime) -> None:
        """Take new rules and holders and forget what is older: everybody is folded anew."""
        self._rules, self._holders = rules, holders
        while self.logs.is_stale:
            self._attempt(self.logs.retime)
        self.logs.moved.clear()
        logs = {token: log.since(ms_of(since), self._runs) for token, (log, _) in self._cards.items()}
        self._cards.clear()
        self._persons.clear()
        self._unfolded.clear()
        self._at.clear()
        self._forget_before(ms_of(since))
        for token, log in logs.items():
            if log:
                self._person_of(token, log)
        for person in self._persons.values():
            self._attempt(person.fold_anew, rules, self._runs)
            for station in person.stations(self._runs):
                self._at[station][person.key] = person

    def take(self, run: KnownRun, rows: Sequence[Row], through: int) -> None:
        """Note new records of one run, in order of seq, stored so far as `through` says; they show once folded."""
        self._stored_ms[run.id] = rows[-1][-1]
        self._runs[run.id] = self.logs.take(run, rows)
        self._noted[run.station, run.id] = through
        if run.station in self._rules:
            for row in rows:
                if row[2] == Tap.KIND:
                    self._note(row)

    def fold(self, until_s: float = math.inf) -> dict[StationCode, datetime]:
        """Fold what was noted, the latest first, until `time.perf_counter` says so; somebody in any case.

        Returns:
            The stations where something may be otherwise now, and when that happened.
        """
        touched: dict[StationCode, datetime] = {}
        while self.logs.is_stale:
            self._attempt(self.logs.retime)
            if time.perf_counter() >= until_s:
                return touched
        self._mark_moved()
        while self._unfolded:
            touched.update(self._attempt(self._fold_last) or {})
            if time.perf_counter() >= until_s:
                break
        if not self._unfolded:
            for (station, run), through in self._noted.items():
                self._folded[station][run] = through
            self._noted.clear()
        return touched

    def fold_last(self, kiosk: KioskId) -> dict[StationCode, datetime]:
        """Fold whoever was noted last, at that kiosk, before all that waits.

        Returns:
            As `fold`.
        """
        self.logs.retime_kiosk(kiosk)
        return self._fold_last() if self._unfolded else {}

    @property
    def has_unfolded(self) -> bool:
        """Whether there is more to fold."""
        return bool(self._unfolded or self.logs.is_stale or self.logs.moved)

    def here(self, station: StationCode, at: datetime) -> Iterator[Here]:
        """Everybody who was at a station lately, with their latest stint there."""
        for person in self._at[station].values():
            for stint in reversed(person.course.stints_at(at)):
                if stint.station == station:
                    yield Here(person, stint)
                    break

    def stints(self, station: StationCode, at: datetime) -> Iterator[Here]:
        """All stints at a station that are remembered, person by person."""
        for person in self._at[station].values():
            for stint in person.course.stints_at(at):
                if stint.station == station:
                    yield Here(person, stint)

    def present(self, station: StationCode, at: datetime) -> Present:
        """How many are there; what a clock ahead of the hub's has stamped shows when it is received."""
        counted, on_duty, stepped_out, unknown_cards = [], 0, 0, 0
        for person in self._at[station].values():
            last = person.course.last
            seen_at = last.at if last is not None and at < last.at <= at + AHEAD else at
            stint = person.course.latest_at(seen_at)
            if stint is None or stint.ended_at is not None or stint.station != station:
                continue
            if not person.counted:
                unknown_cards += stint.standing is not Standing.OFF
            elif seen_at is at:
                counted.append(stint)
            else:
                ahead = headcount((stint,), seen_at)
                on_duty, stepped_out = on_duty + ahead.on_duty, stepped_out + ahead.stepped_out
        now = headcount(counted, at)
        return Present(Headcount(now.on_duty + on_duty, now.stepped_out + stepped_out), unknown_cards)

    def next_turn(self, station: StationCode, at: datetime) -> datetime | None:
        """When time alone next changes somebody's stint there."""
        rules = self._rules[station]
        turns = []
        for person in self._at[station].values():
            stints = person.course.stints
            if stints and stints[-1].ended_at is None and stints[-1].station == station:
                turns.append(next_turn(stints[-1], at, rules))
        return min((turn for turn in turns if turn is not None), default=None)

    def folded(self, station: StationCode) -> dict[KioskId, dict[Epoch, int]]:
        """Per kiosk and epoch, up to which seq its records are in here."""
        told: dict[KioskId, dict[Epoch, int]] = defaultdict(dict)
        for run_id, through in self._folded[station].items():
            run = self._runs[run_id]
            told[run.kiosk][run.epoch] = through
        return dict(told)

    def _fold_last(self) -> dict[StationCode, datetime]:
        _, person = self._unfolded.popitem()
        touched = person.fold_new(self._runs)
        for station in touched:
            if person.key not in self._at[station]:
                self._at[station][person.key] = person
                self.newcomers.add(station)
        return touched

    def _note(self, row: Row) -> None:
        run, seq, _, said_ms, _, _, _, token, action, of_seq, _, _, _, _ = row
        card = self._cards.get(token) or self._person_of(token, CardLog())
        card[0].add((said_ms, run, seq, ACTION_INDEX[action], of_seq or 0))
        self._unfolded.pop(card[1].key, None)  # to the end: whoever tapped last is folded first, also where they waited
        self._unfolded[card[1].key] = card[1]

    def _mark_moved(self) -> None:
        """Whoever tapped at a time that is now known to have been another is folded anew."""
        moved: dict[RunLog, list[tuple[int, int]]] = defaultdict(list)
        for run, first, last in self.logs.moved:
            moved[run].append((first, last))
        self.logs.moved.clear()
        for station in {run.station for run in moved}:
            for person in self._at[station].values():
                if person.is_in(moved, self._runs):
                    person.is_moved = True
                    self._unfolded[person.key] = person

    def _forget_before(self, ms: int) -> None:
        self.logs.forget_before(ms)
        for folded in self._folded.values():
            for run in [run for run in folded if self._stored_ms[run] < ms]:
                del folded[run]
        told = {run for folded in self._folded.values() for run in folded} | {run for _, run in self._noted}
        self._runs = {run: log for run, log in self._runs.items() if run in told or self.logs.holds(log)}
        self._stored_ms = {run: stored_ms for run, stored_ms in self._stored_ms.items() if run in self._runs}

    def _person_of(self, token: str, log: CardLog) -> tuple[CardLog, Person]:
        """Whose card that is; a card that is nobody's, or revoked, is a person of its own and does not count."""
        holder = self._holders.get(Token(token))
        counted = holder is not None and _NOT_COUNTED.isdisjoint(holder.flags)
        key = holder.person if holder is not None and counted else token
        person = self._persons.get(key)
        if person is None:
            person = self._persons[key] = Person(key, counted, Course(self._rules))
        person.logs.append(log)
        self._cards[token] = (log, person)
        return log, person
