"""The kiosk's connection to its broker: one thread, which drives paho's sockets itself and asks `uplink` what to say.

Every connection is a session of its own and a client of its own: nothing of an old one can leak into a new one. paho's
callbacks hand over and do nothing else. The link comes back by itself, for ever; only the first failure and the
recovery are logged.
"""

import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.errors import LinkDownError
from edge.uplink import Outgoing, Uplink
from station.names import KioskId, Session

_log = logging.getLogger(__name__)
KEEPALIVE_S: Final = 20  # the broker gives a silent kiosk up, and speaks its will, after one and a half times that
CONNECT_TIMEOUT_S: Final = 5.0
WELCOME_TIMEOUT_S: Final = 10.0  # a broker that takes the connection and says nothing
FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 15.0  # a broker that is back has its city back within a heartbeat
STEADY_S: Final = 10.0  # a connection that lasted so long begins the backoff anew
LONGEST_WAIT_S: Final = 1.0
FAREWELL_S: Final = 1.0
_QOS: Final = 1


@dataclass(frozen=True, slots=True)
class Broker:
    """Where to connect, and as whom."""

    host: str
    port: int
    username: str = ""
    password_file: Path | None = None


class Link:
    """One kiosk's link, from `start` to `stop`.

    Attributes:
        connected: set while the broker has welcomed this kiosk.
    """

    def __init__(
        self,
        broker: Broker,
        kiosk: KioskId,
        uplink: Uplink,
        *,
        keep_house: Callable[[float], None],
        now_s: Callable[[], float],
        entropy: Callable[[int], bytes],
        rng: Random,
    ) -> None:
        """Make a link that is not started.

        Args:
            broker: where to connect.
            kiosk: whose link it is.
            uplink: what is said over it; from `start` on the link's thread alone calls it.
            keep_house: called about every second on the link's thread, connected or not, with `now_s`.
            now_s: real seconds.
            entropy: random bytes for the sessions' names.
            rng: jitter.
        """
        self.connected = threading.Event()
        self._broker = broker
        self._kiosk = kiosk
        self._uplink = uplink
        self._keep_house = keep_house
        self._now_s = now_s
        self._entropy = entropy
        self._rng = rng
        self._stopping = threading.Event()
        self._reason = "stopped"
        self._is_down_told = False
        self._ear, self._mouth = socket.socketpair()
        self._ear.settimeout(0)
        self._mouth.settimeout(0)
        self._thread = threading.Thread(target=self._run, name=f"link {kiosk}", daemon=True)

    def start(self) -> None:
        """Connect, and stay connected."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to say; from any thread, never waits."""
        with suppress(OSError):  # full: it will wake anyway; closed: it is over
            self._mouth.send(b"\0")

    def stop(self, timeout_s: float = 8.0) -> None:
        """Say farewell and end."""
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._ear.close()
        self._mouth.close()

    def kill(self, timeout_s: float = 8.0) -> None:
        """End without a word, as a power cut does: the broker will speak the will."""
        self._reason = ""
        self.stop(timeout_s)

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began_s = self._now_s()
            try:
                self._converse(Session(self._entropy(8).hex()))
            except LinkDownError as exc:
                self._tell_down(str(exc))
            except Exception:  # noqa: BLE001 -- the supervisor of this thread: a fault in here must not end the link for ever
                _log.exception("the link to the broker failed, and begins anew")
            finally:
                self._uplink.close()
                self.connected.clear()
            if self._now_s() - began_s > STEADY_S:
                pause_s = FIRST_PAUSE_S
            self._pause(pause_s * self._rng.uniform(0.5, 1.5))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _pause(self, pause_s: float) -> None:
        until_s = self._now_s() + pause_s
        while (left_s := until_s - self._now_s()) > 0 and not self._stopping.wait(min(left_s, LONGEST_WAIT_S)):
            self._keep_house(self._now_s())

    def _converse(self, session: Session) -> None:
        call = _Call(self._broker, f"{self._kiosk}-{session}", self._uplink.will(session))
        try:
            call.dial()
            with selectors.DefaultSelector() as selector:
                selector.register(self._ear, selectors.EVENT_READ)
                selector.register(call.socket, selectors.EVENT_READ)
                call.await_welcome(selector, self._stopping)
                call.subscribe(self._uplink.subscriptions)
                self._uplink.open(session, self._now_s())
                self._tell_up()
                self._talk(call, selector)
            if self._reason:
                call.bid_farewell(self._uplink.farewell(self._reason))
        finally:
            call.hang_up()

    def _talk(self, call: "_Call", selector: selectors.BaseSelector) -> None:
        while not self._stopping.is_set():
            now_s = self._now_s()
            self._keep_house(now_s)
            for topic, payload in call.received():
                self._uplink.take(topic, payload, now_s)
            for outgoing in self._uplink.send(now_s):
                call.publish(outgoing)
            wait_s = min(max(self._uplink.deadline_s(now_s) - now_s, 0.0), LONGEST_WAIT_S)
            call.turn(selector, wait_s)
            self._hear_all()

    def _hear_all(self) -> None:
        with suppress(BlockingIOError):
            while self._ear.recv(4096):
                pass

    def _tell_down(self, reason: str) -> None:
        if not self._is_down_told:
            _log.warning("no link to the broker at %s:%d: %s", self._broker.host, self._broker.port, reason)
            self._is_down_told = True

    def _tell_up(self) -> None:
        self.connected.set()
        _log.info("linked to the broker at %s:%d", self._broker.host, self._broker.port)
        self._is_down_told = False


