"""A hub of a few lines and a line that misbehaves by seed, for the uplink to talk to."""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from edge.commands import Commands
from edge.health import Health
from edge.outgoing import Outgoing, UplinkParts
from edge.timekeeping import Stamp
from edge.uplink import Uplink
from station.names import Epoch, KioskId, Seq, Session, StationCode
from station.records import ClockState, Pulse, ReaderState, Unreadable
from station.wire import topics
from station.wire.codec import decode, decode_journal, encode, record_fields
from station.wire.messages import HubState, Kept, Settled, State, Through
from station.wire.topics import Leaf

STATION, KIOSK = StationCode("SQ01"), KioskId("sq01-a")
AT = datetime(2026, 3, 5, tzinfo=UTC)
SETTLED = topics.settled(STATION, KIOSK)
STATE = topics.state(STATION, KIOSK)
PRESENCE = topics.told(STATION, KIOSK)[Leaf.PRESENCE]
JOURNAL = topics.journal(STATION, KIOSK)


def epoch(number: int) -> Epoch:
    return Epoch(f"{number:016x}")


def pulse(seq: int) -> Pulse:
    at = AT + timedelta(milliseconds=seq)
    return Pulse(seq=Seq(seq), at=at, clock=ClockState.SYNCED, boot="b", mono_ms=seq)


@dataclass
class Shelves:
    """Records in lists, one a run."""

    runs: dict[Epoch, list[Pulse]] = field(default_factory=dict)
    kept_from: dict[Epoch, int] = field(default_factory=dict)

    def begin(self) -> None:
        self.runs[epoch(len(self.runs) + 1)] = []

    def add(self, count: int = 1) -> None:
        run = self.runs[epoch(len(self.runs))]
        run += [pulse(len(run) + n + 1) for n in range(count)]

    def kept(self) -> dict[Epoch, Kept]:
        return {name: Kept(Seq(self.kept_from.get(name, 1)), len(run)) for name, run in self.runs.items()}

    def texts(self, name: Epoch, after: int, limit: int) -> tuple[str, ...]:
        return tuple(json.dumps(record_fields(record)) for record in self.runs[name][after : after + limit])


def shelves_of(*runs: int) -> Shelves:
    shelves = Shelves()
    for count in runs:
        shelves.begin()
        shelves.add(count)
    return shelves


class Hub:
    """Stores what comes, and settles what it stored."""

    def __init__(self, started: int = 1) -> None:
        self.stored: dict[tuple[Epoch, int], object] = {}
        self.kept_from: dict[Epoch, int] = {}
        self.conflicts: list[tuple[Epoch, int]] = []
        self.session = Session(f"{started:016x}")
        self.key = ""

    def take(self, message: Outgoing) -> Outgoing | None:
        if message.topic == JOURNAL:
            journal = decode_journal(message.payload)
            self.kept_from[journal.epoch] = journal.kept_from
            for record in journal.records:
                assert not isinstance(record, Unreadable)
                known = self.stored.setdefault((journal.epoch, record.seq), record)
                if known != record:
                    self.conflicts.append((journal.epoch, record.seq))
            return self._settle(journal.session, journal.n, [journal.epoch])
        if message.topic == STATE:
            state = decode(message.payload, State)
            self.kept_from |= {name: kept.kept_from for name, kept in state.epochs.items()}
            return self._settle(state.session, state.n, list(state.epochs))
        return None

    def birth(self) -> Outgoing:
        return Outgoing(topics.HUB_STATE, encode(HubState(True, self.session, "1", AT)), retain=True)

    def _settle(self, session: Session, n: int, epochs: list[Epoch]) -> Outgoing:
        told = {name: Through(self.through(name)) for name in epochs}
        return Outgoing(SETTLED, encode(Settled(session, n, told, AT, self.key)), retain=True)

    def through(self, name: Epoch) -> int:
        through = self.kept_from.get(name, 1) - 1
        while (name, through + 1) in self.stored:
            through += 1
        return through if (name, through) in self.stored else 0


class Line:
    """Both ways between one uplink and one hub; loses, doubles and delays by chance.

    Attributes:
        settled: what the kiosk goes by, of what it was told.
    """

    def __init__(self, seed: int, shelves: Shelves, *, trouble: float = 0.3) -> None:
        self.random = Random(seed)
        self.trouble = trouble
        self.now_s = 0.0
        self.hub = Hub()
        self.shelves = shelves
        self.settled: list[dict[Epoch, Through]] = []
        self.sent: list[Outgoing] = []
        self.times: list[tuple[datetime, float]] = []
        self.up: deque[Outgoing] = deque()
        self.down: deque[Outgoing] = deque()
        self.sessions = 0
        self.uplink = Uplink(
            UplinkParts(
                station=STATION,
                kiosk=KIOSK,
                version="1",
                source=shelves,
                health=self.health,
                settle=lambda epochs: self.settled.append(dict(epochs)),
                begin_session=self.settled.clear,
                told=lambda told: None,
                hear_time=lambda at, asked_s: self.times.append((at, self.now_s - asked_s)),
                commands=Commands(),
                real_s=lambda seconds: seconds,
                rng=self.random,
            )
        )
        self.connect()

    def health(self) -> Health:
        return Health(Stamp(AT, ClockState.SYNCED, "b", int(self.now_s * 1000)), ReaderState.UP, "")

    def connect(self) -> None:
        self.sessions += 1
        self.uplink.close()
        self.uplink.open(Session(f"{0xA000 + self.sessions:016x}"), self.now_s)

    def step(self) -> None:
        """Let the uplink say what is due, and one message arrive each way."""
        for message in self.uplink.send(self.now_s):
            self.sent.append(message)
            self._carry(message, self.up)
        if self.up:
            answer = self.hub.take(self._next(self.up))
            if answer is not None:
                self._carry(answer, self.down)
        if self.down:
            message = self._next(self.down)
            self.uplink.take(message.topic, message.payload, self.now_s)
        if not self.up and not self.down:
            self.now_s = max(self.now_s, min(self.uplink.deadline_s(self.now_s), self.now_s + 60))

    def run_until(self, is_done, steps: int = 5000) -> bool:
        for _ in range(steps):
            if is_done():
                return True
            self.step()
        return is_done()

    def is_all_stored(self) -> bool:
        return all(
            self.hub.stored.get((name, record.seq)) == record
            for name, run in self.shelves.runs.items()
            for record in run[self.shelves.kept_from.get(name, 1) - 1 :]
        )

    def _carry(self, message: Outgoing, way: deque[Outgoing]) -> None:
        if self.random.random() < self.trouble:
            return
        way.append(message)
        if self.random.random() < self.trouble:
            way.append(message)

    def _next(self, way: deque[Outgoing]) -> Outgoing:
        if self.random.random() < self.trouble:
            way.rotate(-1)
        return way.popleft()
