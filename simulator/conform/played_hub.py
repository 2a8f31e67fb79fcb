"""A hub as it is played to an agent: stores, settles, keeps silent or lies, as a check wants it.

What the agent says is read in order, one message at a time, and kept for the rules that look at the whole talk.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from simulator.conform.line import HeardMessage, OtherHubError, SilenceError
from simulator.conform.rules import Meeting, ProtocolTimes
from station.errors import WireError
from station.names import Epoch, Session
from station.wire import topics
from station.wire.codec import decode, decode_hub_state, encode
from station.wire.messages import HubState, Journal, Kept, Settled, State, Through

WILL_N: Final = 0


@dataclass(frozen=True, slots=True)
class AgentMessage:
    """One message of the agent; `fault` says why it cannot be read."""

    heard: HeardMessage
    message: State | Journal | None
    fault: str = ""

    @property
    def state(self) -> State | None:
        """It, where it is one that says online."""
        return self.message if isinstance(self.message, State) and self.message.online else None

    @property
    def journal(self) -> Journal | None:
        """It, where it is one."""
        return self.message if isinstance(self.message, Journal) else None


class PlayedHub:
    """The hub's side towards one agent.

    Attributes:
        said: everything that the agent said, retained messages apart.
        answers: whether what comes is stored and settled at once.
        session: the agent's, of the last message that was read.
        n: its last.
        kept: what the agent's states of this session named.
    """

    def __init__(self, meeting: Meeting, pace: ProtocolTimes, now: Callable[[], datetime], rng: Random) -> None:
        """Connect; nothing is said yet."""
        self.dial, self.station, self.kiosk = meeting
        self.pace = pace
        self.state_topic, self.journal_topic = (
            topics.state(self.station, self.kiosk),
            topics.journal(self.station, self.kiosk),
        )
        self.settled_topic = topics.settled(self.station, self.kiosk)
        self.said: list[AgentMessage] = []
        self.answers = False
        self.session = Session("")
        self.n = 0
        self.kept: dict[Epoch, Kept] = {}
        self._ours: set[bytes] = set()  # said by us on a topic of the agent
        self._stored: dict[Epoch, set[int]] = {}
        self._now, self._rng = now, rng
        self._born: Session | None = None
        self.line = self.dial([self.state_topic, self.journal_topic, topics.HUB_STATE])

    def now_s(self) -> float:
        """The line's clock, by which messages came."""
        return self.line.now_s()

    def now(self) -> datetime:
        """The time of day, as a hub tells it."""
        return self._now()

    def begin(self) -> None:
        """Be born, and hear the agent for the first time.

        Raises:
            OtherHubError: a hub is there already.
            SilenceError: no agent speaks.
        """
        self._refuse_second_hub()
        since_s = self.bear()
        if self.wait(lambda said: said.state is not None, since_s, self.pace.heartbeat_s * 1.1 + self.pace.slack_s):
            return
        raise SilenceError(
            f"nothing is heard on {self.state_topic}; wanted is an agent that runs as {self.station}/{self.kiosk}"
        )

    def end(self) -> None:
        """Leave no word behind that an agent could take for a hub's."""
        if self._born is not None:
            self.line.say(topics.HUB_STATE, encode(self._birth(self._born, online=False)))
        for topic in (topics.HUB_STATE, self.settled_topic):
            self.line.say(topic, b"", retain=True)
        self.line.close()

    def bear(self) -> float:
        """A hub's birth, as after a start; tells the moment."""
        self._born = self.name()
        return self.line.say(topics.HUB_STATE, encode(self._birth(self._born, online=True)), retain=True)

    def name(self) -> Session:
        """Sixteen hex digits that nobody has used."""
        return Session(self._rng.randbytes(8).hex())

    def tell(self, through: Mapping[Epoch, int], n: int, session: Session | None = None) -> float:
        """Say so much is settled, true or not; tells the moment."""
        epochs = {epoch: Through(last) for epoch, last in through.items()}
        message = Settled(session or self.session, n, epochs, self._now())
        return self.line.say(self.settled_topic, encode(message), retain=True)

    def forge(self) -> float:
        """Say on the agent's own topic what the will of another session would say; tells the moment."""
        last = next(said.state for said in reversed(self.said) if said.state is not None)
        body = {**json.loads(encode(last)), "online": False, "session": self.name(), "n": WILL_N}
        return self.intrude(self.state_topic, json.dumps(body).encode(), retain=True)

    def intrude(self, topic: str, payload: bytes, *, retain: bool = False) -> float:
        """Say something that no hub would say, perhaps on the agent's own topic; tells the moment."""
        self._ours.add(payload)
        return self.line.say(topic, payload, retain=retain)

    def wait(self, fits: Callable[[AgentMessage], object], since_s: float, within_s: float) -> AgentMessage | None:
        """The first message from `since_s` on that fits; None where none comes in time."""
        until_s = since_s + within_s
        while (said := self._next(until_s)) is not None:
            if said.heard.at_s >= since_s and fits(said):
                return said
        return None

    def listen(self, for_s: float) -> list[AgentMessage]:
        """What the agent says meanwhile."""
        since_s, before = self.now_s(), len(self.said)
        self.wait(lambda _: False, since_s, for_s)
        return [said for said in self.said[before:] if said.heard.at_s >= since_s]

    def ask_all_again(self) -> AgentMessage | None:
        """Make `through` rise to the end and fall to nothing, silent from then on; the journal message that follows."""
        self.settle_all()
        self.answers = False
        self._stored.clear()
        since_s = self.tell(dict.fromkeys(self.kept, 0), self.n)
        return self.wait(lambda said: said.journal, since_s, self.pace.spread_s + self.pace.slack_s)

    def go_on_from(self, said: AgentMessage) -> None:
        """Store and answer that message, and all that follow."""
        self.answers = True
        self._note(said)

    def settle_all(self) -> None:
        """Say that everything is stored, and answer from now on."""
        self.listen(0.0)
        self.answers = True
        for epoch, kept in self.kept.items():
            self._stored[epoch] = set(range(kept.kept_from, kept.last + 1))
        self.tell({epoch: kept.last for epoch, kept in self.kept.items()}, self.n)

    def _next(self, until_s: float) -> AgentMessage | None:
        while (heard := self.line.next(until_s)) is not None:
            if heard.topic == topics.HUB_STATE or heard.retained or heard.payload in self._ours:
                continue
            said = _read(heard, State if heard.topic == self.state_topic else Journal)
            self.said.append(said)
            self._note(said)
            return said
        return None

    def _note(self, said: AgentMessage) -> None:
        message = said.state or said.journal
        if message is None:
            return
        if message.session != self.session:
            self.session, self.kept = message.session, {}
        self.n = message.n
        if isinstance(message, State):
            self.kept.update(message.epochs)
            named = {epoch: kept.kept_from for epoch, kept in message.epochs.items()}
        else:
            last = message.first + len(message.records) - 1
            known = self.kept.get(message.epoch)
            self.kept[message.epoch] = Kept(message.kept_from, max(last, known.last if known else 0))
            named = {message.epoch: message.kept_from}
            if self.answers:
                self._stored.setdefault(message.epoch, set()).update(range(message.first, last + 1))
        if self.answers:
            self.tell({epoch: self._through(epoch, kept_from) for epoch, kept_from in named.items()}, message.n)

    def _through(self, epoch: Epoch, kept_from: int) -> int:
        stored, through = self._stored.get(epoch, set()), kept_from - 1
        while through + 1 in stored:
            through += 1
        return through if through >= kept_from else 0

    def _refuse_second_hub(self) -> None:
        until_s = self.now_s() + self.pace.quiet_s
        while (heard := self.line.next(until_s)) is not None:
            if heard.topic != topics.HUB_STATE or not heard.payload:
                continue
            try:
                is_there = decode_hub_state(heard.payload).online
            except WireError:
                continue
            if is_there:
                raise OtherHubError("a hub is on this broker; wanted is one where only the agent is")

    def _birth(self, session: Session, *, online: bool) -> HubState:
        return HubState(online, session, "conform", self._now())


def _read(heard: HeardMessage, kind: Any) -> AgentMessage:
    try:
        return AgentMessage(heard, decode(heard.payload, kind))
    except WireError as exc:
        return AgentMessage(heard, None, str(exc))
