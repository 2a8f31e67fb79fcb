"""What the names of paho that are not public pay for (`hub.link.wire_client.SEAMS`): cutting deliveries ourselves.

The same deliveries come over a socket to the hub's client and to paho's own; what counts is the processor's time of the
thread that reads, so that a busy machine disturbs little.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from itertools import chain
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.link.wire_client import WireClient
from tests.bench.figure import Figure
from tests.bench.publisher import publish_packet

MESSAGES = 40_000
PAYLOAD = b"x" * 200
CONNACK = b"\x20\x02\x00\x00"
ROUNDS = 5


def measure(_folder: Path) -> list[Figure]:
    """The time a delivery takes to be read and acknowledged, ours to paho's; the median of some rounds, taken in turn."""
    rounds = [(_read_us(_ours), _read_us(_theirs)) for _ in range(ROUNDS)]
    ours, theirs = sorted(rounds, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]
    return [Figure("a delivery read and acknowledged, to paho alone", ours, theirs, "us", 0.9, at_most=True)]


def _ours(got: list[object]) -> tuple[mqtt.Client, Callable[[], object]]:
    client = WireClient("bench", got.append, lambda: True)
    return client, lambda: (client.read(), client.flush())


def _theirs(got: list[object]) -> tuple[mqtt.Client, Callable[[], object]]:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench", protocol=mqtt.MQTTv311)
    client.on_message = lambda _client, _told, message: got.append(message)
    return client, client.loop_read


def _read_us(make: Callable[[list[object]], tuple[mqtt.Client, Callable[[], object]]]) -> float:
    got: list[object] = []
    client, read = make(got)
    with socket.create_server(("127.0.0.1", 0)) as server:
        client.connect("127.0.0.1", server.getsockname()[1])
        line, _ = server.accept()
        with closing(line):
            threading.Thread(target=_pour, args=(line,), daemon=True, name="bench-broker").start()
            threading.Thread(target=_drain, args=(line,), daemon=True, name="bench-acks").start()
            opened = client.socket()
            assert isinstance(opened, socket.socket)
            opened.setblocking(True)
            began = time.thread_time()
            while len(got) < MESSAGES:
                read()
            took = time.thread_time() - began
    return took / MESSAGES * 1e6


def _pour(line: socket.socket) -> None:
    stream = (publish_packet("zaigang/v1/S-01/K-01/journal", PAYLOAD, i % 65_000 + 1) for i in range(MESSAGES))
    line.sendall(b"".join(chain((CONNACK,), stream)))


def _drain(line: socket.socket) -> None:
    try:
        while line.recv(1 << 16):
            pass
    except OSError:  # closed meanwhile
        return
