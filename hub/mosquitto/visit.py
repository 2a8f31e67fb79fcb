"""A short call at the broker by a command of the terminal: as the hub, beside the hub that serves.

It speaks MQTT 5, which says what is not allowed, but to the embedded broker, which knows 3.1.1 alone; it leaves no will
and keeps nothing.
"""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.config import HubConfig
from hub.errors import HubError
from hub.mosquitto import dialect
from hub.mosquitto.files import login_of
from hub.saying import as_said, say

PATIENCE_S: Final = 10.0
KEPT_WITHIN_S: Final = 1.0  # after the SUBACK: what is kept comes at once, and nothing says that there is none
RETRY_S: Final = 0.2


class BrokerGoneError(HubError):
    """The broker does not let the hub in; the text says why."""


class BrokerVisit:
    """One connection. Made by `visiting`."""

    def __init__(self, client: mqtt.Client) -> None:
        self._client = client
        self._news = threading.Condition()
        self._kept: dict[str, bytes] = {}
        self._kept_came = 0
        self._answers: dict[int, bool] = {}
        client.on_message = self._on_message
        client.on_publish = self._on_publish

    def kept(self, *filters: str) -> dict[str, bytes]:
        """What the broker keeps there, by topic.

        What is said there meanwhile is none of it: in a city somebody says something at every moment.
        """
        self._client.subscribe([(each, 1) for each in filters])
        now_s = time.monotonic()
        until_s, quiet_s = now_s + PATIENCE_S, now_s + KEPT_WITHIN_S
        with self._news:
            while (left_s := min(until_s, quiet_s) - time.monotonic()) > 0:
                before = self._kept_came
                self._news.wait(left_s)
                if self._kept_came != before:
                    quiet_s = time.monotonic() + KEPT_WITHIN_S
            return dict(self._kept)

    def take_away(self, *topics: str) -> None:
        """Let the broker keep nothing there."""
        for topic in topics:
            self._publish(topic, b"", retain=True)

    def has_loaded(self, edition: str, within_s: float = PATIENCE_S) -> bool:
        """Whether the broker has read that edition of its files, or does so within this time."""
        for _ in range(max(1, round(within_s / RETRY_S))):
            if self._publish(dialect.loaded(edition), b"", retain=False):
                return True
            with self._news:
                self._news.wait(RETRY_S)
        return False

    def ask(self, topic: str, payload: bytes, answers: str, question: tuple[str, int]) -> bool:
        """Say something to the hub that serves, and wait for its answer to that session and n."""
        self._client.subscribe(answers, 1)
        if not self._publish(topic, payload, retain=False):
            return False
        with self._news:
            return self._news.wait_for(lambda: _answers(self._kept.get(answers, b""), question), PATIENCE_S)

    def _publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        mid = self._client.publish(topic, payload, qos=1, retain=retain).mid
        with self._news:
            self._news.wait_for(lambda: mid in self._answers, PATIENCE_S)
            return self._answers.pop(mid, False)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        with self._news:
            self._kept[message.topic] = bytes(message.payload)
            self._kept_came += message.retain
            self._news.notify_all()

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: Any, _properties: Any) -> None:
        with self._news:
            self._answers[mid] = not reason.is_failure
            self._news.notify_all()


def _answers(payload: bytes, question: tuple[str, int]) -> bool:
    try:
        said = json.loads(payload)
        return (said["session"], said["n"]) == question
    except (ValueError, KeyError, TypeError):
        return False


@contextmanager
def visiting(config: HubConfig, client_id: str = "") -> Iterator[BrokerVisit]:
    """Call at the broker.

    Args:
        config: the hub's.
        client_id: whose place to take; its connection ends. Empty for nobody's.

    Raises:
        BrokerGoneError: it cannot be reached, or does not let the hub in.
    """
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id or f"hub-visit-{os.urandom(8).hex()}",
        protocol=mqtt.MQTTv311 if config.broker.embedded else mqtt.MQTTv5,
    )
    if config.broker.username:
        client.username_pw_set(*login_of(config))
    welcomed, welcome = threading.Event(), []

    def on_connect(_client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        welcome.append(reason)
        welcomed.set()

    client.on_connect = on_connect
    client.on_disconnect = lambda *_: welcomed.set()
    address = f"{config.broker.host}:{config.broker.port}"
    try:
        client.connect(config.broker.host, config.broker.port)
    except (OSError, ValueError) as exc:
        raise BrokerGoneError(
            say(
                "the broker at {address} cannot be reached: {fault}; is it running there? {command}",
                address=address,
                fault=as_said((isinstance(exc, OSError) and exc.strerror) or str(exc)),
                command="systemctl status zaigang-broker",
            )
        ) from exc
    client.loop_start()
    try:
        if not welcomed.wait(PATIENCE_S) or not welcome:
            raise BrokerGoneError(say("the broker at {address} does not answer the hub", address=address))
        if welcome[0].is_failure:
            raise BrokerGoneError(
                say("the broker at {address} refused the hub: {answer}", address=address, answer=welcome[0])
            )
        yield BrokerVisit(client)
    finally:
        client.disconnect()
        client.loop_stop()
