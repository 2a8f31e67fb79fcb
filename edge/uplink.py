"""What a kiosk says to the hub and when, without a socket: messages in, messages out (protocol, Settling).

At most one journal message is unsettled in flight; it is sent again, from the first unsettled record on, until the hub
has said of this very session that it is stored. All times here are real seconds; randomness is given.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final, NamedTuple, Protocol

from edge.commands import Commands
from edge.errors import JournalError
from edge.kiosk import Health
from edge.told import Told
from station.errors import WireError
from station.names import MAX_SEQ, Epoch, KioskId, Seq, Session, StationCode
from station.records import AnyRecord
from station.wire import topics
from station.wire.codec import decode, decode_hub_state, encode
from station.wire.messages import (
    MAX_JOURNAL_BYTES,
    MAX_RECORDS,
    Command,
    Duty,
    HubState,
    Journal,
    Kept,
    Presence,
    Roster,
    Settled,
    State,
    Through,
)
from station.wire.topics import Leaf

_log = logging.getLogger(__name__)
HEARTBEAT_S: Final = 30.0  # on the kiosk's clock, give or take a tenth
ASK_AGAIN_S: Final = 10.0  # a birth that nobody answers
FIRST_RETRY_S: Final = 10.0
LONGEST_RETRY_S: Final = 300.0
SPREAD_S: Final = 5.0  # after the hub's birth, so that a city of kiosks does not speak at once
WILL_GAP_S: Final = 2.0  # two agents of one name must not shout each other down
MAX_EPOCHS: Final = 200  # named in one state message; the rest follow when these are settled
_ONE_BY_ONE_AFTER: Final = 2  # sendings in vain: perhaps one record spoils the message


class Outgoing(NamedTuple):
    """A message to publish, at QoS 1."""

    topic: str
    payload: bytes
    retain: bool


class Source(Protocol):
    """Where records come from; `edge.backlog` reads them from the disk."""

    def kept(self) -> dict[Epoch, Kept]:
        """What is there, by epoch, in the order the epochs began."""
        ...

    def read(self, epoch: Epoch, after: int, limit: int) -> tuple[AnyRecord, ...]:
        """The records that follow `after`."""
        ...


@dataclass(frozen=True, slots=True)
class UplinkParts:
    """What the uplink works with.

    Attributes:
        settle: told what the hub holds, and when it said so.
        begin_session: told that nothing said before counts any more.
        told: given duty, roster and presence as they come.
        real_s: how long a stretch of the kiosk's clock lasts in the world.
    """

    station: StationCode
    kiosk: KioskId
    version: str
    source: Source
    health: Callable[[], Health]
    settle: Callable[[Mapping[Epoch, Through], datetime], None]
    begin_session: Callable[[], None]
    told: Callable[[Told], None]
    commands: Commands
    real_s: Callable[[float], float]
    rng: Random


@dataclass(slots=True)
class _Flight:
    """A journal message of which not every record is settled yet; given up at `due_s`."""

    epoch: Epoch
    last: int
    due_s: float


@dataclass(slots=True)
class _Session:
    """One connection, and what the hub has said in it.

    Attributes:
        n: of the last state or journal that was sent.
        obeyed_n: of the last `settled` that was obeyed.
        through: how far each epoch is settled, where the hub has spoken of it.
        in_vain: journal messages since the last progress.
        single: up to this record they go one by one.
        ready_s: no journal message before.
    """

    id: Session
    state_due_s: float
    n: int = 0
    obeyed_n: int = 0
    through: dict[Epoch, int] = field(default_factory=dict)
    flight: _Flight | None = None
    in_vain: int = 0
    single: tuple[Epoch, int] | None = None
    ready_s: float = float("-inf")
    will_answered_s: float = float("-inf")
    outbox: list[Outgoing] = field(default_factory=list)


class Uplink:
    """One kiosk's side of the protocol. Not for two threads at once."""

    def __init__(self, parts: UplinkParts) -> None:
        self._parts = parts
        self._session: _Session | None = None
        self._hub: Session | None = None
        self.unreadable = 0
        station, kiosk = parts.station, parts.kiosk
        self._handlers: dict[str, Callable[[_Session, bytes, float], None]] = {
            topics.settled(station, kiosk): self._settled,
            topics.state(station, kiosk): self._own_state,
            topics.Address(station, Leaf.COMMAND, kiosk).topic: self._command,
            topics.of_station(station, Leaf.DUTY): self._news(Duty),
            topics.of_station(station, Leaf.ROSTER): self._news(Roster),
            topics.of_station(station, Leaf.PRESENCE): self._news(Presence),
            topics.HUB_STATE: self._hub_state,
        }

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topics to listen to."""
        return tuple(self._handlers)

    def will(self, session: Session) -> Outgoing:
        """What the broker is to say when it hears no more of that session: higher than anything else said in it."""
        return self._state_message(session, MAX_SEQ, {}, online=False, reason="connection lost")

    def open(self, session: Session, now_s: float) -> None:
        """A connection is there and subscribed; a birth is due."""
        self._session = _Session(session, state_due_s=now_s)
        self._parts.begin_session()

    def close(self) -> None:
        """The connection is gone."""
        self._session = None

    def farewell(self, reason: str) -> Outgoing | None:
        """The last word of an orderly end."""
        session = self._session
        if session is None:
            return None
        session.n += 1
        return self._state_message(session.id, session.n, self._named(session), online=False, reason=reason)

    def touch(self, now_s: float) -> None:
        """Health has changed: tell it now."""
        if self._session is not None:
            self._session.state_due_s = now_s

    def take(self, topic: str, payload: bytes, now_s: float) -> None:
        """A message came in. What cannot be read is counted, and changes nothing."""
        session, handle = self._session, self._handlers.get(topic)
        if session is None or handle is None:
            return
        try:
            handle(session, payload, now_s)
        except WireError as exc:
            self.unreadable += 1
            if self.unreadable == 1:
                _log.warning("a message on %s cannot be read: %s", topic, exc)

    def send(self, now_s: float) -> list[Outgoing]:
        """What is to be published now."""
        session = self._session
        if session is None:
            return []
        outgoing, session.outbox = session.outbox, []
        if now_s >= session.state_due_s:
            outgoing.append(self._state(session, now_s))
        if session.flight is not None and now_s >= session.flight.due_s:
            self._give_up_flight(session)
        if session.flight is None and now_s >= session.ready_s:
            journal = self._journal(session, now_s)
            if journal is not None:
                outgoing.append(journal)
        return outgoing

    def deadline_s(self, now_s: float) -> float:
        """When `send` has something to do, if nothing comes in and no record is added before."""
        session = self._session
        if session is None:
            return float("inf")
        if session.flight is not None:
            return min(session.state_due_s, session.flight.due_s)
        return min(session.state_due_s, session.ready_s) if session.ready_s > now_s else session.state_due_s

    def _settled(self, session: _Session, payload: bytes, now_s: float) -> None:
        told = decode(payload, Settled)
        if told.session != session.id or not session.obeyed_n <= told.n <= session.n:
            return
        session.obeyed_n = told.n
        self._parts.settle(told.epochs, told.at)
        rises, falls = self._believe(session, told)
        flight = session.flight
        if falls:  # another hub, or the same from a backup: begin again, but not all kiosks at once
            session.flight, session.in_vain = None, 0
            session.ready_s = now_s + self._parts.rng.uniform(0, SPREAD_S)
        elif flight is not None and flight.epoch in rises:
            session.flight, session.in_vain = None, 0

    def _believe(self, session: _Session, told: Settled) -> tuple[set[Epoch], set[Epoch]]:
        """Take over how far each epoch is settled; tells which rose and which fell."""
        rises: set[Epoch] = set()
        falls: set[Epoch] = set()
        for epoch, kept in self._parts.source.kept().items():
            if epoch not in told.epochs:
                continue
            through = min(told.epochs[epoch].through, kept.last)
            before = session.through.get(epoch)
            session.through[epoch] = through
            if before is None or through > before:
                rises.add(epoch)
            elif through < before:
                falls.add(epoch)
        return rises, falls

    def _own_state(self, session: _Session, payload: bytes, now_s: float) -> None:
        """The will of an earlier session may come after this one's birth."""
        if decode(payload, State).session != session.id and now_s - session.will_answered_s >= WILL_GAP_S:
            session.will_answered_s = now_s
            session.state_due_s = now_s

    def _hub_state(self, session: _Session, payload: bytes, now_s: float) -> None:
        told: HubState = decode_hub_state(payload)
        if not told.online or told.session == self._hub:
            return
        self._hub = told.session
        soon_s = now_s + self._parts.rng.uniform(0, SPREAD_S)
        session.state_due_s = min(session.state_due_s, soon_s)
        session.in_vain = 0
        if session.flight is not None:
            session.flight.due_s = min(session.flight.due_s, soon_s)

    def _command(self, session: _Session, payload: bytes, now_s: float) -> None:
        del now_s  # commands expire by the clock of the world
        reply = self._parts.commands.obey(decode(payload, Command), self._parts.health().stamp.at)
        topic = topics.Address(self._parts.station, Leaf.REPLY, self._parts.kiosk).topic
        session.outbox.append(Outgoing(topic, encode(reply), retain=False))

    def _news(self, kind: type[Told]) -> Callable[[_Session, bytes, float], None]:
        def hand_over(session: _Session, payload: bytes, now_s: float) -> None:
            del session, now_s
            self._parts.told(decode(payload, kind))

        return hand_over

    def _state(self, session: _Session, now_s: float) -> Outgoing:
        beat_s = self._parts.real_s(HEARTBEAT_S) * self._parts.rng.uniform(0.9, 1.1)
        session.state_due_s = now_s + (beat_s if session.obeyed_n else min(beat_s, ASK_AGAIN_S))
        session.n += 1
        return self._state_message(session.id, session.n, self._named(session), online=True)

    def _state_message(
        self, session: Session, n: int, epochs: dict[Epoch, Kept], *, online: bool, reason: str = ""
    ) -> Outgoing:
        parts, health = self._parts, self._parts.health()
        state = State(
            online=online, session=session, n=n, version=parts.version, epochs=epochs, reader=health.reader,
            clock=health.stamp.clock, boot=health.stamp.boot, mono_ms=health.stamp.mono_ms, queued=self._queued(),
            at=health.stamp.at, reason=reason or health.reason,
        )  # fmt: skip
        return Outgoing(topics.state(parts.station, parts.kiosk), encode(state), retain=True)

    def _named(self, session: _Session) -> dict[Epoch, Kept]:
        """The running epoch, and the older ones of which not everything is settled in this session."""
        kept = self._parts.source.kept()
        running = list(kept)[-1:]
        older = [epoch for epoch in kept if epoch not in running and _unsettled(session, epoch, kept[epoch])]
        return {epoch: kept[epoch] for epoch in (*older[:MAX_EPOCHS], *running)}

    def _queued(self) -> int:
        session, kept = self._session, self._parts.source.kept()
        if session is None:
            return sum(each.last - each.kept_from + 1 for each in kept.values())
        return sum(_unsettled(session, epoch, each) for epoch, each in kept.items())

    def _give_up_flight(self, session: _Session) -> None:
        """The hub did not answer in time: the next sending begins again at the first unsettled record."""
        flight, session.flight = session.flight, None
        session.in_vain += 1
        if flight is not None and session.in_vain >= _ONE_BY_ONE_AFTER and session.single is None:
            session.single = flight.epoch, flight.last

    def _journal(self, session: _Session, now_s: float) -> Outgoing | None:
        found = self._next(session)
        if found is None:
            return None
        epoch, kept, after = found
        try:
            records = self._parts.source.read(epoch, after, self._batch(session, epoch, after))
        except JournalError as exc:
            _log.warning("records cannot be read, and are sent later: %s", exc)
            session.ready_s = now_s + FIRST_RETRY_S
            return None
        if not records:
            return None
        session.n += 1
        payload, last = self._packed(session, epoch, kept, records)
        pause_s = min(FIRST_RETRY_S * 2.0**session.in_vain, LONGEST_RETRY_S) * self._parts.rng.uniform(0.5, 1.5)
        session.flight = _Flight(epoch, last, now_s + pause_s)
        return Outgoing(topics.journal(self._parts.station, self._parts.kiosk), payload, retain=False)

    def _next(self, session: _Session) -> tuple[Epoch, Kept, int] | None:
        """The oldest epoch that is not settled, as far as the hub has spoken of it, and after which seq to begin."""
        for epoch, kept in self._parts.source.kept().items():
            if epoch in session.through and _unsettled(session, epoch, kept):
                return epoch, kept, max(session.through[epoch], kept.kept_from - 1)
        return None

    def _batch(self, session: _Session, epoch: Epoch, after: int) -> int:
        if session.single is not None and (session.single[0] != epoch or after >= session.single[1]):
            session.single = None
        return MAX_RECORDS if session.single is None else 1

    def _packed(self, session: _Session, epoch: Epoch, kept: Kept, records: tuple[AnyRecord, ...]) -> tuple[bytes, int]:
        """As many of the records as one message holds, and the last seq among them."""
        while True:
            first = records[0].seq
            message = Journal(session.id, session.n, epoch, first, Seq(min(kept.kept_from, first)), records)
            payload = encode(message)
            if len(payload) <= MAX_JOURNAL_BYTES or len(records) == 1:
                return payload, records[-1].seq
            records = records[: len(records) // 2]


def _unsettled(session: _Session, epoch: Epoch, kept: Kept) -> int:
    """How many records of the epoch are not settled in this session."""
    return max(0, kept.last - max(session.through.get(epoch, 0), kept.kept_from - 1))
