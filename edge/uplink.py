"""What a kiosk says to the hub and when, without a socket: messages in, messages out (protocol, Settling).

At most one journal message is unsettled in flight; it is sent again, from the first unsettled record on, until the hub
has said of this very session that it is stored. All times here are real seconds; randomness is given.
"""

import logging
from collections.abc import Callable
from typing import Final

from edge.exchange import Exchange
from edge.outgoing import Outgoing, UplinkParts, tell_records, tell_reply, tell_state
from edge.pace import Pace
from edge.told import ToldMessage
from station import names
from station.errors import WireError
from station.names import MAX_SEQ
from station.wire import topics
from station.wire.codec import decode, decode_hub_state
from station.wire.messages import MAX_JOURNAL_BYTES, Command, HubState, Presence, Settled, State
from station.wire.told import Duty, Roster
from station.wire.topics import Leaf

_log = logging.getLogger(__name__)
HEARTBEAT_S: Final = 30.0  # on the kiosk's clock, give or take a tenth
ASK_AGAIN_S: Final = 10.0  # a birth, or a state after one of the hub's, that nobody answers
_NOBODY: Final = names.Session("0" * 16)
UNHEARD_S: Final = 100.0  # three states without an answer
WILL_GAP_S: Final = 2.0  # two agents of one name must not shout each other down


