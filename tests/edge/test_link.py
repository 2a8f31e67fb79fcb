"""The link to a broker that behaves badly."""

import logging
import socket
from pathlib import Path
from random import Random

import pytest

from edge import call as call_module
from edge.config import BrokerConfig
from edge.errors import LinkDownError
from edge.identities import Identities
from edge.link import KioskLink
from edge.uplink import HEARTBEAT_S
from station.clock import boottime_s
from station.names import KioskId
from tests.edge.brokers import BrokerProcess
from tests.edge.hub_in_memory import Line, Shelves
from tests.edge.trying import try_broker
from tests.patience import eventually
from tests.ports import free_port

NO_MQTT_5 = bytes([0x20, 2, 0, 1])  # unacceptable protocol version (MQTT 3.1.1, 3.2.2.3)
REFUSED = bytes([0x20, 2, 0, 5])  # not authorized, as above
REFUSED_BY_5 = bytes([0x20, 3, 0, 0x87, 0])  # MQTT 5, 3.2.2.2
WELCOME_BY_5 = bytes([0x20, 3, 0, 0, 0])
TAKEN_OVER = bytes([0xE0, 2, 0x8E, 0])  # MQTT 5, 3.14.2.1


@pytest.fixture
def ear():
    """Somebody who takes connections and speaks no MQTT by himself."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def link_to(port):
    shelves = Shelves()
    shelves.begin()
    return KioskLink(
        Identities(BrokerConfig("127.0.0.1", port), KioskId("sq01-a"), Path("none")), KioskId("sq01-a"), Line(1, shelves).uplink,
        keep_house=lambda now_s: None, now_s=boottime_s, entropy=Random(1).randbytes, rng=Random(1),
    )  # fmt: skip


@pytest.fixture
def linked(ear):
    made = link_to(ear.getsockname()[1])
    made.start()
    yield made
    made.kill()


def test_the_pauses_between_tries_grow_and_never_outlast_a_heartbeat(monkeypatch):
    pauses_s = []

    def pause(link, pause_s):
        pauses_s.append(pause_s)
        if len(pauses_s) == 20:
            link._stopping.set()

    monkeypatch.setattr(KioskLink, "_pause", pause)
    link = link_to(free_port())

    link._run()

    link.stop()
    assert pauses_s[0] < 1
    assert max(pauses_s[10:]) > 10
    assert max(pauses_s) < HEARTBEAT_S


def test_a_broker_that_takes_the_connection_and_says_nothing_is_tried_again(ear, linked, monkeypatch, caplog):
    monkeypatch.setattr(call_module, "WELCOME_TIMEOUT_S", 0.2)
    ear.settimeout(60)  # the pauses between tries grow, and jitter

    callers = [ear.accept()[0] for _ in range(2)]

    assert not linked.connected.is_set()
    assert [record.levelno for record in caplog.records].count(logging.WARNING) == 1
    for caller in callers:
        caller.close()


def test_bytes_that_are_no_mqtt_end_the_connection_and_not_the_link(ear, linked):
    ear.settimeout(60)
    for _ in range(3):
        caller = ear.accept()[0]
        caller.recv(10)
        caller.sendall(b"\x20\xff\xff\xff\xff\xff HTTP/1.1 400")
        caller.close()

    assert linked._thread.is_alive()


@pytest.mark.parametrize("answers", [[REFUSED_BY_5], [NO_MQTT_5, REFUSED], [b"", REFUSED]])
def test_a_refusal_is_said_with_its_reason(ear, linked, caplog, answers):
    for answer in answers:
        with ear.accept()[0] as caller:
            caller.recv(4096)
            caller.sendall(answer)

    assert eventually(lambda: "refuses this kiosk: Not authorized" in caplog.text)


@pytest.mark.parametrize("answer", [NO_MQTT_5, b""])
def test_a_broker_that_knows_no_mqtt_5_is_called_again_in_3_1_1_at_once(ear, linked, answer):
    levels = []
    for said in (answer, b"\x20\2\0\0"):
        caller = ear.accept()[0]
        levels.append(caller.recv(4096).partition(b"MQTT")[2][0])
        caller.sendall(said)
        if not said or said is NO_MQTT_5:
            caller.close()

    assert levels == [5, 4]
    assert linked.connected.wait(60)
    caller.close()


def test_a_broker_that_ends_the_connection_says_why(ear, linked, caplog):
    with ear.accept()[0] as caller:
        caller.recv(4096)
        caller.sendall(WELCOME_BY_5)
        assert linked.connected.wait(60)
        caller.sendall(TAKEN_OVER)

        assert eventually(lambda: "the broker ended the connection: Session taken over" in caplog.text)


def test_a_subscription_that_is_refused_is_said_with_its_reason(ear, linked, caplog):
    with ear.accept()[0] as caller:
        caller.recv(4096)
        caller.sendall(WELCOME_BY_5)
        packet = caller.recv(4096)
        assert packet[0] == 0x82  # SUBSCRIBE
        at = 3 if packet[1] & 0x80 else 2  # its length takes one byte or two
        caller.sendall(bytes([0x90, 4]) + packet[at : at + 2] + b"\0\x87")

        assert eventually(lambda: "lets this kiosk not listen to zaigang/v1/" in caplog.text)
        assert "Not authorized" in caplog.text


def test_a_broker_without_tls_says_what_it_forbids(tmp_path, caplog):
    (tmp_path / "acl").write_text("topic read #\n")
    broker = BrokerProcess("mosquitto", tmp_path, f"acl_file {tmp_path}/acl\nuser root\n")
    link = link_to(broker.port)
    link.start()
    try:
        assert eventually(
            lambda: "lets this kiosk not speak on zaigang/v1/SQ01/sq01-a/state: Not authorized" in caplog.text
        )
    finally:
        link.kill()
        broker.kill()


def test_each_connection_is_a_session_of_its_own(ear, linked):
    ear.settimeout(60)
    hellos = []
    for _ in range(4):  # each first in MQTT 5, then in 3.1.1
        caller = ear.accept()[0]
        hellos.append(caller.recv(4096))
        caller.close()

    names = [hello[hello.index(b"sq01-a-") :][:23] for hello in hellos]
    assert names[0] == names[1] != names[2] == names[3]


def test_nobody_listening_is_a_link_down():
    with pytest.raises(LinkDownError, match="refused"):
        try_broker(BrokerConfig("127.0.0.1", free_port()), "doctor")


def test_waking_a_link_that_has_ended_does_no_harm(ear, linked):
    linked.kill()

    linked.wake()


def test_a_password_file_that_is_not_there_is_a_link_down(tmp_path):
    broker = BrokerConfig("127.0.0.1", free_port(), "sq01-a", tmp_path / "none")

    with pytest.raises(LinkDownError, match="none"):
        try_broker(broker, "doctor")
