"""A broker, our own agent and a real hub, for the checks to look at; and the agent on paper, without waiting."""

from datetime import timedelta
from functools import partial
from random import Random

import pytest

from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig
from edge.kiosk import KioskCore
from edge.seams import Seams
from hub.database.engine import open_engine
from simulator.conform.line import MqttLine
from simulator.conform.rules import Meeting, ProtocolTimes
from station.clock import Clock, boottime_s
from station.names import KioskId, StationCode
from tests.databases import make_tables
from tests.edge import rig
from tests.edge.brokers import BrokerProcess
from tests.edge.rig import SITE_KEY, THURSDAY, Beeps
from tests.hub.cities import make_city
from tests.hub.running import hub_config, running_hub
from tests.simulator.conform.paper import Paper

STATION, KIOSK = StationCode("S-01"), KioskId("K-01-1")
PACE = ProtocolTimes(slack_s=30.0, quiet_s=1.0)  # of a machine that does other work too


@pytest.fixture
def broker_port(tmp_path):
    process = BrokerProcess("embedded", tmp_path)
    yield process.port
    process.kill()


@pytest.fixture
def meeting(broker_port):
    return Meeting(partial(MqttLine, ("127.0.0.1", broker_port)), STATION, KIOSK)


@pytest.fixture
def paper(tmp_path):
    made = Paper(tmp_path / "paper")
    yield made
    made.close()


@pytest.fixture
def paper_meeting(paper):
    return Meeting(paper.dial, rig.STATION, rig.KIOSK)


@pytest.fixture
def start_agent(tmp_path, broker_port):
    """Starts our own agent, which has records of two runs."""
    agents = []

    def start():
        config = EdgeConfig(
            station=STATION, kiosk=KIOSK, data_dir=tmp_path / "kiosk", site_key_file=tmp_path / "key", readers=(),
            broker=BrokerConfig(port=broker_port),
        )  # fmt: skip
        seams = Seams(clock=Clock(1.0, THURSDAY, boottime_s()), boot="boot-1", is_synced=lambda: True)
        KioskCore(config, site_key=SITE_KEY, annunciator=Beeps(), seams=seams, version="0").close()
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
        make_tables(engine)
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