def try_broker(broker: Broker, client_id: str) -> None:
    """Connect once and take leave; nothing is said.

    Raises:
        LinkDownError: the broker does not let this kiosk in, and why.
    """
    call = _Call(broker, client_id)
    try:
        call.dial()
        with selectors.DefaultSelector() as selector:
            selector.register(call.socket, selectors.EVENT_READ)
            call.await_welcome(selector, threading.Event())
        call.bid_farewell(None)
    finally:
        call.hang_up()


class _Call:
    """One connection; every failure is a `LinkDownError`."""

    def __init__(self, broker: Broker, client_id: str, will: Outgoing | None = None) -> None:
        self._broker = broker
        self._inbox: deque[tuple[str, bytes]] = deque()
        self._answer: ReasonCode | None = None
        client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True, protocol=MQTTv311)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.suppress_exceptions = False
        if will is not None:
            client.will_set(will.topic, will.payload, qos=_QOS, retain=will.retain)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        self._client = client

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
            self._client.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, ValueError) as exc:
            raise LinkDownError(str(exc) or type(exc).__name__) from exc

    def await_welcome(self, selector: selectors.BaseSelector, stopping: threading.Event) -> None:
        """Wait until the broker has let this kiosk in."""
        until_s = time.monotonic() + WELCOME_TIMEOUT_S
        while self._answer is None:
            if time.monotonic() > until_s or stopping.is_set():
                raise LinkDownError("the broker does not answer")
            try:
                self.turn(selector, 0.2)
            except LinkDownError:
                if self._answer is None:
                    raise
        if self._answer.is_failure:
            raise LinkDownError(f"the broker refuses this kiosk: {self._answer}")

    def subscribe(self, subscriptions: tuple[str, ...]) -> None:
        """Listen to these."""
        self._client.subscribe([(topic, _QOS) for topic in subscriptions])

    def publish(self, outgoing: Outgoing) -> None:
        """Send; whether it arrives is told by the hub's answer alone."""
        self._client.publish(outgoing.topic, outgoing.payload, qos=_QOS, retain=outgoing.retain)

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
                _check(self._client.loop_read())
            if key.fileobj is line and events & selectors.EVENT_WRITE:
                _check(self._client.loop_write())
        _check(self._client.loop_misc())

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
        self._client.on_message = self._client.on_connect = None

    def _log_in(self) -> None:
        if self._broker.username:
            file = self._broker.password_file
            password = None if file is None else file.read_text(encoding="utf-8").strip()
            self._client.username_pw_set(self._broker.username, password)

    def _on_connect(
        self, client: Client, userdata: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del client, userdata, flags, properties
        self._answer = reason

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        del client, userdata
        with suppress(UnicodeDecodeError):  # a topic that is no text is none of ours
            self._inbox.append((message.topic, bytes(message.payload)))


def _check(code: MQTTErrorCode) -> None:
    if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
        raise LinkDownError(f"the connection broke: {code.name}")
