"""The site CA, judged by OpenSSL: who is believed, who is not."""

from __future__ import annotations

import re
import ssl
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hub.__main__ import main
from hub.certificates.authority import Authority, reached_by
from hub.certificates.cabinet import Cabinet, CertificateError
from tests.hub.certificates.handshake import shake_hands

if TYPE_CHECKING:
    from pathlib import Path

    from hub.certificates.authority import Signed

NOW = datetime.now(UTC)


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    cabinet = Cabinet(tmp_path / "data")
    cabinet.make("a site", NOW)
    cabinet.issue_broker(["hub.example", "127.0.0.1"], NOW)
    return cabinet


def put(signed: Signed, folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "k.crt", folder / "k.key"
    certificate.write_bytes(signed.pem)
    key.write_bytes(signed.key_pem)
    return certificate, key


def broker_of(cabinet: Cabinet) -> tuple[Path, Path]:
    return cabinet.broker_file, cabinet.broker_key_file


@pytest.mark.parametrize("reached_as", ["hub.example", "127.0.0.1"])
def test_a_kiosk_is_known_by_its_id_and_knows_the_broker_by_each_of_its_names(
    cabinet: Cabinet, tmp_path: Path, reached_as: str
) -> None:
    kiosk = put(cabinet.issue_kiosk("H-01-a", NOW), tmp_path)

    assert shake_hands(cabinet.certificate_file, broker_of(cabinet), kiosk, reached_as=reached_as) == "H-01-a"


def test_a_broker_under_another_name_is_not_believed(cabinet: Cabinet, tmp_path: Path) -> None:
    kiosk = put(cabinet.issue_kiosk("H-01-a", NOW), tmp_path)

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(cabinet.certificate_file, broker_of(cabinet), kiosk, reached_as="other.example")


def test_nobody_is_let_in_without_a_certificate_or_with_anothers(cabinet: Cabinet, tmp_path: Path) -> None:
    stranger = put(Authority.make("another site", NOW).sign_kiosk("H-01-a", NOW), tmp_path)

    for client in (None, stranger):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            shake_hands(cabinet.certificate_file, broker_of(cabinet), client, reached_as="hub.example")


def test_the_brokers_own_certificate_makes_nobody_a_kiosk(cabinet: Cabinet) -> None:
    broker = broker_of(cabinet)

    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake_hands(cabinet.certificate_file, broker, broker, reached_as="hub.example")


def test_a_kiosk_cannot_pose_as_the_broker(cabinet: Cabinet, tmp_path: Path) -> None:
    kiosk = put(cabinet.issue_kiosk("hub.example", NOW), tmp_path)

    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(cabinet.certificate_file, kiosk, kiosk, reached_as="hub.example")


def test_who_is_on_the_list_is_let_in_no_more_and_all_others_are(cabinet: Cabinet, tmp_path: Path) -> None:
    stolen, kept = cabinet.issue_kiosk("k1", NOW), cabinet.issue_kiosk("k2", NOW)
    (tmp_path / "kept").mkdir()

    def enter(signed: Signed, folder: Path) -> str:
        return shake_hands(
            cabinet.certificate_file, broker_of(cabinet), put(signed, folder), reached_as="hub.example",
            revoked=cabinet.revoked_file,
        )  # fmt: skip

    assert enter(stolen, tmp_path) == "k1"
    cabinet.revoke([stolen.certificate.serial_number], NOW)

    with pytest.raises((ssl.SSLError, ConnectionError)):
        enter(stolen, tmp_path)
    assert enter(kept, tmp_path / "kept") == "k2"
    assert [c.serial_number for c in cabinet.identities("k1")] == [stolen.certificate.serial_number]
    assert cabinet.good_identities("k1") == []


def test_certificates_are_good_for_a_kiosk_whose_clock_was_never_set(cabinet: Cabinet, tmp_path: Path) -> None:
    put(cabinet.issue_kiosk("k1", NOW), tmp_path)
    paths = (cabinet.broker_file, tmp_path / "k.crt")

    for path in paths:
        verify = ["openssl", "verify", "-attime", "60", "-CAfile", str(cabinet.certificate_file), str(path)]
        assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
        verify[3] = str(int((NOW + timedelta(days=731)).timestamp()))
        assert b"expired" in subprocess.run(verify, capture_output=True, check=False).stderr


def test_the_keys_are_for_their_owner_alone_and_a_wider_one_is_refused(cabinet: Cabinet) -> None:
    keys = list(cabinet.folder.rglob("*.key"))

    assert [stat.S_IMODE(path.stat().st_mode) for path in keys] == [0o600, 0o600]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (cabinet.folder.parent, cabinet.folder)] == [0o700, 0o700]
    (cabinet.folder / "ca.key").chmod(0o640)
    with pytest.raises(CertificateError, match="chmod 600"):
        cabinet.authority()


def test_two_that_revoke_at_once_are_both_on_the_list(cabinet: Cabinet) -> None:
    serials = [cabinet.issue_kiosk(f"k{n}", NOW).certificate.serial_number for n in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda serial: cabinet.revoke([serial], NOW), serials))

    assert cabinet.revoked() == set(serials)


def test_a_second_init_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "data"))

    assert main(["ca", "issue-broker", "hub.example"]) == 1
    assert "zaigang-hub ca init" in capsys.readouterr().err
    assert main(["ca", "init"]) == 0
    made = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    assert main(["ca", "init"]) == 0
    assert {path: path.read_bytes() for path in made} == made
    assert "there already" in capsys.readouterr().out


def test_ca_speaks_the_terminals_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    said = []
    for words in (
        ("show",),
        ("init",),
        ("init",),
        ("show",),
        ("issue-broker", "hub example"),
        ("issue-broker", "hub.example"),
    ):
        main(["ca", *words])
        printed = capsys.readouterr()
        said.append(printed.out + printed.err)
    (tmp_path / "data" / "ca" / "ca.key").chmod(0o644)
    main(["ca", "show"])
    said.append(capsys.readouterr().err)

    wanted = (
        "请先",
        "已建立站点证书机构",
        "已经存在，没有更改",
        "还没有证书",
        "不是主机名",
        "消息服务器：hub.example，有效至",
        "别人也能读",
    )
    for told, words in zip(said, wanted, strict=True):
        assert words in told
        assert not re.search(r"\b(good|until|wanted|nothing|revoked|is)\b", told), told


def test_the_broker_is_given_all_of_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "data"))
    main(["ca", "init"])

    assert main(["ca", "issue-broker", "hub.example", "192.0.2.7", "2001:db8::7"]) == 0
    assert main(["ca", "issue-broker", "hub example"]) == 1

    broker = Cabinet(tmp_path / "data").broker()
    assert broker is not None
    assert reached_by(broker) == ["hub.example", "192.0.2.7", "2001:db8::7"]
    assert "'hub example' is no name" in capsys.readouterr().err
