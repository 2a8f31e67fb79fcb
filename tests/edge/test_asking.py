"""Doctor asks the hub: whether it is there, knows this kiosk, answers it, and holds the same key."""

import re
from contextlib import closing

import pytest

from edge import asking
from edge.asking import ask_hub
from edge.config import BrokerConfig, EdgeConfig
from edge.doctor import DoctorLine, examine
from edge.outgoing import Outgoing
from edge.seams import Seams
from edge.verdict import line_of, verdict
from simulator.scripted_reader import ScriptedReader
from station.clock import Clock
from station.duty import DutyRule
from station.token import fingerprint_of
from station.wire import topics
from station.wire.codec import encode
from station.wire.told import Duty
from station.wire.topics import Leaf
from tests.edge.brokers import WireHub
from tests.edge.offline_agent import OfflineAgent
from tests.edge.rig import KIOSK, SITE_KEY, STATION
from tests.patience import eventually

pytestmark = [pytest.mark.broker]


def say_birth(hub: WireHub, key: bytes = SITE_KEY) -> None:
    hub.hub.key = fingerprint_of(key)
    birth = hub.hub.birth()
    hub._client.publish(birth.topic, birth.payload, qos=1, retain=True).wait_for_publish(60)


def say_hours(hub: WireHub) -> None:
    duty = Duty(1, "站", weekly=((),) * 7, rule=DutyRule())
    topic = topics.told(STATION, KIOSK)[Leaf.DUTY]
    hub._client.publish(topic, encode(duty), qos=1, retain=True).wait_for_publish(60)


@pytest.fixture
def config(tmp_path, broker):
    key = tmp_path / "site.key"
    key.write_text(SITE_KEY.hex())
    key.chmod(0o600)
    home = tmp_path / "data"
    home.mkdir()
    return EdgeConfig(
        station=STATION,
        kiosk=KIOSK,
        data_dir=home,
        site_key_file=key,
        readers=(),
        broker=BrokerConfig(port=broker.port),
    )


SEAMS = Seams(clock=Clock(), boot="b", is_synced=lambda: False)


def look(config) -> dict[str, DoctorLine]:
    return {finding.what: finding for finding in examine(config, SEAMS, lambda url: ScriptedReader())}


def test_a_kiosk_that_the_hub_knows_and_answers_can_be_used_without_a_time_service(hub, config):
    say_birth(hub)
    say_hours(hub)

    found = look(config)

    assert {what: finding.is_well for what, finding in found.items()} == {
        "site key": True, "disk": True, "journal": True, "broker": True, "hub": True, "known": True, "settles": True,
        "same key": True, "clock": None,
    }  # fmt: skip
    assert verdict(list(found.values()), chinese=True) == "可以使用"
    for line in (line_of(finding, chinese=True) for finding in found.values()):
        assert not re.search(r"[a-z]{3,} [a-z]{2,}", line)


def test_the_question_is_kept_nowhere_and_brings_no_record(hub, config):
    say_birth(hub)

    ask_hub(config, SEAMS, is_running=False)

    assert hub.hub.stored == {}
    with closing(WireHub(config.broker.port)) as late:
        assert topics.state(STATION, KIOSK) not in late.topics()


def test_a_hub_that_does_not_know_this_kiosk_is_told_apart_from_none(hub, config, monkeypatch):
    monkeypatch.setattr(asking, "LISTEN_S", 0.5)
    hub.answers = False

    assert look(config)["hub"].text.startswith("no hub is at work")
    say_birth(hub)
    found = look(config)

    assert found["known"].is_well is False
    assert "下一步：请中心登记本终端" in verdict(list(found.values()), chinese=True)
    assert line_of(found["known"], chinese=True) == (
        f"错误  登记：站点 {STATION} 的终端 {KIOSK} 没有登记，中心不接收它的记录"
    )


def test_another_site_key_is_seen(hub, config):
    say_birth(hub, bytes(32))
    say_hours(hub)

    found = look(config)["same key"]

    assert found.is_well is False
    assert "the hub knows no card" in found.text


def test_while_the_agent_runs_nothing_is_said_in_its_name(hub, config, tmp_path):
    say_birth(hub)
    say_hours(hub)
    with OfflineAgent(config.data_dir, config.broker.port) as kiosk:
        kiosk.agent.start()
        assert eventually(lambda: len(hub.hub.stored) == 1)
        sessions = len(hub.heard)

        found = look(config)

    assert found["settles"].is_well
    assert b"doctor" not in b"".join(payload for _, payload in hub.heard[sessions:])


def test_a_broker_that_is_not_there_has_a_next_step(config, broker):
    broker.kill()

    found = list(look(config).values())

    assert verdict(found, chinese=False) == (
        "This kiosk cannot be used: broker. Next: see that the network cable is plugged in at both ends."
    )
    assert line_of(found[-2], chinese=True).startswith("错误  网络：127.0.0.1")


def test_a_retained_answer_to_another_session_is_no_answer(hub, config, monkeypatch):
    monkeypatch.setattr(asking, "LISTEN_S", 0.5)
    say_birth(hub)
    say_hours(hub)
    with OfflineAgent(config.data_dir, config.broker.port) as kiosk:
        kiosk.agent.start()
        assert eventually(lambda: len(hub.hub.stored) == 1)
    hub.answers = False

    assert look(config)["settles"].is_well is False


def test_what_a_hub_says_that_cannot_be_read_is_passed_over(hub, config):
    hub.say(Outgoing(topics.HUB_STATE, b"?", retain=True))

    assert ask_hub(config, SEAMS, is_running=False).hub is None
