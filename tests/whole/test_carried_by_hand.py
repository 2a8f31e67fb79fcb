"""Records carried by hand: what a kiosk exports without a line, the hub takes in, and the live upload adds nothing."""

import json
from datetime import UTC, datetime

import pytest

from edge.config import BrokerConfig, EdgeConfig
from edge.errors import KeyFileError
from edge.exporting import export
from edge.outgoing import Outgoing
from edge.settled_file import SettledFile
from hub.certificates.authority import name_of
from hub.certificates.cabinet import Cabinet
from hub.certificates.verifying import writer_of
from hub.verbs.import_journal import until
from station.carried import KIND, read_carried
from station.letter import LetterError, read_letter, write_letter
from station.wire.messages import Through
from tests.edge.hub_in_memory import JOURNAL, Hub
from tests.edge.offline_agent import OfflineAgent
from tests.edge.rig import KIOSK, STATION
from tests.ports import free_port

NOW = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def cabinet(tmp_path):
    made = Cabinet(tmp_path / "hub")
    made.make("a city", NOW)
    return made


@pytest.fixture
def kiosk(tmp_path):
    made = OfflineAgent(tmp_path / "data", free_port())
    made.record(500)
    yield made
    made.agent.stop()


@pytest.fixture
def config(cabinet, kiosk, tmp_path):
    identity = cabinet.issue_kiosk(KIOSK, NOW)
    broker = BrokerConfig(
        ca_file=cabinet.certificate_file, certificate_file=tmp_path / "kiosk.crt", key_file=tmp_path / "kiosk.key"
    )
    broker.certificate_file.write_bytes(identity.pem)
    broker.key_file.write_bytes(identity.key_pem)
    broker.key_file.chmod(0o600)
    return EdgeConfig(
        station=STATION, kiosk=KIOSK, data_dir=tmp_path / "data", site_key_file=tmp_path / "key", readers=(),
        broker=broker,
    )  # fmt: skip


def test_all_records_of_a_kiosk_at_work_are_in_the_file_and_come_once(cabinet, kiosk, config, tmp_path):
    exported = export(config, tmp_path)

    hub, carried = Hub(), read_carried(exported.path.read_bytes())
    assert name_of(writer_of(cabinet, carried.letter)) == carried.kiosk == KIOSK
    for _ in range(2):
        for payload in carried.messages:
            hub.take(Outgoing(JOURNAL, payload, retain=False))
    assert exported.records == 501
    assert set(hub.stored) == set(kiosk.names())
    assert hub.conflicts == []


def test_what_is_settled_stays_where_it_is_unless_all_is_wanted(kiosk, config, tmp_path):
    (epoch, _), *_ = kiosk.names()
    SettledFile(config.data_dir).keep({epoch: Through(480, 0, 0)}, 0.0)

    assert (export(config, tmp_path).records, export(config, tmp_path, everything=True).records) == (21, 501)


def test_a_file_that_was_changed_or_is_another_sites_or_kiosks_is_refused(cabinet, config, tmp_path):
    content = export(config, tmp_path).path.read_bytes()
    other = Cabinet(tmp_path / "other")
    other.make("another city", NOW)

    for where, found, why in (
        (cabinet, content[:-3], "changed on the way"),
        (cabinet, content.replace(b'"kind":"pulse"', b'"kind":"pu1se"'), "changed on the way"),
        (other, content, "of no kiosk of this site"),
        (cabinet, b"something else", "no letter"),
    ):
        with pytest.raises(LetterError, match=why):
            writer_of(where, read_carried(found).letter)


def test_a_letter_of_one_kind_passes_for_no_other(cabinet, config, tmp_path):
    content = export(config, tmp_path).path.read_bytes().replace(KIND.encode(), b"something 1", 1)

    with pytest.raises(LetterError, match="changed on the way"):
        writer_of(cabinet, read_letter("something 1", content))


def test_a_letter_that_is_signed_by_nobody_is_refused(cabinet, config):
    forged = write_letter(KIND, config.broker.certificate_file.read_bytes(), b"{}", lambda _: b"no signature")

    with pytest.raises(LetterError, match="changed on the way"):
        writer_of(cabinet, read_letter(KIND, forged))


def test_a_kiosk_without_a_key_of_its_own_exports_nothing(config, tmp_path):
    nobody = EdgeConfig(STATION, KIOSK, config.data_dir, config.site_key_file, ())

    with pytest.raises(KeyFileError, match="to sign by"):
        export(nobody, tmp_path)


def test_of_a_stolen_kiosk_each_run_ends_at_the_theft():
    def message(epoch: str, *seconds: int) -> bytes:
        records = [{"at": f"2026-03-05T00:00:{second:02}.000Z"} for second in seconds]
        return json.dumps({"epoch": epoch, "records": records}).encode()

    stolen_ms = int(NOW.timestamp() * 1000) + 20_000
    messages = [message("a", 1, 19, 20), message("a", 3), message("b", 5), message("c", 59)]

    assert [(each["epoch"], len(each["records"])) for each in until(messages, stolen_ms)] == [("a", 2), ("b", 1)]
    assert len(list(until(messages, None))) == 4
