"""A broker in a few lines, and the lines to it: messages kept for those who come later, wills, and trouble by seed.

It promises no more than the protocol asks of one: nothing. Kiosks' lines have the faults; the hub sits beside the
broker.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from simulator.world.scenario import FaultKind
from simulator.world.timeline import Timeline

QUICKEST_S, QUICK_S = 0.01, 0.05
LONG_S = 90.0  # a message that a bad line holds back
SWAP_S = 8.0
WILL_S = 30.0  # how long a broker takes to miss somebody
KEPT_IS_TOLD = 0.5  # the embedded broker tells a wildcard's subscriber only some of what it keeps


class Parcel(NamedTuple):
    """A message on its way."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(eq=False, slots=True)
class ClientLine:
    """One client's way to the broker, with the faults that it has now."""

    name: str = ""
    faults: dict[FaultKind, float] = field(default_factory=dict)

    def delays(self, rng: Random) -> list[float]:
        """After how long a message arrives: once, never or twice."""
        if not self.faults:
            return [rng.uniform(QUICKEST_S, QUICK_S)]
        if self._strikes(FaultKind.DROP, rng):
            return []
        copies = 1 + self._strikes(FaultKind.DUPLICATE, rng)
        return [self._delay(rng) for _ in range(copies)]

    def _delay(self, rng: Random) -> float:
        wait_s = rng.uniform(QUICKEST_S, QUICK_S)
        if self._strikes(FaultKind.REORDER, rng):
            wait_s += rng.uniform(0, SWAP_S)
        if self._strikes(FaultKind.DELAY, rng):
            wait_s += rng.uniform(0, LONG_S)
        return wait_s

    def _strikes(self, kind: FaultKind, rng: Random) -> bool:
        return kind in self.faults and rng.random() < self.faults[kind]


@dataclass(eq=False, slots=True)
class Connection:
    """One client while it is connected."""

    broker: "Broker"
    line: ClientLine
    topics: frozenset[str]
    deliver: Callable[[Parcel], None]
    will: Parcel
    is_open: bool = True

    def publish(self, parcel: Parcel, landed: Callable[[], None] | None = None) -> None:
        """Send; it may still arrive after this connection is gone. `landed`: the broker has it, or says so."""
        self.broker.carry(self.line, lambda: self.broker.take(parcel), landed)

    def leave(self) -> None:
        """Go in order: nobody speaks the will."""
        self.is_open = False
        self.broker.part_from(self)

    def drop(self) -> None:
        """Be gone without a word."""
        self.leave()
        self.broker.speak_will(self.will)

    def bring(self, parcel: Parcel) -> None:
        """Let a message come to the client, if it is still there then."""

        def arrive() -> None:
            if self.is_open:
                self.deliver(parcel)

        self.broker.carry(self.line, arrive)


class Broker:
    """Keeps retained messages and hands on the others."""

    def __init__(self, timeline: Timeline, rng: Random) -> None:
        self._timeline = timeline
        self._rng = rng
        self._kept: dict[str, Parcel] = {}
        self._by_topic: dict[str, list[Connection]] = defaultdict(list)  # in the order in which they came

    def connect(
        self,
        line: ClientLine,
        topics: Iterable[str],
        deliver: Callable[[Parcel], None],
        will: Parcel,
        *,
        hears_some: bool,
    ) -> Connection:
        """Welcome a client and bring it what was kept: all of it, or `hears_some` of it."""
        connection = Connection(self, line, frozenset(topics), deliver, will)
        for topic in connection.topics:
            self._by_topic[topic].append(connection)
        for topic, kept in self._kept.items():
            if topic in connection.topics and not (hears_some and self._rng.random() >= KEPT_IS_TOLD):
                connection.bring(kept)
        return connection

    def take(self, parcel: Parcel) -> None:
        """A message has come in."""
        if parcel.retain:
            self._kept[parcel.topic] = parcel
        for connection in self._by_topic[parcel.topic]:
            connection.bring(parcel._replace(retain=False))

    def part_from(self, connection: Connection) -> None:
        """Nothing more is brought to a client."""
        for topic in connection.topics:
            self._by_topic[topic].remove(connection)

    def speak_will(self, will: Parcel) -> None:
        """Somebody is missed after a while."""
        self._timeline.call_in(self._rng.uniform(0.5, WILL_S), lambda: self.take(will))

    def carry(self, line: ClientLine, arrive: Callable[[], None], landed: Callable[[], None] | None = None) -> None:
        """Let something arrive at the other end of a line; what gets lost is acknowledged all the same."""
        waits = line.delays(self._rng)
        for wait_s in waits:
            self._timeline.call_in(wait_s, arrive)
        if landed is not None:
            self._timeline.call_in(2 * min(waits, default=QUICK_S), landed)

    def forget(self) -> None:
        """Lose all that was kept."""
        self._kept.clear()
