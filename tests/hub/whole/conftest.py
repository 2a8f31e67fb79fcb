from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.database.engine import open_engine
from hub.link.broker import embedded_broker
from station.clock import Clock
from tests.bench.brokers import mosquitto, mosquitto_path
from tests.databases import make_tables
from tests.hub.cities import make_city
from tests.hub.intake.messages import BEGAN
from tests.hub.running import RunningHub, hub_config, running_hub
from tests.ports import free_port


@pytest.fixture(params=["iotcore", "mosquitto"])
def broker_port(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    if request.param == "iotcore":
        port = free_port()
        with embedded_broker(port):
            yield port
        return
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    with mosquitto(tmp_path) as port:
        yield port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data directory with one station in it."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    engine = open_engine(hub_config(data_dir, 1).database_url)
    make_tables(engine)
    make_city(engine)
    engine.dispose()
    return data_dir


@pytest.fixture
def clock() -> Clock:
    """Half past eight on a working day, at the world's pace."""
    from datetime import timedelta

    from station.clock import boottime_s

    return Clock(began_at=BEGAN + timedelta(minutes=30), anchor_s=boottime_s())


@pytest.fixture
def hub(folder: Path, broker_port: int, clock: Clock) -> Iterator[RunningHub]:
    with running_hub(hub_config(folder, broker_port), clock) as running:
        yield running
