"""A broker without sockets, and our own agent at it, in seconds that pass only when somebody waits.

The agent is the real one but for its network thread, whose work is done here; what a check waits for comes at the
moment at which it is due, so that the pauses of the protocol need not be shortened.
"""

from __future__ import annotations

from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from typing import Self

from edge.liaison import Liaison
from edge.outgoing import Outgoing
from edge.seams import Seams
from simulator.conform.line import HeardMessage
from station.names import Session
from tests.edge.rig import Bench

BACK_AFTER_S = 1.0
HOUSE_EVERY_S = 1.0
STEP_S = 0.01  # an agent that never does what is due would have no time pass


class PaperBroker:
    """Keeps what is retained, and hands everything on at once."""

    def __init__(self, now_s) -> None:
        self.now_s = now_s
        self.retained: dict[str, bytes] = {}
        self.clients: dict[str, PaperLine | PaperAgent] = {}

    def join(self, client_id: str, client: PaperLine | PaperAgent) -> None:
        """Who has the same name already is cut off."""
        before = self.clients.pop(client_id, None)
        if before is not None:
            before.cut()
        self.clients[client_id] = client
        for topic, payload in self.retained.items():
            if client.wants(topic):
                client.receive(HeardMessage(self.now_s(), topic, payload, 1, retained=True))

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        if retain and payload:
            self.retained[topic] = payload
        elif retain:
            self.retained.pop(topic, None)
        for client in list(self.clients.values()):
            if client.wants(topic):
                client.receive(HeardMessage(self.now_s(), topic, payload, 1, retained=False))


class PaperLine:
    """A `Line` to it."""

    def __init__(self, paper: Paper, topics: list[str], *, client_id: str = "") -> None:
        self._paper, self._topics = paper, topics
        self._heard: list[HeardMessage] = []
        self._name = client_id or f"line {id(self)}"
        paper.broker.join(self._name, self)

    def wants(self, topic: str) -> bool:
        return topic in self._topics

    def receive(self, heard: HeardMessage) -> None:
        self._heard.append(heard)

    def cut(self) -> None:
        pass

    def now_s(self) -> float:
        return self._paper.now_s()

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> float:
        said_s = self.now_s()
        self._paper.broker.publish(topic, payload, retain=retain)
        return said_s

    def next(self, until_s: float) -> HeardMessage | None:
        while not self._heard and self._paper.advance(until_s):
            pass
        return self._heard.pop(0) if self._heard else None

    def close(self) -> None:
        if self._paper.broker.clients.get(self._name) is self:
            del self._paper.broker.clients[self._name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class PaperAgent:
    """What `edge.link` does for the agent, without a socket."""

    def __init__(self, bench: Bench, broker: PaperBroker, seed: int = 1) -> None:
        self._random = Random(seed)
        self._broker = broker
        self._kiosk = bench.kiosk.config.kiosk
        seams = Seams(clock=bench.hands.clock(), boot=bench.boot, is_synced=lambda: True)
        self._liaison = Liaison(bench.kiosk, seams=seams, rng=self._random, version="0")
        self._uplink = self._liaison.uplink
        self._inbox: list[HeardMessage] = []
        self._will: Outgoing | None = None
        self.due_s = broker.now_s()

    def wants(self, topic: str) -> bool:
        return any(fnmatchcase(topic, wanted.replace("+", "*")) for wanted in self._uplink.subscriptions)

    def receive(self, heard: HeardMessage) -> None:
        self._inbox.append(heard)
        self.due_s = self._broker.now_s()

    def cut(self) -> None:
        """The broker speaks the will; the agent comes again."""
        will, self._will = self._will, None
        self._uplink.close()
        self._inbox.clear()
        self.due_s = self._broker.now_s() + BACK_AFTER_S
        assert will is not None
        self._broker.publish(will.topic, will.payload, retain=will.retain)

    def step(self) -> None:
        """Do what is due."""
        now_s = self._broker.now_s()
        if self._will is None:
            self._connect(now_s)
        self._liaison.keep_house(now_s)
        inbox, self._inbox = self._inbox, []
        for heard in inbox:
            self._uplink.take(heard.topic, heard.payload, now_s)
        for outgoing in self._uplink.send(now_s):
            self._broker.publish(outgoing.topic, outgoing.payload, retain=outgoing.retain)
        if not self._inbox:
            self.due_s = min(max(self._uplink.deadline_s(now_s), now_s + STEP_S), now_s + HOUSE_EVERY_S)

    def _connect(self, now_s: float) -> None:
        session = Session(self._random.randbytes(8).hex())
        self._will = self._uplink.will(session)
        self._uplink.open(session, now_s)
        self._broker.join(f"{self._kiosk}-{session}", self)


class Paper:
    """Broker, agents and time."""

    def __init__(self, folder: Path) -> None:
        self._bench = Bench(folder)
        self.agents: list[PaperAgent] = []
        self.broker = PaperBroker(self.now_s)

    def now_s(self) -> float:
        return self._bench.hands.boot_s

    def dial(self, topics: list[str], *, client_id: str = "") -> PaperLine:
        return PaperLine(self, topics, client_id=client_id)

    def start_agent(self) -> None:
        """Our own agent, which has records of two runs."""
        self._bench.restart()
        self.agents.append(PaperAgent(self._bench, self.broker))

    def advance(self, until_s: float) -> bool:
        """Go on to the next thing that is due; whether that was before the time is over."""
        agent = min(self.agents, key=lambda each: each.due_s, default=None)
        if agent is None or agent.due_s > until_s:
            self._bench.hands.pass_s(max(0.0, until_s - self.now_s()))
            return False
        self._bench.hands.pass_s(max(0.0, agent.due_s - self.now_s()))
        agent.step()
        return True

    def now(self) -> datetime:
        return self._bench.hands.now()

    def close(self) -> None:
        self._bench.close()
