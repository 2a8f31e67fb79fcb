"""Who sends while a city comes back: processes of their own, for the bench to start.

Each of the thousand kiosks does as the protocol says: it tells its state, hears what the hub has, sends, and hears that
it is settled. All share one connection; what each says follows from what it alone was told. The one that was away for
a month is a real agent.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from random import Random

from paho.mqtt import client as mqtt

from edge.agent import Agent
from edge.config import EdgeConfig
from edge.seams import Seams
from station.clock import Clock, boottime_s
from station.names import Seq, StationCode
from station.records import ClockState, ReaderState
from station.wire import topics
from station.wire.codec import decode, encode
from station.wire.messages import Kept, Settled, State
from tests.bench.city import HUB_STARTS, Kiosk
from tests.bench.publisher import Publisher, publish_packet
from tests.edge.rig import Beeps

PATIENCE_S = 120.0
BOOT = "00000000-0000-4000-8000-000000000000"
Message = tuple[str, bytes]


def birth(kiosk: Kiosk) -> Message:
    """What a kiosk says first: all its records are there, none is settled."""
    state = State(
        online=True, session=kiosk.session, n=1, version="bench", epochs={kiosk.epoch: Kept(Seq(1), kiosk.seq)},
        reader=ReaderState.UP, clock=ClockState.SYNCED, boot=BOOT, mono_ms=1, queued=kiosk.seq, at=HUB_STARTS,
    )  # fmt: skip
    return topics.state(StationCode(kiosk.station), kiosk.id), encode(state)  # type: ignore[arg-type]  # plain names


@dataclass
class Comeback:
    """The kiosks that have something to send, by the topic on which they are answered."""

    publisher: Publisher
    journals: dict[str, bytes]
    sent: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)

    def hear(self, topic: str, payload: bytes) -> None:
        """Send what the hub lacks; it is done where it lacks nothing."""
        journal = self.journals.get(topic)
        if journal is None or topic in self.settled:
            return
        if any(told.through for told in decode(payload, Settled).epochs.values()):
            self.settled.add(topic)
        elif topic not in self.sent:
            self.sent.add(topic)
            self.publisher.pour([journal])


def come_back(port: int, births: list[Message], journals: list[Message], told: SimpleQueue) -> None:
    """All kiosks at once; tells when they began, and when the last was settled."""
    answers = [topic.removesuffix("state") + "settled" for topic, _ in births]
    packets = [publish_packet(*message, i + 1) for i, message in enumerate(births)]
    bodies = [publish_packet(*message, i + 1) for i, message in enumerate(journals)]
    back = Comeback(Publisher(port, "bench-comeback"), dict(zip(answers, bodies, strict=True)))
    ear = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    ear.on_message = lambda _client, _told, message: back.hear(message.topic, message.payload)
    ear.connect("127.0.0.1", port)
    ear.subscribe("zaigang/v1/+/+/settled", qos=1)
    until = time.monotonic() + 1
    while time.monotonic() < until:  # subscribed, and what the broker kept of older sessions is past
        ear.loop(0.1)
    began = time.monotonic()
    back.publisher.pour(packets)
    while len(back.settled) < len(back.journals) and time.monotonic() - began < PATIENCE_S:
        ear.loop(0.05)
    told.put([began, time.monotonic(), float(len(back.settled))])
    ear.disconnect()
    back.publisher.close()


def tap_on(port: int, messages: list[Message], rate: float, told: SimpleQueue) -> None:
    """Publish at that rate; tells when each was sent."""
    packets = [publish_packet(topic, payload, i % 60_000 + 1) for i, (topic, payload) in enumerate(messages)]
    publisher, moments = Publisher(port, "bench-taps"), []
    began = time.monotonic()
    for i, packet in enumerate(packets):
        time.sleep(max(0.0, began + i / rate - time.monotonic()))
        moments.append(time.monotonic())
        publisher.pour([packet])
    told.put(moments)
    publisher.close()


def bring_a_month(config: EdgeConfig, database: Path, records: int, told: SimpleQueue) -> None:
    """One kiosk's journal through its real agent; tells when its link began, when all was settled, and how much is."""
    seams = Seams(clock=Clock(began_at=HUB_STARTS, anchor_s=boottime_s()), boot="bench", is_synced=lambda: True)
    agent = Agent(config, site_key=bytes(32), annunciator=Beeps(), seams=seams, rng=Random(1))
    settled = 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as hub:
        began = time.monotonic()
        agent.start()
        while settled < records and time.monotonic() - began < PATIENCE_S:
            time.sleep(0.01)
            (settled,) = hub.execute(
                "SELECT coalesce(sum(through), 0) FROM run WHERE kiosk = ?", (config.kiosk,)
            ).fetchone()
        told.put([began, time.monotonic(), float(settled)])
    agent.stop()
