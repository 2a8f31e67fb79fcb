"""Broker and kiosk know each other by certificates; who is refused reads why, against a real Mosquitto."""

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest

from edge.config import BrokerConfig
from edge.errors import KeyFileError, LinkDownError, NotLetInError
from edge.tls import make_context
from hub.mosquitto.dialect import spell_rights
from station.lifetimes import OF_KIOSK
from tests.edge.brokers import WireHub, is_open
from tests.edge.hub_in_memory import KIOSK
from tests.edge.offline_agent import OfflineAgent
from tests.edge.site_ca import DAY, NOW, SiteCa
from tests.edge.trying import try_broker
from tests.patience import eventually
from tests.ports import free_port

pytestmark = [pytest.mark.broker]
OPEN_TO_KIOSKS = """
per_listener_settings true
listener {port} 127.0.0.1
cafile {ca}
certfile {certificate}
keyfile {key}
crlfile {revoked}
require_certificate true
use_identity_as_username true
acl_file {rights}
listener {inside} 127.0.0.1
allow_anonymous true
"""


class SecureBroker:
    """Mosquitto as the site runs it, and a door for the hub."""

    def __init__(self, folder, ca: SiteCa, **broker) -> None:
        path = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
        if path is None:
            pytest.skip("mosquitto is not installed")
        self.port, self.inside = free_port(), free_port()
        files = ca.broker(**broker)
        rights = folder / "rights"
        rights.write_text(spell_rights("hub", (), "1"))
        rights.chmod(0o700)
        settings = OPEN_TO_KIOSKS.format(
            port=self.port, inside=self.inside, ca=ca.file, certificate=files.certificate, key=files.key,
            revoked=ca.revoked_file, rights=rights,
        )  # fmt: skip
        (folder / "mosquitto.conf").write_text(settings + "user root\n")
        self._process = subprocess.Popen(
            [path, "-c", str(folder / "mosquitto.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert eventually(lambda: is_open(self.port) and is_open(self.inside))

    def close(self) -> None:
        self._process.kill()
        self._process.wait(60)


@pytest.fixture
def ca(tmp_path):
    return SiteCa(tmp_path / "ca")


@pytest.fixture
def begin(tmp_path, ca):
    """Starts the broker, once the test has made what it should be like."""
    made = []

    def start(**broker) -> SecureBroker:
        made.append(SecureBroker(tmp_path, ca, **broker))
        return made[0]

    yield start
    for each in made:
        each.close()


def way(broker: SecureBroker, ca: SiteCa, files, **other) -> BrokerConfig:
    kept = {"ca_file": ca.file, "certificate_file": files.certificate, "key_file": files.key}
    return BrokerConfig(**{"port": broker.port, **kept, **other})


def refused(config: BrokerConfig, **when) -> str:
    with pytest.raises(LinkDownError) as caught:
        try_broker(config, "doctor", **when)
    return str(caught.value)


def test_a_kiosk_with_its_certificate_is_linked_and_what_it_recorded_is_settled(begin, ca, tmp_path):
    broker = begin()
    with (
        closing(WireHub(broker.inside)) as hub,
        OfflineAgent(tmp_path / "data", way(broker, ca, ca.kiosk(KIOSK))) as kiosk,
    ):
        kiosk.record(1000)
        kiosk.agent.start()

        assert eventually(lambda: set(kiosk.names()) <= set(hub.hub.stored))


def test_a_kiosk_that_speaks_as_another_reads_that_it_may_not(begin, ca, tmp_path, caplog):
    with OfflineAgent(tmp_path / "data", way(begin(), ca, ca.kiosk("sq02-a"))) as kiosk:
        kiosk.agent.start()

        assert eventually(lambda: "Not authorized" in caplog.text)
    assert f"/{KIOSK}/state" in caplog.text


@pytest.mark.parametrize("attempt", range(5))
def test_a_revoked_certificate_is_refused_and_says_so(begin, ca, attempt):
    files = ca.kiosk(KIOSK)
    ca.revoke(files)

    assert "revoked" in refused(way(begin(), ca, files))


def test_a_certificate_that_has_ended_is_refused_and_says_so(begin, ca):
    assert "has ended" in refused(way(begin(), ca, ca.kiosk(KIOSK, ends=NOW - DAY)))


def test_a_kiosk_of_another_site_is_refused_by_both_and_says_so(begin, ca, tmp_path):
    broker, other = begin(), SiteCa(tmp_path / "other")
    stranger = other.kiosk(KIOSK)

    assert "another hub" in refused(way(broker, other, stranger))
    assert "another hub" in refused(way(broker, ca, stranger))


def test_a_broker_under_another_name_is_not_believed(begin, ca):
    assert "another name than 127.0.0.1" in refused(way(begin(host="192.0.2.7"), ca, ca.kiosk(KIOSK)))


def test_a_port_without_tls_is_named(begin, ca):
    broker = begin()

    assert "one with TLS?" in refused(way(broker, ca, ca.kiosk(KIOSK), port=broker.inside))


def test_a_broker_whose_certificate_is_not_valid_yet_is_believed_by_a_clock_at_1970_alone(begin, ca):
    config = way(begin(begins=NOW + DAY / 2), ca, ca.kiosk(KIOSK))

    assert "has not begun" in refused(config)
    try_broker(config, "doctor", wall_s=lambda: 0.0)


def test_where_a_system_was_made_is_no_time_to_judge_a_certificate_by_either(begin, ca):
    kiosk = ca.kiosk(KIOSK, ends=NOW + OF_KIOSK)
    config = way(begin(begins=NOW + DAY / 2), ca, kiosk)

    try_broker(config, "doctor", wall_s=(NOW - 2 * DAY).timestamp)
    assert "has not begun" in refused(config)


def test_a_clock_at_1970_believes_no_other_ca_and_no_other_name(begin, ca, tmp_path):
    other = SiteCa(tmp_path / "other")
    config = way(begin(host="192.0.2.7"), ca, ca.kiosk(KIOSK))

    assert "another name" in refused(config, wall_s=lambda: 0.0)
    assert "another hub" in refused(way_of(config, other), wall_s=lambda: 0.0)


def way_of(config: BrokerConfig, ca: SiteCa) -> BrokerConfig:
    return BrokerConfig(
        port=config.port, ca_file=ca.file, certificate_file=config.certificate_file, key_file=config.key_file
    )


def test_files_that_cannot_be_used_are_named(ca, tmp_path):
    files, another = ca.kiosk(KIOSK), ca.kiosk("sq02-a")
    sound = {"ca_file": ca.file, "certificate_file": files.certificate, "key_file": files.key}
    now_s = datetime.now(UTC).timestamp()
    for setting, path in (
        ("ca_file", tmp_path / "none"), ("ca_file", files.key), ("certificate_file", tmp_path / "none"),
        ("certificate_file", another.certificate), ("key_file", tmp_path / "none"),
    ):  # fmt: skip
        with pytest.raises(KeyFileError, match=f"broker.{setting} {path}"):
            make_context(BrokerConfig(**{**sound, setting: path}), now_s)
    files.key.chmod(0o644)
    with pytest.raises(KeyFileError, match="mode 0644"):
        make_context(BrokerConfig(**sound), now_s)


def test_a_broker_that_breaks_off_over_tls_without_a_word_counts_as_one_that_refuses(tmp_path):
    """On a slow line its reason comes too late to be read: another identity must be tried all the same."""
    ca = SiteCa(tmp_path / "ca")
    served, own = ca.broker(), ca.kiosk(KIOSK)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served.certificate, served.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):  # MQTT 5, then 3.1.1
                line, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(line, server_side=True) as secure:
                    secure.recv(1024)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        port = listener.getsockname()[1]
        broker = BrokerConfig("127.0.0.1", port, "", None, ca.file, own.certificate, own.key)
        with pytest.raises(NotLetInError):
            try_broker(broker, "sq01-a-x")
        serving.join(30)
