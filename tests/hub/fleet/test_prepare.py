"""`zaigang-hub kiosk prepare|list`: the folder as the kiosk's own agent and OpenSSL read it."""

from __future__ import annotations

import io
import re
import ssl
import subprocess
import tarfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hub.certificates.cabinet import Cabinet
from hub.fleet.wiring import LAMP, SOUND
from tests.hub.certificates.handshake import shake_hands

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk


def bundle(folder: Path) -> Path:
    path = folder / "zaigang-kiosk-9.9.tar"
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo("zaigang-kiosk-9.9/install")
        member.size = 7
        tar.addfile(member, io.BytesIO(b"#!/bin\n"))
    return path


def test_the_folder_holds_all_that_a_kiosk_needs(city: Desk, said: Any, tmp_path: Path) -> None:
    out = tmp_path / "stick"

    status, printed = said("kiosk", "prepare", "k1", "--out", out, "--bundle", bundle(tmp_path))

    assert (status, printed.splitlines()[0].partition(", good")[0]) == (0, f"{out} is ready for k1 at h1")
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        "identity/ca.crt", "identity/kiosk.crt", "identity/kiosk.key", "identity/site.key", "install", "kiosk.toml",
        "meta-data", "network-config", "updates-root.json", "user-data", "zaigang-kiosk-9.9.tar", "安装卡.html",
    ]  # fmt: skip
    settings = tomllib.loads((out / "kiosk.toml").read_text())
    assert (settings["station"], settings["kiosk"], settings["broker"]["host"]) == ("h1", "k1", "localhost")
    assert settings["signals"] == {"lamp": LAMP, "sound": SOUND}
    assert (out / "identity" / "site.key").read_text() == (tmp_path / "data" / "site.key").read_text()
    assert (out / "install").read_text() == "#!/bin\n"


def test_a_card_on_which_nobody_is_named_to_call_is_said_to_be_so(city: Desk, said: Any, tmp_path: Path) -> None:
    """Its last step is a call: a field worker would stand there."""
    _, without = said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")
    _, named = said("kiosk", "prepare", "k1", "--out", tmp_path / "other", "--again", "--call", "陈工 分机 12")

    assert "says nobody to call" in without.splitlines()[-1]
    assert "nobody to call" not in named


def test_a_folder_says_that_the_kiosks_root_is_to_be_read_only(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "stick", "--read-only-root")

    assert (tmp_path / "stick" / "read-only-root").is_file()


