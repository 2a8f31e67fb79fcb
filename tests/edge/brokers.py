"""Real brokers on loopback ports of their own, and a small hub that talks through them."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event, Lock

import paho.mqtt.client as mqtt
import pytest

from edge.outgoing import Outgoing
from tests.edge.hub_in_memory import Hub
from tests.patience import eventually
from tests.ports import free_port

EMBEDDED = """
import sys
from iotcore import Broker
Broker(int(sys.argv[1]), "127.0.0.1", max_payload_size=262144).run_forever()
"""
MOSQUITTO = """
listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 1000000
max_queued_bytes 512000000
"""


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class BrokerProcess:
    """One broker that can be killed and started anew on its port, having forgotten everything."""

    def __init__(self, kind: str, folder, more: str = "") -> None:
        self.port = free_port()
        self._more = more
        self._kind = kind
        self._folder = folder
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert eventually(lambda: is_open(self.port))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(60)

    def _command(self) -> list[str]:
        if self._kind == "embedded":
            return [sys.executable, "-c", EMBEDDED, str(self.port)]
        path = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if path is None:
            pytest.skip("mosquitto is not installed")
        config = self._folder / "mosquitto.conf"
        config.write_text(MOSQUITTO.format(port=self.port) + self._more)
        return [path, "-c", str(config)]


class WireHub:
    """The small hub, at the other end of a broker."""

    def __init__(self, port: int | Path) -> None:
        """Connect.

        Args:
            port: of a broker on loopback, or its socket in the file system.
        """
        self.hub = Hub()
        self.heard: list[tuple[str, bytes]] = []
        self.answers = True
        self._lock = Lock()
        is_port = isinstance(port, int)
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, transport="tcp" if is_port else "unix")
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self.subscribed = Event()
        self._client.on_subscribe = lambda *_: self.subscribed.set()
        self._client.connect(*(("127.0.0.1", port) if is_port else (str(port),)))
        self._client.loop_start()
        assert self.subscribed.wait(60)

    def say(self, message: Outgoing) -> None:
        self._client.publish(message.topic, message.payload, qos=1, retain=message.retain)

    def topics(self) -> list[str]:
        with self._lock:
            return [topic for topic, _ in self.heard]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client, userdata, flags, reason, properties) -> None:
        client.subscribe([("zaigang/v1/+/+/journal", 1), ("zaigang/v1/+/+/state", 1)])

    def _on_message(self, client, userdata, message) -> None:
        with self._lock:
            self.heard.append((message.topic, message.payload))
            answer = self.hub.take(Outgoing(message.topic, message.payload, retain=False)) if self.answers else None
        if answer is not None:
            self.say(answer)