class Uplink:
    """One kiosk's side of the protocol. Not for two threads at once.

    Attributes:
        is_unheard: it is linked, and no hub has answered for a while.
        unreadable: messages that could not be read.
    """

    def __init__(self, parts: UplinkParts) -> None:
        self._parts = parts
        self._exchange: Exchange | None = None
        self._hub: names.Session | None = None
        self._pace = Pace()
        self._will_answered_s = float("-inf")
        self._most_bytes = MAX_JOURNAL_BYTES
        self._heard_s = 0.0
        self.is_unheard = False
        self.unreadable = 0
        station, kiosk = parts.station, parts.kiosk
        told = topics.told(station, kiosk)
        self._handlers: dict[str, Callable[[Exchange, bytes, float], None]] = {
            topics.settled(station, kiosk): self._settled,
            topics.state(station, kiosk): self._own_state,
            topics.Address(station, kiosk, Leaf.COMMAND).topic: self._command,
            told[Leaf.DUTY]: self._news(Duty),
            told[Leaf.ROSTER]: self._news(Roster),
            told[Leaf.PRESENCE]: self._news(Presence),
            topics.HUB_STATE: self._hub_state,
        }

    @property
    def is_heard(self) -> bool:
        """Whether the hub has answered this very connection."""
        return self._exchange is not None and self._exchange.obeyed_n > 0

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topics to listen to."""
        return tuple(self._handlers)

    def will(self, session: names.Session) -> Outgoing:
        """What the broker is to say when it hears no more of that session: higher than anything else said in it."""
        return tell_state(
            self._parts, session, MAX_SEQ, {}, queued=self._queued(), is_online=False, reason="connection lost"
        )

    def open(self, session: names.Session, now_s: float, most_bytes: int = MAX_JOURNAL_BYTES) -> None:
        """A connection is there and subscribed, on which no message may be longer; a birth is due."""
        self._most_bytes = min(most_bytes, MAX_JOURNAL_BYTES)
        self._exchange = Exchange(session, state_due_s=now_s)
        self._heard_s = now_s
        self._will_answered_s = float("-inf")
        self._parts.begin_session()

    def close(self) -> None:
        """The connection is gone."""
        if self._exchange is not None and (lost := self._exchange.land()) is not None:  # perhaps it was too large
            self._pace.slow_down(lost.size_bytes)
        self._exchange = None

    def farewell(self, reason: str) -> Outgoing | None:
        """The last word of an orderly end."""
        exchange = self._exchange
        if exchange is None:
            return None
        exchange.n += 1
        kept = exchange.name(self._parts.source.kept())
        return tell_state(
            self._parts, exchange.id, exchange.n, kept, queued=self._queued(), is_online=False, reason=reason
        )

    def touch(self, now_s: float) -> None:
        """Health has changed: tell it now."""
        if self._exchange is not None:
            self._exchange.state_due_s = now_s

    def take(self, topic: str, payload: bytes, now_s: float) -> None:
        """A message came in. What cannot be read is counted, and changes nothing."""
        exchange, handle = self._exchange, self._handlers.get(topic)
        if exchange is None or handle is None:
            return
        try:
            handle(exchange, payload, now_s)
        except WireError:
            self.unreadable += 1
            if self.unreadable == 1:  # without what was found: a roster says whose card is whose
                _log.warning("a message on %s cannot be read, and is passed over", topic)

    def feel_line(self, now_s: float, *, is_busy: bool) -> None:
        """Take in whether anything that was published has not come to the broker yet.

        While the line is busy nothing is given up, and `send` had better wait: more would only stand behind it. Where
        nobody says so, everything comes to the broker at once.
        """
        exchange = self._exchange
        if exchange is None:
            return
        if is_busy:
            exchange.hold(now_s)
        elif (landed := exchange.land()) is not None:
            self._pace.learn(landed.size_bytes, now_s - landed.sent_s)

    def send(self, now_s: float) -> list[Outgoing]:
        """What is to be published now."""
        exchange = self._exchange
        if exchange is None:
            return []
        self._miss_hub(now_s)
        outgoing = [tell_reply(self._parts, reply) for reply in self._parts.commands.replies()]
        if now_s >= exchange.state_due_s:
            outgoing.append(self._state(exchange, now_s))
        exchange.give_up_late(now_s)
        journal = tell_records(self._parts, exchange, now_s, min(self._pace.most_bytes, self._most_bytes))
        if journal is not None:
            outgoing.append(journal)
        return outgoing

    def deadline_s(self, now_s: float) -> float:
        """When `send` has something to do, if nothing comes in and no record is added before."""
        if self._exchange is None:
            return float("inf")
        return now_s if self._parts.commands.has_replies else self._exchange.deadline_s(now_s)

    def _settled(self, exchange: Exchange, payload: bytes, now_s: float) -> None:
        told = decode(payload, Settled)
        if exchange.obeys(told):
            told = exchange.bounded(told)
            self._hear_hub(told, now_s)
            asked_s = exchange.asked_s(told)
            if asked_s is not None:
                self._parts.hear_time(told.at, asked_s)
            self._parts.settle(told.epochs)
            exchange.obey(told, self._parts.source.kept(), now_s, self._parts.rng)

    def _hear_hub(self, told: Settled, now_s: float) -> None:
        self._heard_s = now_s
        if self.is_unheard:
            self.is_unheard = False
            _log.info("the hub answers again")
        if told.key:
            self._parts.hear_key(told.key)

    def _miss_hub(self, now_s: float) -> None:
        """Say once that nobody answers: a kiosk that is not entered gets no answer, nor one whose hub is off."""
        if not self.is_unheard and now_s - self._heard_s > UNHEARD_S:
            self.is_unheard = True
            _log.warning(
                "linked, but no hub answers %s/%s: enter it at the hub under that name, or start the hub; "
                "cards are recorded all the same", self._parts.station, self._parts.kiosk,
            )  # fmt: skip

    def _own_state(self, exchange: Exchange, payload: bytes, now_s: float) -> None:
        """The will of an earlier session may come after this one's birth."""
        if decode(payload, State).session != exchange.id and now_s - self._will_answered_s >= WILL_GAP_S:
            self._will_answered_s = now_s
            exchange.state_due_s = now_s

    def _hub_state(self, exchange: Exchange, payload: bytes, now_s: float) -> None:
        """What the broker kept may be old news; what comes after it is a call, under whatever name.

        A hub that can store again after a while says its birth anew.
        """
        told: HubState = decode_hub_state(payload)
        is_known = told.session == self._hub and not exchange.hears_hub
        exchange.hears_hub = True
        if told.online and not is_known:
            self._hub = told.session
            exchange.hear_birth(now_s, self._parts.rng)

    def _command(self, exchange: Exchange, payload: bytes, now_s: float) -> None:
        del exchange, now_s  # commands expire by the clock of the world
        self._parts.commands.obey(decode(payload, Command), self._parts.health().stamp)

    def _news(self, kind: type[ToldMessage]) -> Callable[[Exchange, bytes, float], None]:
        def hand_over(exchange: Exchange, payload: bytes, now_s: float) -> None:
            del exchange, now_s
            self._parts.told(decode(payload, kind))

        return hand_over

    def _state(self, exchange: Exchange, now_s: float) -> Outgoing:
        beat_s = self._parts.real_s(HEARTBEAT_S) * self._parts.rng.uniform(0.9, 1.1)
        exchange.state_due_s = now_s + (beat_s if exchange.through else min(beat_s, ASK_AGAIN_S))
        n = exchange.count(now_s)
        return tell_state(self._parts, exchange.id, n, exchange.name(self._parts.source.kept()), queued=self._queued())

    def _queued(self) -> int:
        """How many records are not settled; all that are kept, where no session says more."""
        exchange, kept = self._exchange or Exchange(_NOBODY, 0.0), self._parts.source.kept()
        return sum(exchange.unsettled(epoch, each) for epoch, each in kept.items())