def test_the_identity_opens_the_broker_and_is_the_kiosks_own(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")
    cabinet, identity = Cabinet(tmp_path / "data"), tmp_path / "stick" / "identity"

    found = shake_hands(
        identity / "ca.crt", (cabinet.broker_file, cabinet.broker_key_file),
        (identity / "kiosk.crt", identity / "kiosk.key"), reached_as="localhost", revoked=cabinet.revoked_file,
    )  # fmt: skip

    assert found == "k1"


def test_the_seed_is_what_cloud_init_reads(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")
    user_data = (tmp_path / "stick" / "user-data").read_text()

    assert user_data.startswith("#cloud-config\n")
    (shell, option, script) = yaml.safe_load(user_data)["runcmd"][0]
    assert (shell, option) == ("sh", "-c")
    assert "printf '[Match]\\nName=e*\\nType=ether\\n[Network]\\nDHCP=yes\\n' > /etc/systemd/network/" in script
    assert (
        'printf \'allow-hotplug %s\\niface %s inet dhcp\\n\' "$name" "$name" >> /etc/network/interfaces.d/zaigang'
        in script
    )
    assert subprocess.run(["sh", "-n", "-c", script], check=False).returncode == 0
    assert yaml.safe_load((tmp_path / "stick" / "network-config").read_text())["version"] == 2
    assert yaml.safe_load((tmp_path / "stick" / "meta-data").read_text())["local-hostname"] == "k1"


def test_a_second_folder_makes_the_first_void_and_only_if_asked(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "first")
    refused = said("kiosk", "prepare", "k1", "--out", tmp_path / "second")
    status, _ = said("kiosk", "prepare", "k1", "--out", tmp_path / "second", "--again")

    assert (refused[0], "k1 has an identity, good until" in refused[1], "--again" in refused[1]) == (1, True, True)
    assert status == 0
    cabinet = Cabinet(tmp_path / "data")
    ca, broker = cabinet.certificate_file, (cabinet.broker_file, cabinet.broker_key_file)

    def enter(folder: str) -> str:
        own = tmp_path / folder / "identity" / "kiosk.crt", tmp_path / folder / "identity" / "kiosk.key"
        return shake_hands(ca, broker, own, reached_as="localhost", revoked=cabinet.revoked_file)

    assert enter("second") == "k1"
    with pytest.raises((ssl.SSLError, ConnectionError)):
        enter("first")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("nobody",), "no kiosk has the id nobody"),
        (("k1", "--hub", "other.example"), "ca issue-broker localhost 192.0.2.7 other.example"),
        (("k1", "--bundle", "/nowhere.tar"), "/nowhere.tar is no file"),
        (("k1", "--lamp", "gpio:red=17"), "--lamp gpio:red=17: no lamp that a kiosk takes"),
        (("k1", "--sound", "gpio:22"), "two things on one pin"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(
    city: Desk, said: Any, tmp_path: Path, words: tuple[str, ...], wanted: str
) -> None:
    status, printed = said("kiosk", "prepare", *words, "--out", tmp_path / "stick")

    assert (status, wanted in printed, len(printed.splitlines())) == (1, True, 1)
    assert not (tmp_path / "stick").exists()
    assert not Cabinet(tmp_path / "data").identities("k1")


def test_a_bundle_that_only_somebody_else_may_read_is_said_to_be_so(
    city: Desk, said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file

    def refuse(path: Path) -> bool:
        if path.name.endswith(".tar"):
            raise PermissionError(13, "Permission denied")
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refuse)

    status, printed = said("kiosk", "prepare", "k1", "--out", tmp_path / "stick", "--bundle", "/root/k.tar")

    wanted = "a file that the hub's own user may read: copy it to /tmp, say"
    assert (status, printed) == (1, f"/root/k.tar may not be read; wanted is {wanted}\n")


def test_a_folder_of_anothers_is_not_written_into(city: Desk, said: Any, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "holiday.jpg").touch()

    assert said("kiosk", "prepare", "k1", "--out", tmp_path / "stick") == (
        1,
        f"{tmp_path / 'stick'} is not empty; wanted is a folder of its own for each kiosk\n",
    )


def test_the_list_says_until_when_each_certificate_is_good(city: Desk, said: Any, tmp_path: Path) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")

    status, printed = said("kiosk", "list")

    assert status == 0
    (line,) = [line for line in printed.splitlines() if line.startswith("k1 ")]
    assert "  in service  20" in line
    assert "what kiosks said last cannot be seen" in printed


def test_a_code_is_printed_with_the_line_to_type_and_the_list_says_that_it_waits(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, printed = said("kiosk", "claim", "k1", "--hub", "192.0.2.7")
    _, listed = said("kiosk", "list")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    _, chinese = said("kiosk", "list")

    assert status == 0
    typed = r"sudo sh install --kiosk k1 --claim \d{8} --hub 192\.0\.2\.7 --ca ([0-9a-f]{4}-){7}[0-9a-f]{4}"
    assert re.fullmatch(rf"code for k1: \d{{8}}, good once, until .*\n.*\n  {typed}\n", printed)
    assert re.search(r"k1 .*  none  waiting 20\d\d-", listed)
    assert re.search(r"k1 .*  无  待认领 20\d\d-", chinese)


def test_the_list_says_of_no_code_that_it_waits_once_a_stick_was_prepared_instead(
    city: Desk, said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("kiosk", "claim", "k1", "--hub", "192.0.2.7")
    said("kiosk", "prepare", "k1", "--again", "--out", tmp_path / "stick")

    _, listed = said("kiosk", "list")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    _, chinese = said("kiosk", "list")

    assert re.search(r"^k1 .*  20\d\d-\S+  set up otherwise  ", listed, re.MULTILINE)
    assert re.search(r"^k1 .*  20\d\d-\S+  已另行安装  ", chinese, re.MULTILINE)


def test_a_code_for_a_kiosk_with_an_identity_makes_that_void_only_if_asked(
    city: Desk, said: Any, tmp_path: Path
) -> None:
    said("kiosk", "prepare", "k1", "--out", tmp_path / "stick")

    refused, again = said("kiosk", "claim", "k1"), said("kiosk", "claim", "k1", "--again")

    assert (refused[0], "k1 has an identity, good until" in refused[1], again[0]) == (1, True, 0)
    assert not Cabinet(tmp_path / "data").good_identities("k1")
    assert said("kiosk", "claim", "nobody")[0] == 1


def test_where_its_user_may_not_write_it_says_where_it_may(city: Desk, said: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    status, printed = said("kiosk", "prepare", "k1", "--out", tmp_path / "file" / "stick")

    assert (status, "as under /var/lib/zaigang; from there root copies it" in printed) == (1, True)
