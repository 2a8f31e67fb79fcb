"""A broker, a quick real agent and a real hub, for the checks to look at."""

from datetime import timedelta
from random import Random

import pytest

from edge import session, uplink
from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig
from edge.kiosk import Kiosk
from edge.seams import Seams
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from simulator.conform.rules import Meeting, Pace
from station.clock import Clock, boottime_s
from station.names import KioskId, StationCode
from tests.edge.brokers import BrokerProcess
from tests.edge.rig import SITE_KEY, THURSDAY, Beeps
from tests.hub.cities import make_city
from tests.hub.running import hub_config, running_hub

STATION, KIOSK = StationCode("S-01"), KioskId("K-01-1")
RATE = 30.0
PACE = Pace(retry_s=0.5, spread_s=0.3, heartbeat_s=30 / RATE, shout_s=0.6, slack_s=1.2, quiet_s=0.3, cut_s=10.0)


@pytest.fixture
def broker_port(tmp_path):
    process = BrokerProcess("embedded", tmp_path)
    yield process.port
    process.kill()


@pytest.fixture
def meeting(broker_port):
    return Meeting(("127.0.0.1", broker_port), STATION, KIOSK)


@pytest.fixture
def quick(monkeypatch):
    """The agent's pauses as short as `PACE` has them."""
    monkeypatch.setattr(session, "FIRST_RETRY_S", PACE.retry_s)
    monkeypatch.setattr(session, "SPREAD_S", PACE.spread_s)
    monkeypatch.setattr(uplink, "WILL_GAP_S", PACE.shout_s)


@pytest.fixture
def start_agent(tmp_path, broker_port, quick):
    """Starts our own agent, which has records of two runs."""
    agents = []

    def start():
        config = EdgeConfig(
            station=STATION, kiosk=KIOSK, data_dir=tmp_path / "kiosk", site_key_file=tmp_path / "key", readers=(),
            broker=BrokerConfig(port=broker_port),
        )  # fmt: skip
        seams = Seams(clock=Clock(RATE, THURSDAY, boottime_s()), boot="boot-1", is_synced=lambda: True)
        Kiosk(config, site_key=SITE_KEY, annunciator=Beeps(), seams=seams, version="0").close()
        agents.append(Agent(config, site_key=SITE_KEY, annunciator=Beeps(), seams=seams, rng=Random(1)))
        agents[-1].start()

    yield start
    for agent in agents:
        agent.stop()


@pytest.fixture
def start_hub(tmp_path, broker_port):
    """Starts our own hub, which knows the kiosk."""
    hubs = []

    def start():
        folder = tmp_path / "hub"
        folder.mkdir()
        config = hub_config(folder, broker_port)
        engine = open_engine(config.database_url)
        prepare_schema(engine)
        make_city(engine)
        engine.dispose()
        running = running_hub(config, Clock(1.0, THURSDAY + timedelta(minutes=30), boottime_s()))
        running.__enter__()
        hubs.append(running)

    yield start
    for running in hubs:
        running.__exit__(None, None, None)


@pytest.fixture
def now():
    return Clock(1.0, THURSDAY + timedelta(minutes=30), boottime_s()).now
