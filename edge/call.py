"""One connection to a broker, over paho, driven by whoever holds it: `link` for a kiosk at work, `doctor` for a try.

Callbacks hand over and do nothing else. Every failure is a `LinkDownError`; a failed call is hung up, never mended.
"""

import selectors
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from paho.mqtt import MQTTException
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.config import BrokerConfig
from edge.errors import KeyFileError, LinkDownError, NotLetInError, plain
from edge.outgoing import Outgoing
from edge.site_key import read_password
from edge.tls import distrust, is_judged, make_context
from station.wire.messages import MAX_MESSAGE_BYTES

KEEPALIVE_S: Final = 20  # the broker gives a silent kiosk up, and speaks its will, after one and a half times that
CONNECT_TIMEOUT_S: Final = 5.0
WELCOME_TIMEOUT_S: Final = 10.0  # a broker that takes the connection and says nothing
FAREWELL_S: Final = 1.0
LONGEST_WAY_S: Final = 60.0  # for one message; a line so slow would have failed the keepalive
ENVELOPE_BYTES: Final = 160  # of a packet beside its payload: a topic of two names of 32, and what MQTT adds
_QOS: Final = 1
_OTHER_VERSION: Final = 0x84  # MQTT 5, 3.2.2.2; in paho, a 3.1.1 broker's 1 as well


