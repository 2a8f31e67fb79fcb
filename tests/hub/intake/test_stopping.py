"""The hub ends when it is told to, also where the broker takes nothing any more."""

import socket
from datetime import UTC, datetime
from threading import Thread

from hub.config import HubBrokerConfig
from hub.findings import Findings
from hub.link.connection import KEEPALIVE_S, SUBSCRIPTIONS, HubLink
from station.clock import Clock
from station.names import Session
from station.wire.messages import HubState

LONG = 16 * 1024 * 1024  # more than both ends of a socket hold
BIRTH = HubState(online=True, session=Session("0" * 16), version="1", started_at=datetime(2026, 3, 5, tzinfo=UTC))


def test_a_broker_that_takes_nothing_more_keeps_no_hub_from_ending():
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = HubLink(
            config=HubBrokerConfig(port=server.getsockname()[1]), birth=BIRTH, take=lambda _: None,
            has_room=lambda: True, greet=lambda: None, findings=Findings(Clock()),
        )  # fmt: skip
        link.start()
        broker, _ = server.accept()
        with broker:
            let_in(broker)
            link.connected.wait()
            link.publish("a", b"x" * LONG)
            ending = Thread(target=link.stop)
            ending.start()
            ending.join(KEEPALIVE_S / 2)
            is_over = not link.thread.is_alive()

    ending.join()
    assert is_over


def let_in(broker: socket.socket) -> None:
    """Answer CONNECT and SUBSCRIBE, and read no more."""
    broker.recv(1 << 16)
    broker.sendall(b"\x20\x02\x00\x00")
    subscribe = broker.recv(1 << 16)
    granted = bytes([1] * len(SUBSCRIPTIONS))
    broker.sendall(bytes([0x90, 2 + len(granted)]) + subscribe[2:4] + granted)
