"""A broker that takes only small messages: what was recorded offline comes all the same."""

import selectors
import threading
from contextlib import closing

import pytest

from edge.call import ENVELOPE_BYTES, Call
from edge.config import BrokerConfig
from tests.edge import brokers
from tests.edge.brokers import BrokerProcess, WireHub, eventually
from tests.edge.offline_agent import OfflineAgent

pytestmark = pytest.mark.broker


@pytest.fixture
def broker(tmp_path, monkeypatch):
    monkeypatch.setattr(brokers, "MOSQUITTO", brokers.MOSQUITTO + "max_packet_size 6000\n")
    process = BrokerProcess("mosquitto", tmp_path)
    yield process
    process.kill()


def test_a_backlog_arrives_over_a_broker_that_hangs_up_at_long_messages(broker, tmp_path):
    with closing(WireHub(broker.port)) as hub, OfflineAgent(tmp_path / "data", broker.port) as kiosk:
        kiosk.record(100)
        kiosk.agent.start()

        assert eventually(lambda: set(kiosk.names()) <= set(hub.hub.stored))


def test_what_the_broker_says_that_it_takes_is_obeyed(broker, tmp_path):
    call = Call(BrokerConfig("127.0.0.1", broker.port), "kiosk")
    call.dial()
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(call.socket, selectors.EVENT_READ)
            call.await_welcome(selector, threading.Event())
    finally:
        call.hang_up()

    assert call.most_bytes == 6000 - ENVELOPE_BYTES
