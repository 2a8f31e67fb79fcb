"""Somebody at the broker who says everything again."""

from random import Random
from threading import Event

import paho.mqtt.client as mqtt


class Parrot:
    """Repeats what is said on these topics, later and in another order, and keeps for the late what was kept.

    Attributes:
        repeated: how many messages it said so far; a hub answers each, which it would repeat too, so there is an end.
    """

    def __init__(self, port: int, journal: str, *kept: str, most: int = 300) -> None:
        self.repeated = 0
        self._journal = journal
        self._most = most
        self._random = Random(5)
        self._known: list[tuple[str, bytes]] = []
        self._subscribed = Event()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe([(topic, 1) for topic in (journal, *kept)])
        self._client.loop_start()
        assert self._subscribed.wait(60)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, client, told, message) -> None:
        heard = message.topic, message.payload
        if heard in self._known or self.repeated >= self._most:  # it hears itself too
            return
        self._known.append(heard)
        for topic, payload in self._random.sample(self._known, min(3, len(self._known))):
            self.repeated += 1
            client.publish(topic, payload, qos=1, retain=topic != self._journal)
