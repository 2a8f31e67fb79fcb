"""What the hub tells the kiosks: presence, duty and roster of their station, under each one's branch at the broker.

Told are those whose service has not ended; what the broker keeps of others is taken away. A station is told at most a
few times a second, and all telling together takes a tenth of the time, so that it never stands in the way of the board.
Where the broker has forgotten, everything is told again.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final

from hub.presence.fitting import encode_presence
from hub.presence.recent import Here, Recent
from hub.register.directory import Directory, roster_cards
from station.clock import Clock
from station.duty import DutyClass, StationRules
from station.names import KioskId, PersonId, StationCode, Token
from station.presence import seen
from station.stints import LATELY
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import Presence
from station.wire.told import Holder, Roster
from station.wire.topics import Leaf

GAP_S: Final = 0.3  # between two tellings of one station's presence
SLICE_S: Final = 0.001  # of work at once
PAUSE: Final = 9  # as long as the work, so many times
MOST_CLEARED: Final = 100  # at once
CARDS_A_PART: Final = 500  # about 60 KiB
DAYS: Final = 1_000_000  # more than any date's ordinal; a version rises with the edition, then with the day

Publish = Callable[[str, bytes], bool]
TopicTold = tuple[str, bytes]


class Telling:
    """Publishes what has changed, a slice at a time."""

    def __init__(self, clock: Clock, recent: Recent, duty_class: Callable[[StationCode], DutyClass]) -> None:
        self._clock = clock
        self._recent = recent
        self._duty_class = duty_class
        self._publish: Publish = lambda _topic, _payload: False
        self._directory: Directory | None = None
        self._rules: dict[StationCode, StationRules] = {}
        self._today = date.min
        self._plans: dict[StationCode, None] = {}
        self._rosters: dict[StationCode, None] = {}
        self._presence: dict[StationCode, None] = {}
        self._told_s: dict[StationCode, float] = {}
        self._in_parts: set[StationCode] = set()
        self._kiosks: dict[StationCode, list[KioskId]] = {}
        self._old: dict[str, None] = {}
        self._has_cleared = False

    def publish_by(self, publish: Publish) -> None:
        """Say how messages go out."""
        self._publish = publish

    def learn(self, directory: Directory, rules: dict[StationCode, StationRules], today: date) -> None:
        """Take a new city, or a new day of it, and tell all of it."""
        self._directory, self._rules, self._today = directory, rules, today
        self._kiosks = {code: [] for code in rules}
        old = [topic for code in rules for topic in topics.of_old(code)] if not self._has_cleared else []
        for kiosk in directory.kiosks.values():
            if kiosk.is_revoked:
                old += topics.kept(kiosk.station, kiosk.id)
            elif kiosk.in_service_to is not None and kiosk.in_service_to <= today:
                old += topics.told(kiosk.station, kiosk.id).values()
            elif kiosk.station in self._kiosks:
                self._kiosks[kiosk.station].append(kiosk.id)
        self._old.update(dict.fromkeys(old))
        self._has_cleared = True
        self.tell_all()

    def tell_all(self) -> None:
        """Tell every station everything again."""
        for due in (self._plans, self._rosters, self._presence):
            due.update(dict.fromkeys(self._rules))

    def greet(self, station: StationCode) -> None:
        """A kiosk there has just come: of a roster in parts the broker kept it the last one alone."""
        if station in self._in_parts:
            self._rosters[station] = None

    def touch(self, stations: Iterable[StationCode]) -> None:
        """Presence there has changed. Stations are told in the order of their codes, not in that of a set."""
        self._presence.update(dict.fromkeys(sorted(stations)))
        if self._recent.newcomers:
            self._rosters.update(dict.fromkeys(sorted(self._recent.newcomers)))
            self._recent.newcomers.clear()

    def work(self) -> float:
        """Tell some of what is due; returns after how many seconds to go on."""
        began_s = time.thread_time()
        for told in self._due(time.monotonic()):
            for topic, payload in told:
                self._publish(topic, payload)
            if time.thread_time() - began_s > SLICE_S:
                break
        else:
            self._clear()
        return max(0.02, (time.thread_time() - began_s) * PAUSE)

    def _clear(self) -> None:
        """Take away what a broker may keep of kiosks out of service, and of stations from earlier versions."""
        for topic in list(islice(self._old, MOST_CLEARED)):
            if self._publish(topic, b""):
                del self._old[topic]

    def tell(self, now_s: float) -> None:
        """Tell all that is due, by a clock of the caller's."""
        for told in self._due(now_s):
            for topic, payload in told:
                self._publish(topic, payload)

    def _due(self, now_s: float) -> Iterator[list[TopicTold]]:
        """What is to be told, a station at a time; taken off the list as it is given."""
        while self._plans or self._rosters:
            due = self._plans or self._rosters
            code = next(iter(due))
            del due[code]
            if code in self._rules:
                yield self._plan_of(code) if due is self._plans else self._roster_of(code)
        for code in list(self._presence):
            if now_s - self._told_s.get(code, 0.0) >= GAP_S:
                del self._presence[code]
                self._told_s[code] = now_s
                if code in self._rules:
                    presence = encode_presence(self._presence_of(code, self._clock.now()))
                    yield self._to_kiosks(code, Leaf.PRESENCE, [presence])

    @property
    def _version(self) -> int:
        assert self._directory is not None
        return self._directory.edition * DAYS + self._today.toordinal()

    def _plan_of(self, code: StationCode) -> list[TopicTold]:
        assert self._directory is not None
        duty = self._directory.stations[code].duty(today=self._today, version=self._version)
        return self._to_kiosks(code, Leaf.DUTY, [encode(duty)])

    def _roster_of(self, code: StationCode) -> list[TopicTold]:
        assert self._directory is not None
        now = self._clock.now()
        visitors = frozenset(PersonId(here.person.key) for here in self._recent.here(code, now) if here.person.counted)
        cards = iter(roster_cards(self._directory, code, visitors, now).items())
        parts: list[dict[Token, Holder]] = []
        while part := dict(islice(cards, CARDS_A_PART)):
            parts.append(part)
        (self._in_parts.add if len(parts) > 1 else self._in_parts.discard)(code)
        count = max(len(parts), 1)
        key = self._directory.key
        rosters = (Roster(self._version, number, count, part, key) for number, part in enumerate(parts or [{}], 1))
        return self._to_kiosks(code, Leaf.ROSTER, [encode(roster) for roster in rosters])

    def _to_kiosks(self, code: StationCode, leaf: Leaf, payloads: list[bytes]) -> list[TopicTold]:
        """The same to each kiosk of the station."""
        return [
            (topics.Address(code, kiosk, leaf).topic, payload) for kiosk in self._kiosks[code] for payload in payloads
        ]

    def _presence_of(self, code: StationCode, at: datetime) -> Presence:
        calendar = self._rules[code].calendar
        today = calendar.local_day(at)

        def is_of_today(here: Here) -> bool:  # or so lately that a kiosk may have to think of it, also after midnight
            ended_at = here.stint.ended_at
            is_late = ended_at is None or at - ended_at <= LATELY
            return is_late or calendar.local_day(here.stint.began_at) == today

        present = self._recent.present(code, at)
        return Presence(
            as_of=at,
            on_duty=present.counted.on_duty,
            stepped_out=present.counted.stepped_out,
            unknown_cards=present.unknown_cards,
            duty_class=self._duty_class(code),
            people={
                here.person.key: seen(here.stint, counted=here.person.counted)
                for here in self._recent.here(code, at)
                if is_of_today(here)
            },
            folded=self._recent.folded(code),
        )
