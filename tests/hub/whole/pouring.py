"""Kiosks without disks that pour records at a hub over a real broker, and go by `settled` alone. One thread, one client."""

import json
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

import paho.mqtt.client as mqtt

from station.names import Epoch, KioskId, Session
from station.wire import topics
from station.wire.codec import decode
from station.wire.messages import Kept, Settled
from tests.hub.intake.messages import journal, state, tap

KIOSKS = 8
MOST_RECORDS = 30  # of a journal message
ANOTHER_EPOCH = 0.05  # how often an agent starts anew once all is settled
PATIENCE_S = 60.0
NOBODY, NOTHING = Session(""), Epoch("")


@dataclass
class PlayedKiosk:
    """One kiosk without a disk: its records are made of their names."""

    id: KioskId
    rng: Random
    session: Session = NOBODY
    n: int = 0
    obeyed: int = 0
    epoch: Epoch = NOTHING
    has_ended: bool = False
    settled: dict[Epoch, int] = field(default_factory=dict)
    backed: dict[Epoch, int] = field(default_factory=dict)
    sent: dict[Epoch, int] = field(default_factory=dict)

    def begin(self) -> Any:
        """A new session: say what is kept."""
        self.session, self.n, self.obeyed = Session(self.rng.randbytes(8).hex()), 1, 0
        if not self.epoch or self.rng.random() < ANOTHER_EPOCH:
            self.epoch = Epoch(self.rng.randbytes(8).hex())
        return self._state()

    def answer(self, told: Settled) -> Any:
        """What is said after a `settled`; None where it is not obeyed."""
        if told.session != self.session or told.n < max(self.obeyed, self.n):
            return None
        self.obeyed = told.n
        if self.has_ended and not self.unsettled:
            return None
        self.n += 1
        epoch = next(iter(self.unsettled), self.epoch)
        first = self.settled.get(epoch, 0) + 1
        last = first + self.rng.randrange(MOST_RECORDS)
        if self.has_ended or epoch != self.epoch:
            last = min(self.sent[epoch], last)
        self.sent[epoch] = max(self.sent.get(epoch, 0), last)
        records = (tap(seq, person=person_of(self.id, epoch, seq)) for seq in range(first, last + 1))
        return journal(*records, n=self.n, epoch=epoch, session=self.session, kiosk=self.id)

    def hear(self, told: Settled) -> None:
        """Remember what the hub promises, whether it rises or falls."""
        for epoch, named in told.epochs.items():
            self.settled[epoch], self.backed[epoch] = named.through, named.backed

    @property
    def unsettled(self) -> list[Epoch]:
        """What is to be sent, oldest first."""
        return [epoch for epoch, last in self.sent.items() if self.settled.get(epoch, 0) < last]

    def _state(self) -> Any:
        kept = {epoch: Kept(1, last) for epoch, last in self.sent.items()}
        return state(n=self.n, epochs=kept or {self.epoch: Kept(1, 0)}, session=self.session, kiosk=self.id)


def person_of(kiosk: KioskId, epoch: Epoch, seq: int) -> int:
    """Somebody else for each name."""
    return int(kiosk.rpartition("-")[2]) << 100 | int(epoch, 16) << 36 | seq


class Field:
    """All kiosks behind one client, on this thread."""

    def __init__(self, port: int, rng: Random) -> None:
        self.answers = 0
        self.kiosks = {
            kiosk.id: kiosk for kiosk in (PlayedKiosk(KioskId(f"K-01-{k}"), rng) for k in range(1, KIOSKS + 1))
        }
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.subscribe([("zaigang/v1/+/+/settled", 1), (topics.HUB_STATE, 1)])

    def pass_until(self, is_so: Any) -> None:
        """Let messages come and go."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline_s, "the hub answers no more"
            self._client.loop(0.02)

    def come_to_an_end(self) -> None:
        """Let nobody tap any more."""
        for kiosk in self.kiosks.values():
            kiosk.has_ended = True

    def drain(self) -> None:
        """Hear what the hub said before it died."""
        quiet = 0
        while quiet < 3:
            before = self.answers
            self._client.loop(0.01)
            quiet = quiet + 1 if self.answers == before else 0

    def close(self) -> None:
        self._client.disconnect()

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        if message.topic == topics.HUB_STATE:
            if json.loads(message.payload)["online"]:
                for kiosk in self.kiosks.values():
                    self._say(kiosk.begin())
            return
        kiosk = self.kiosks[topics.read_address(message.topic).kiosk]
        told = decode(message.payload, Settled)
        if told.session == kiosk.session:
            self.answers += 1
            kiosk.hear(told)
            self._say(kiosk.answer(told))

    def _say(self, delivery: Any) -> None:
        if delivery is not None:
            self._client.publish(delivery.topic, delivery.payload, qos=1)
