"""The hub's connection to the broker: one thread that hands over what comes and sends what is to go.

It never waits for anybody: where there is no room for more, it leaves the bytes in the socket, so that the broker
waits instead, and still keeps the connection alive. It comes back by itself, for ever.
"""

import contextlib
import logging
import os
import random
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.config import HubBrokerConfig
from hub.findings import FindingKind, Findings
from hub.intake.sorting import Delivery
from hub.link.wire_client import WireClient, check_seams
from hub.saying import say
from station.errors import ConfigError
from station.tidy import decode
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import HubState
from station.wire.topics import ROOT, Leaf

log = logging.getLogger(__name__)

KEEPALIVE_S: Final = 60
FIRST_RETRY_S: Final = 0.2
LAST_RETRY_S: Final = 10.0
POLL_S: Final = 1.0
CROWDED_POLL_S: Final = 0.005  # how soon to look for room again
SUBSCRIPTIONS: Final = [
    (f"{ROOT}/+/+/{Leaf.JOURNAL}", 1),
    (f"{ROOT}/+/+/{Leaf.STATE}", 1),
    (f"{ROOT}/+/+/{Leaf.REPLY}", 1),
    (topics.HUB_STATE, 1),
    (f"{topics.CARRIED}/+/+", 1),
]


class HubLink:
    """The one connection of this hub.

    Args:
        config: where the broker is.
        birth: what is said on the hub's own topic while the link stands; its will says the opposite.
        take: called on the link's thread with each delivery; must not wait.
        has_room: whether more may be read.
        greet: called on the link's thread whenever the link stands; the broker may have forgotten everything.
        findings: where a lost broker is reported.
    """

    def __init__(
        self,
        *,
        config: HubBrokerConfig,
        birth: HubState,
        take: Callable[[Delivery], None],
        has_room: Callable[[], bool],
        greet: Callable[[], None],
        findings: Findings,
    ) -> None:
        self._config = config
        self._password = read_password(config.password_file)
        self._birth = encode(birth)
        self._will = encode(replace(birth, online=False))
        self._take = take
        self._has_room = has_room
        self._greet = greet
        self._findings = findings
        check_seams(mqtt.Client(CallbackAPIVersion.VERSION2))
        self._client: WireClient | None = None
        self._stopping = threading.Event()
        self.connected = threading.Event()
        self._is_roused = False
        self._awake, self._wake = socket.socketpair()
        self._awake.settimeout(0)
        self._wake.settimeout(0)
        self.thread = threading.Thread(target=self._run, name="hub link")
        """For who looks whether it lives."""

    def start(self) -> None:
        """Connect, and stay connected."""
        self.thread.start()

    def stop(self) -> None:
        """Say goodbye and end the thread."""
        self._stopping.set()
        self._rouse()
        self.thread.join()
        self._awake.close()
        self._wake.close()

    def publish(self, topic: str, payload: bytes, *, keep: bool = True) -> bool:
        """Send a message, which the broker keeps or not; False where there is no connection. From any thread."""
        client = self._client
        if client is None or not self.connected.is_set():
            return False
        client.send(topic, payload, keep=keep)
        self._rouse()
        return True

    def announce(self) -> None:
        """Say that the hub is there; each kiosk then tells its state, and sends what is not settled."""
        self.publish(topics.HUB_STATE, self._birth)

    def _run(self) -> None:
        delay_s = FIRST_RETRY_S
        while not self._stopping.is_set():
            client = self._make_client()
            try:
                client.connect(self._config.host, self._config.port, KEEPALIVE_S)
            except (OSError, ValueError) as exc:
                said = (isinstance(exc, OSError) and exc.strerror) or str(exc)
                self._report_lost(f"{said}; is it running there? systemctl status zaigang-broker")
            else:
                self._client = client
                self._converse(client)
                self._client = None
            was_connected = self.connected.is_set()
            self.connected.clear()
            delay_s = FIRST_RETRY_S if was_connected else min(delay_s * 2, LAST_RETRY_S)
            self._stopping.wait(delay_s * random.uniform(0.5, 1.5))  # noqa: S311 -- so that hubs do not come in step

    def _make_client(self) -> WireClient:
        client = WireClient(f"hub-{os.urandom(8).hex()}", self._take, self._has_room)
        if self._config.username:
            client.username_pw_set(self._config.username, self._password)
        client.will_set(topics.HUB_STATE, self._will, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_socket_open = _send_at_once
        client.on_socket_register_write = lambda *_: self._rouse()
        return client

    def _converse(self, client: WireClient) -> None:
        """Read and write until the connection ends."""
        poll = select.poll()
        poll.register(self._awake, select.POLLIN)
        said_goodbye = False
        while (sock := client.socket()) is not None:
            room = self._has_room()
            if not (room and client.is_crowded):
                poll.register(sock, (select.POLLIN if room else 0) | (select.POLLOUT if client.has_unsent else 0))
                ready = self._wait(poll, POLL_S if room else CROWDED_POLL_S)
                poll.unregister(sock)
                if ready and room:
                    client.read()
            else:
                client.read()
            client.flush()
            client.loop_misc()
            if self._stopping.is_set() and not said_goodbye:
                said_goodbye = True
                self._say_goodbye(client)
        if not self._stopping.is_set():
            self._report_lost("the connection ended")

    def _wait(self, poll: select.poll, timeout_s: float) -> bool:
        """Until the socket is ready, which it says, or somebody has something to say."""
        ready = poll.poll(timeout_s * 1000)
        for descriptor, _ in ready:
            if descriptor == self._awake.fileno():
                with contextlib.suppress(BlockingIOError):
                    self._awake.recv(1024)
                self._is_roused = False  # before the flush that follows: what is said after it rouses again
        return any(descriptor != self._awake.fileno() and what & ~select.POLLOUT for descriptor, what in ready)

    def _say_goodbye(self, client: WireClient) -> None:
        client.send(topics.HUB_STATE, self._will)
        client.flush()
        client.disconnect()
        client.flush()
        if isinstance(line := client.socket(), socket.socket):  # the broker takes nothing now; nobody waits for it
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._report_lost(f"the broker refused: {reason}")
            return
        client.subscribe(SUBSCRIPTIONS)

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, _mid: int, codes: list[Any], _properties: Any) -> None:
        if any(code.is_failure for code in codes):
            self._report_lost("the broker lets the hub not read what the kiosks send")
            return
        self.connected.set()
        if self._findings.end(FindingKind.BROKER, self._address):
            log.info("the broker %s is back", self._address)
        self.announce()  # once subscribed: what kiosks answer must be heard
        self._greet()

    def _rouse(self) -> None:
        if self._is_roused:
            return
        self._is_roused = True
        try:
            self._wake.send(b"\0")
        except (BlockingIOError, OSError):  # it is awake already, or gone
            return

    @property
    def _address(self) -> str:
        return f"{self._config.host}:{self._config.port}"

    def _report_lost(self, reason: str) -> None:
        text = f"no connection to the broker at {self._address}: {reason}; trying again for ever"
        if self._findings.report(FindingKind.BROKER, self._address, text):
            log.warning("%s", text)


def _send_at_once(_client: mqtt.Client, _data: Any, sock: Any) -> None:
    """Let acknowledgements not wait for each other: both ends holding small pieces back costs up to 40 ms."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def read_password(file: Path | None) -> str | None:
    """The password in that file.

    Raises:
        ConfigError: it cannot be read.
    """
    if file is None:
        return None
    try:
        return decode(file.read_bytes()).strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(say("broker.password_file {file} cannot be read: {exc}", file=file, exc=exc)) from exc
