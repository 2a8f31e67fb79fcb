"""Records carried by hand: what a kiosk exports without a line, the hub takes in, and the live upload adds nothing."""

import pytest

from edge.config import BrokerConfig, EdgeConfig
from edge.exporting import export
from edge.uplink import Outgoing
from station.carried import CarriedError, read_carried
from tests.edge.hub_in_memory import JOURNAL, Hub
from tests.edge.offline_agent import OfflineAgent
from tests.edge.rig import KIOSK, SITE_KEY, STATION
from tests.ports import free_port


@pytest.fixture
def kiosk(tmp_path):
    made = OfflineAgent(tmp_path / "data", free_port())
    made.record(500)
    yield made
    made.agent.stop()


@pytest.fixture
def exported(kiosk, tmp_path):
    config = EdgeConfig(
        station=STATION, kiosk=KIOSK, data_dir=tmp_path / "data", site_key_file=tmp_path / "key", readers=(),
        broker=BrokerConfig(),
    )  # fmt: skip
    return export(config, SITE_KEY, tmp_path)


def test_all_records_of_a_kiosk_at_work_are_in_the_file_and_come_once(kiosk, exported):
    hub = Hub()
    for _ in range(2):
        for payload in read_carried(SITE_KEY, exported.path.read_bytes()).messages:
            hub.take(Outgoing(JOURNAL, payload, retain=False))

    assert exported.records == 501
    assert set(hub.stored) == set(kiosk.names())
    assert hub.conflicts == []


def test_a_file_that_was_changed_or_is_another_sites_is_refused(exported):
    content = exported.path.read_bytes()

    for key, found in ((SITE_KEY, content[:-3]), (SITE_KEY, content.replace(b"pulse", b"pu1se")), (bytes(32), content)):
        with pytest.raises(CarriedError, match="changed on the way"):
            read_carried(key, found)
    with pytest.raises(CarriedError, match="no file that"):
        read_carried(SITE_KEY, b"something else")
