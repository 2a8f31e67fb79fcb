"""A broker that takes only small messages: what was recorded offline comes all the same."""

import pytest

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
    kiosk = OfflineAgent(tmp_path / "data", broker.port)
    kiosk.record(100)
    hub = WireHub(broker.port)
    kiosk.agent.start()
    try:
        assert eventually(lambda: set(kiosk.names()) <= set(hub.hub.stored))
    finally:
        kiosk.agent.stop()
        hub.close()
