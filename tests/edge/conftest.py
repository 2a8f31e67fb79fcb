"""A kiosk on the bench for every test that asks for one; a broker, and a hub of a few lines behind it."""

import pytest

from tests.edge.brokers import BrokerProcess, WireHub
from tests.edge.rig import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def broker(tmp_path):
    process = BrokerProcess("embedded", tmp_path)
    yield process
    process.kill()


@pytest.fixture
def hub(broker):
    made = WireHub(broker.port)
    yield made
    made.close()
