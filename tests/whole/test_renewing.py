"""A certificate is renewed over the line: by a real Mosquitto with its rights, a serving hub and a kiosk's agent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from edge.config import BrokerConfig
from hub.__main__ import main
from hub.asking.asked import CommandOutcome
from hub.asking.renewing import LEFT, RENEW
from hub.certificates.cabinet import Cabinet
from hub.config import HubBrokerConfig
from hub.mosquitto.files import write_files
from hub.mosquitto.visit import visiting
from hub.site_key import read_or_make_site_key
from station.clock import VARIABLE, Clock, boottime_s
from station.lifetimes import OF_KIOSK
from tests.bench.brokers import mosquitto_path
from tests.hub.mosquitto.site import RunningBroker
from tests.hub.running import hub_config, running_hub, until
from tests.hub.whole.conftest import folder
from tests.ports import free_port
from tests.standing_clock import last_noon
from tests.whole.test_commands import Asking, asking
from tests.whole.wired_kiosk import KIOSK, WiredKiosk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.config import HubConfig
    from tests.hub.running import RunningHub

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]
__all__ = ["asking", "folder"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Last noon's, for the hub, its commands and the kiosk: between two shifts nobody's leaving is warned of.

    Certificates begin by it, and are read by the machine's own clock too: by that of another day they would be none.
    """
    made = last_noon()
    monkeypatch.setenv(VARIABLE, made.spell())
    return made


@pytest.fixture
def config(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> HubConfig:
    """A hub with a CA, and a broker's files by it."""
    port, tls_port = free_port(), free_port()
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(folder))
    for name, value in {
        "USERNAME": "hub", "PASSWORD_FILE": folder / "password", "PORT": port, "TLS_PORT": tls_port, "EMBEDDED": "false",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ZAIGANG_HUB_BROKER__{name}", str(value))
    for words in (["ca", "init"], ["ca", "issue-broker", "127.0.0.1"]):
        assert main(words) == 0
    made = hub_config(folder, port)
    broker = HubBrokerConfig(
        port=port, embedded=False, username="hub", password_file=folder / "password", tls_port=tls_port
    )
    return replace(made, broker=broker)


@pytest.fixture
def broker(config: HubConfig, folder: Path, tmp_path: Path) -> Iterator[RunningBroker]:
    read_or_make_site_key(folder)
    assert main(["broker", "config"]) == 0
    assert main(["kiosk", "prepare", KIOSK, "--out", str(tmp_path / "stick")]) == 0
    with RunningBroker(folder / "broker", tmp_path).watching() as running:
        yield running


@pytest.fixture
def kiosk(config: HubConfig, broker: RunningBroker, clock: Clock, tmp_path: Path) -> Iterator[WiredKiosk]:
    own = tmp_path / "stick" / "identity"
    for file in own.iterdir():
        file.chmod(0o600)
    way = BrokerConfig("127.0.0.1", broker.tls_port, "", None, own / "ca.crt", own / "kiosk.crt", own / "kiosk.key")
    with WiredKiosk(tmp_path, way, clock) as made:
        yield made


@pytest.fixture
def hub(config: HubConfig, broker: RunningBroker, clock: Clock) -> Iterator[RunningHub]:
    with running_hub(config, clock) as running:
        yield running


def serials(config: HubConfig) -> list[int]:
    return [each.serial_number for each in Cabinet(config.data_dir).good_identities(KIOSK)]


def test_a_kiosk_gets_another_certificate_and_comes_by_it(config: HubConfig, asking: Asking, kiosk: WiredKiosk) -> None:
    kiosk.start()
    before = serials(config)
    assert asking.ends(asking.ask(RENEW)).outcome is CommandOutcome.DONE

    until(lambda: [each.name for each in asking.history() if each.has_ended] == ["certificate", "renew"])
    (taken, _) = asking.history()
    assert (taken.outcome, taken.by) == (CommandOutcome.DONE, "clerk")
    assert len(serials(config)) == len(before) + 1
    assert kiosk.agent.link._broker.certificate_file != kiosk.config.broker.certificate_file
    kiosk.touch(1)
    kiosk.stop()
    kiosk.start()
    assert kiosk.agent.link._broker.certificate_file != kiosk.config.broker.certificate_file


def test_one_that_the_broker_refuses_goes_and_the_kiosk_comes_by_the_old_one(
    config: HubConfig, asking: Asking, kiosk: WiredKiosk, clock: Clock
) -> None:
    kiosk.start()
    (old,) = serials(config)
    asking.ends(asking.ask(RENEW))
    until(lambda: [each.name for each in asking.history() if each.has_ended] == ["certificate", "renew"])
    kiosk.stop()
    (new,) = [serial for serial in serials(config) if serial != old]
    cabinet = Cabinet(config.data_dir)
    cabinet.revoke([new], clock.now())
    edition = write_files(config, cabinet, ()).edition
    with visiting(config) as visit:
        assert visit.has_loaded(edition)

    kiosk.start()

    until(kiosk.agent.link.connected.is_set)
    assert kiosk.agent.link._broker.certificate_file == kiosk.config.broker.certificate_file


def test_the_hub_asks_by_itself_when_a_third_of_the_life_is_left(
    config: HubConfig, broker: RunningBroker, clock: Clock, kiosk: WiredKiosk
) -> None:
    later = Clock(began_at=clock.now() + OF_KIOSK - LEFT + timedelta(days=1), anchor_s=boottime_s())
    kiosk._seams = type(kiosk._seams)(clock=later, boot="boot-1", is_synced=lambda: True)
    kiosk.start()
    with running_hub(config, later) as hub:
        asking = Asking(hub)
        try:
            until(lambda: [each.name for each in asking.history() if each.has_ended] == ["certificate", "renew"])
            assert {each.by for each in asking.history()} == {"hub"}
        finally:
            asking.close()
