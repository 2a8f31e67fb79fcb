"""One MQTT connection that keeps everything it hears, in the order it came, with the moment.

What is heard is read by a cursor, one message after the other, so that nothing between two looks is lost. paho's thread
only hands over.

ConformError
├── LineError        the broker cannot be reached, or refuses
├── SilenceError     nobody is there to be looked at
└── OtherHubError    a hub is on that broker already, and would answer the agent too
"""

import threading
import time
from contextlib import suppress
from typing import Any, Final, NamedTuple, Protocol, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

WELCOME_S: Final = 10.0
_QOS: Final = 1


class ConformError(Exception):
    """No check can be made."""


class LineError(ConformError):
    """The broker cannot be reached, or refuses."""


class SilenceError(ConformError):
    """Nobody is there to be looked at."""


class OtherHubError(ConformError):
    """A hub is on that broker already."""


class HeardMessage(NamedTuple):
    """A message, and when it came, in seconds of the line's own clock."""

    at_s: float
    topic: str
    payload: bytes
    qos: int
    retained: bool


class Line(Protocol):
    """A connection that listens to some topics; `with` closes it."""

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> float:
        """Publish at QoS 1; tells the moment."""
        ...

    def next(self, until_s: float) -> HeardMessage | None:
        """The next message that was not read yet; None where none comes until then."""
        ...

    def now_s(self) -> float:
        """The line's own clock, which never goes back."""
        ...

    def close(self) -> None:
        """Take leave."""
        ...

    def __enter__(self) -> Self:
        """The line itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """Take leave."""
        ...


class Dial(Protocol):
    """Connects to where both sides meet."""

    def __call__(self, topics: list[str], *, client_id: str = "") -> Line:
        """Connect and subscribe.

        Raises:
            LineError: the broker cannot be reached, or refuses.
        """
        ...


class MqttLine:
    """A `Line` to a broker."""

    def __init__(self, broker: tuple[str, int], topics: list[str], *, client_id: str = "") -> None:
        """Connect and subscribe.

        Raises:
            LineError: the broker cannot be reached, or refuses.
        """
        self._heard: list[HeardMessage] = []
        self._read = 0
        self._changed = threading.Condition()
        self._topics = topics
        self._is_ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._is_ready.set()
        self._client.on_message = self._on_message
        host, port = broker
        try:
            self._client.connect(host, port)
        except (OSError, ValueError) as exc:
            why = (exc.strerror if isinstance(exc, OSError) else "") or str(exc)
            raise LineError(f"the broker {host}:{port} cannot be reached: {why}; is it started?") from exc
        self._client.loop_start()
        if not self._is_ready.wait(WELCOME_S):
            self.close()
            raise LineError(f"the broker {host}:{port} does not let me in within {WELCOME_S:g} s")

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> float:
        """Publish at QoS 1; tells the moment."""
        self._client.publish(topic, payload, qos=_QOS, retain=retain)
        return self.now_s()

    def now_s(self) -> float:
        """Seconds of `time.monotonic`."""
        return time.monotonic()

    def next(self, until_s: float) -> HeardMessage | None:
        """The next message that was not read yet; None where none comes until then."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._heard) > self._read, max(0.0, until_s - time.monotonic()))
            if len(self._heard) == self._read:
                return None
            self._read += 1
            return self._heard[self._read - 1]

    def close(self) -> None:
        """Take leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            return
        if self._topics:
            client.subscribe([(topic, _QOS) for topic in self._topics])
        else:
            self._is_ready.set()

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        with suppress(UnicodeDecodeError), self._changed:  # a topic that is no text is nobody's here
            heard = HeardMessage(time.monotonic(), message.topic, bytes(message.payload), message.qos, message.retain)
            self._heard.append(heard)
            self._changed.notify_all()