class Call:
    """One connection.

    It speaks MQTT 5, which says why a broker refuses what; one that does not know it is called again in 3.1.1.

    Args:
        broker: where to connect, and as whom.
        client_id: the session's name.
        will: what the broker says when the connection breaks.
        wall_s: the machine's clock.
    """

    def __init__(
        self,
        broker: BrokerConfig,
        client_id: str,
        will: Outgoing | None = None,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        self._broker = broker
        self._client_id = client_id
        self._will = will
        self._wall_s = wall_s
        self._inbox: deque[tuple[str, bytes]] = deque()
        self._under_way: deque[MQTTMessageInfo] = deque()
        self._moved_s = 0.0
        self._answer: ReasonCode | None = None
        self.most_bytes = MAX_MESSAGE_BYTES
        """How long a message may be, as the broker says in its welcome."""
        self._topics: dict[int, str] = {}
        self._refused = ""
        self._listens: dict[int, tuple[str, ...]] = {}
        self._ended = ""
        self._client = self._client_of(MQTTProtocolVersion.MQTTv5)

    def _client_of(self, protocol: MQTTProtocolVersion) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=self._client_id, protocol=protocol, reconnect_on_failure=False
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.suppress_exceptions = False
        if self._will is not None:
            client.will_set(self._will.topic, self._will.payload, qos=_QOS, retain=self._will.retain)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        return client

    @property
    def socket(self) -> socket.socket:
        """The open socket."""
        found = self._client.socket()
        if found is None:
            raise LinkDownError("the connection is closed")
        assert isinstance(found, socket.socket)
        return found

    def dial(self) -> None:
        """Open the connection; the broker has not answered yet."""
        try:
            self._log_in()
            context = make_context(self._broker, self._wall_s())
            if context is not None:
                self._client.tls_set_context(context)
            self._client.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as exc:
            said = distrust(exc, self._broker.host) if self._broker.ca_file else plain(exc)
            raise (NotLetInError if is_judged(exc) else LinkDownError)(said) from exc
        except KeyFileError as exc:
            raise NotLetInError(str(exc)) from exc
        except ValueError as exc:
            raise LinkDownError(str(exc)) from exc

    def await_welcome(self, selector: selectors.BaseSelector, stopping: threading.Event) -> None:
        """Wait until the broker has let this kiosk in.

        Args:
            selector: waits for the open socket, and goes on with another where the broker knows no MQTT 5.
            stopping: ends the waiting.
        """
        line = self.socket
        answer = self._await_answer(selector, stopping, is_first=True)
        if answer is None:
            selector.unregister(line)
            self.hang_up()
            self._client = self._client_of(MQTTProtocolVersion.MQTTv311)
            self.dial()
            selector.register(self.socket, selectors.EVENT_READ)
            answer = self._await_answer(selector, stopping)
        if answer is None or answer.is_failure:
            raise NotLetInError(f"the broker refuses this kiosk: {answer}")

    def _await_answer(
        self, selector: selectors.BaseSelector, stopping: threading.Event, *, is_first: bool = False
    ) -> ReasonCode | None:
        """What the broker says; None where it knows no MQTT 5: it says so, or ends the connection at its sight."""
        until_s = time.monotonic() + WELCOME_TIMEOUT_S
        while self._answer is None:
            if time.monotonic() > until_s or stopping.is_set():
                raise LinkDownError("the broker does not answer")
            try:
                self.turn(selector, 0.2)
            except LinkDownError as exc:
                if self._answer is None and is_first:
                    return None
                if self._answer is None and self._broker.ca_file:  # on a slow line its judgement comes too late
                    raise NotLetInError(str(exc)) from exc
                if self._answer is None:
                    raise
        answer, self._answer = self._answer, None
        return None if is_first and answer.value == _OTHER_VERSION else answer

    def subscribe(self, subscriptions: tuple[str, ...]) -> None:
        """Listen to these."""
        _, mid = self._client.subscribe([(topic, _QOS) for topic in subscriptions])
        if mid is not None:
            self._listens[mid] = subscriptions

    def publish(self, outgoing: Outgoing, now_s: float) -> None:
        """Send; whether it arrives is told by the hub's answer alone."""
        if not self._under_way:
            self._moved_s = now_s
        said = self._client.publish(outgoing.topic, outgoing.payload, qos=_QOS, retain=outgoing.retain)
        self._topics[said.mid] = outgoing.topic
        self._under_way.append(said)

    def is_busy(self, now_s: float) -> bool:
        """Whether something that was said has not come to the broker yet, as far as its acknowledgement tells.

        Raises:
            LinkDownError: the broker lets this kiosk not say what it said; or the oldest has been at the head of the
                line for too long. To wait on would be to wait for ever, and to say more would fill what paho lets go
                unacknowledged, and then nothing would leave.
        """
        while self._under_way and self._under_way[0].is_published():
            self._topics.pop(self._under_way.popleft().mid, None)
            self._moved_s = now_s
        if self._under_way and now_s - self._moved_s > LONGEST_WAY_S:
            raise LinkDownError("the broker acknowledges nothing")
        if self._refused:
            raise LinkDownError(self._refused)
        return bool(self._under_way)

    def received(self) -> list[tuple[str, bytes]]:
        """What has come in since."""
        found = list(self._inbox)
        self._inbox.clear()
        return found

    def turn(self, selector: selectors.BaseSelector, wait_s: float) -> None:
        """Let bytes flow, waiting at most so long for any."""
        line = self.socket
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._client.want_write() else 0)
        if selector.get_key(line).events != wanted:
            selector.modify(line, wanted)
        for key, events in selector.select(wait_s):
            if key.fileobj is line and events & selectors.EVENT_READ:
                self._read()
                while isinstance(line, ssl.SSLSocket) and line.pending():
                    self._read()  # it is decrypted already: no selector would tell of it
                _acknowledge(line)
            if key.fileobj is line and events & selectors.EVENT_WRITE:
                _check(self._client.loop_write())
        _check(self._client.loop_misc())

    def _read(self) -> None:
        try:
            code = self._client.loop_read()
        except (MQTTException, ValueError, LookupError, struct.error) as exc:
            raise LinkDownError(f"the broker says what is no MQTT: {exc}") from exc
        if self._ended:
            raise LinkDownError(self._ended)
        _check(code)

    def bid_farewell(self, outgoing: Outgoing | None) -> None:
        """Say the last word, wait a moment for it to be taken, and take leave, so that no will is spoken."""
        if outgoing is not None:
            said = self._client.publish(outgoing.topic, outgoing.payload, qos=_QOS, retain=outgoing.retain)
            with selectors.DefaultSelector() as selector, suppress(LinkDownError):
                selector.register(self.socket, selectors.EVENT_READ)
                until_s = time.monotonic() + FAREWELL_S
                while not said.is_published() and time.monotonic() < until_s:
                    self.turn(selector, 0.05)
        self._client.disconnect()

    def hang_up(self) -> None:
        """Close the socket, whatever state it is in."""
        found = self._client.socket()
        if found is not None:
            found.close()
        client = self._client
        client.on_message = client.on_connect = client.on_publish = client.on_subscribe = client.on_disconnect = None

    def _log_in(self) -> None:
        if self._broker.username:
            file = self._broker.password_file
            password = None if file is None else read_password(file)
            self._client.username_pw_set(self._broker.username, password)

    def _on_connect(
        self, client: Client, userdata: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, userdata, flags
        allowed = getattr(properties, "MaximumPacketSize", None)  # MQTT 5, 3.2.2.3.6
        if allowed is not None:
            self.most_bytes = max(allowed - ENVELOPE_BYTES, 0)
        self._answer = reason

    def _on_publish(
        self, client: Client, userdata: Any, mid: int, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, userdata, properties
        if reason.is_failure:
            topic = self._topics.get(mid, "a topic")
            self._refused = f"the broker lets this kiosk not speak on {topic}: {reason}; see station and kiosk"

    def _on_subscribe(
        self, client: Client, userdata: Any, mid: int, reasons: list[ReasonCode], properties: Properties | None
    ) -> None:
        del client, userdata, properties
        for topic, reason in zip(self._listens.pop(mid, ()), reasons, strict=False):
            if reason.is_failure:
                self._refused = f"the broker lets this kiosk not listen to {topic}: {reason}; see station and kiosk"

    def _on_disconnect(
        self, client: Client, userdata: Any, flags: DisconnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, userdata, properties
        if flags.is_disconnect_packet_from_server:  # MQTT 5, 3.14
            self._ended = f"the broker ended the connection: {reason}"

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        del client, userdata
        with suppress(UnicodeDecodeError):  # a topic that is no text is none of ours
            self._inbox.append((message.topic, bytes(message.payload)))


def _check(code: MQTTErrorCode) -> None:
    if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
        raise LinkDownError(f"the connection broke: {code.name}")


def _acknowledge(line: socket.socket) -> None:
    """Acknowledge at once what was read.

    A broker sends its PUBACK and then the hub's answer, two small pieces; the second waits for the acknowledgement
    of the first (Nagle), which the kernel would give 40 ms later. Linux forgets this wish, so it is said each time.
    """
    with suppress(OSError):  # closed meanwhile: the next turn says so
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
