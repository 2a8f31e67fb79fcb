"""Two booted machines on a network without a way out: a hub from its bundle, a kiosk from the hub's folder, a card.

Each test stands alone or after any of those before it: whichever version they left at work is the one.
"""

import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.field.bundle import TREE, write_bundle
from tests.field.hub_bundle import ARCH, write_hub_bundle
from tests.field.image import hub_image
from tests.field.machines import NET, Machine
from tests.field.test_kiosk import STICK, let_reader_in, plug_stick
from tests.patience import eventually

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(300)]
SAMPLES = "/opt/zaigang/current/venv/lib/python3.*/site-packages/hub/importing/samples"
CARD, OTHER_CARD = "04000000000001", "04000000000002"
KIOSK = "hospital-1-a"


def carry(machine: Machine, bundle, *beside) -> str:
    """Unpack a bundle there; where."""
    place = f"/root/{bundle.name.removesuffix('.tar')}"
    shutil.rmtree(machine.root / place[1:], ignore_errors=True)
    (machine.root / place[1:]).mkdir()
    shutil.unpack_archive(bundle, machine.root / place[1:], "tar", filter="tar")
    for file in beside:
        shutil.copy(file, machine.root / "root")
    return place


def current(hub: Machine) -> str:
    """The version at work."""
    return hub.do("readlink", "/opt/zaigang/current").strip().rpartition("/")[2]


def folder_of(version: str) -> str:
    """Where its bundle was unpacked."""
    return f"/root/zaigang-hub-{version}-{ARCH}"


def tokens(machine: Machine) -> list[str]:
    """Of the taps that the hub has stored, as its disk says."""
    with closing(sqlite3.connect(f"file:{machine.root}/var/lib/zaigang/zaigang.sqlite?mode=ro", uri=True)) as database:
        return [token for (token,) in database.execute("SELECT token FROM record WHERE kind = 'tap'")]


def answers(kiosk: Machine) -> int:
    """How often it has answered somebody."""
    return kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager").count("]: [")


def is_up(machine: Machine) -> bool:
    ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz')"
    return machine.try_to("python3", "-c", ask).returncode == 0


@pytest.fixture(scope="module")
def hub(place, network):
    """As an administrator sets it up, from the README alone."""
    made = Machine("hub", place, network, 10, disk=hub_image())
    made.boot()
    folder = carry(made, write_hub_bundle(place, "0.1.0"), write_bundle(place, "0.1.0"))
    made.said = made.do(f"{folder}/install", "--name", made.address)
    made.do("sh", "-c", f"zaigang-hub import {SAMPLES}/*.csv")
    yield made
    made.close()


@pytest.fixture(scope="module")
def kiosk(place, network, reader, hub):
    made = Machine("kiosk-of-hub", place, network, 11, reader)
    made.boot()
    hub.do("zaigang-hub", "kiosk", "prepare", KIOSK, "--out", f"/var/lib/zaigang/prepared/{KIOSK}")
    plug_stick(made, hub.root / "var/lib/zaigang/prepared" / KIOSK)
    let_reader_in(made)
    made.do("sh", f"{STICK}/install")
    yield made
    made.close()


def tap(reader, hub: Machine, number: str, within_s: float = 60) -> bool:
    before = len(tokens(hub))
    reader.order(f"put ntag213 {number}")
    try:
        return eventually(lambda: len(tokens(hub)) > before, within_s)
    finally:
        reader.order("take")


def test_a_card_at_a_kiosk_of_the_hubs_own_making_is_stored_at_the_hub(hub, kiosk, reader):
    assert f"https://{NET}.10/invitations/" in hub.said

    assert tap(reader, hub, CARD), kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager")


def test_the_hub_is_fit_for_use_but_for_what_nobody_did(hub, kiosk):
    said = hub.try_to("zaigang-hub", "doctor").stdout

    assert [line for line in said.splitlines() if line.startswith("WRONG")] == [], said
    assert said.splitlines()[-1] == "fit for use"


def test_only_tls_is_open_to_other_machines(hub):
    listening = [line.split()[3] for line in hub.do("ss", "-Htln").splitlines()]

    beyond = {address.rpartition(":")[2] for address in listening if not address.startswith(("127.", "[::1]"))}
    assert beyond - {"80"} == {"443", "8883", "8884"}  # 80 is Debian's own greeting


def test_a_version_that_does_not_come_up_gives_way_to_the_one_before(hub, place):
    before, was = tokens(hub), current(hub)
    folder = carry(hub, write_hub_bundle(place, "0.2.0", hub__serving=b"raise SystemExit('broken')\n"))
    done = hub.try_to("env", "ZAIGANG_UP_WITHIN_S=8", f"{folder}/install")
    assert (done.returncode, f"{was} is at work again" in done.stderr) == (1, True), done.stderr
    assert eventually(lambda: is_up(hub))
    assert tokens(hub) == before


def test_a_file_that_was_changed_on_the_way_changes_nothing(hub, place):
    folder = carry(hub, write_hub_bundle(place, "0.3.0"))
    hub.do("sh", "-c", f"echo >> {folder}/units/nginx.conf")

    done = hub.try_to(f"{folder}/install")

    assert (done.returncode, "units/nginx.conf is not what its manifest says" in done.stderr) == (1, True)


def test_a_bundle_of_another_signer_changes_nothing(hub, place):
    folder = carry(hub, write_hub_bundle(place, "0.3.0", signer=Ed25519PrivateKey.generate()))
    was = current(hub)

    done = hub.try_to(f"{folder}/install")

    assert (done.returncode, "signed by another key" in done.stderr) == (1, True)
    assert current(hub) == was
    assert not (hub.root / "opt/zaigang/slots/0.3.0").exists()


def test_power_that_fails_in_the_middle_of_an_install_leaves_a_hub_that_works(hub, place):
    folder = carry(hub, write_hub_bundle(place, "0.4.0"))
    for step in ("slots/0.4.0.part", "slots/0.4.0", "bundles"):
        hub.try_to("rm", "-rf", "/opt/zaigang/bundles", "/opt/zaigang/slots/0.4.0")
        hub.do("sh", "-c", f"{folder}/install >/dev/null 2>&1 &")
        assert eventually(lambda step=step: (hub.root / "opt/zaigang" / step).exists())
        hub.cut_power()
        hub.boot()
        assert eventually(lambda: is_up(hub)), hub.do("journalctl", "-u", "zaigang-hub", "-n", "30", "--no-pager")

    hub.do(f"{folder}/install")
    assert current(hub) == "0.4.0"


def test_an_older_version_and_a_full_disk_change_nothing(hub, place):
    was, folder = current(hub), carry(hub, write_hub_bundle(place, "0.0.9"))
    older = hub.try_to(f"{folder}/install")
    hub.do("mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", "/opt/zaigang")
    full = hub.try_to(f"{folder_of(was)}/install")
    hub.do("umount", "/opt/zaigang")

    assert (older.returncode, "0.0.9 is older; --older" in older.stderr) == (1, True)
    assert (full.returncode, "the disk is full: 50 MiB are free" in full.stderr) == (1, True), full.stderr
    assert is_up(hub)
    assert current(hub) == was


def test_two_installs_at_once_are_one(hub):
    was = current(hub)

    said = hub.do("sh", "-c", f"{folder_of(was)}/install 2>&1 & {folder_of(was)}/install 2>&1; wait")

    assert said.count("another install is at work") == 1
    assert said.count(f"the hub is installed, version {was}") == 1


def tap_unheard(reader, kiosk: Machine, number: str) -> None:
    """Hold a card to the reader until the kiosk answers; the hub hears nothing of it."""
    answered = answers(kiosk)
    reader.order(f"put ntag213 {number}")
    assert eventually(lambda: answers(kiosk) > answered)
    reader.order("take")


def carry_records(kiosk: Machine, hub: Machine) -> str:
    """Export there, import here; what the hub says."""
    name = kiosk.do("zaigang-edge", "export", "--to", "/root").partition(":")[0]
    shutil.copy(kiosk.root / name[1:], hub.root / "var/lib/zaigang/carried")
    hub.do("chmod", "644", "/var/lib/zaigang/carried")
    return hub.do("zaigang-hub", "import-journal", "/var/lib/zaigang/carried")


def test_what_is_carried_by_hand_is_stored_and_the_live_upload_adds_nothing(hub, kiosk, reader):
    kiosk.pull_cable()
    before = tokens(hub)
    tap_unheard(reader, kiosk, "04000000000003")

    assert "records of hospital-1-a are stored" in carry_records(kiosk, hub)

    assert len(tokens(hub)) == len(before) + 1
    kiosk.plug_in()
    assert tap(reader, hub, "04000000000004"), kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager", "-n", "40")
    assert len(tokens(hub)) == len(before) + 2


def step_of(kiosk: Machine) -> int:
    """Where its commissioning stands; -1 before it begins, 6 once its record is signed."""
    with suppress(OSError, ValueError):
        said = json.loads((kiosk.root / "var/lib/zaigang/commission.json").read_text())
        return 6 if said["letter"] else said["step"] if said["begun_at"] else -1
    return -1


def start_again(kiosk: Machine) -> None:
    kiosk.cut_power()
    kiosk.boot()
    let_reader_in(kiosk)
    kiosk.do("systemctl", "daemon-reload")
    kiosk.do("systemctl", "restart", "zaigang-edge")


def test_whoever_puts_a_kiosk_up_is_led_through_trying_it_and_the_hub_has_the_record(hub, kiosk, reader):
    hub.do("sh", "-c", f"zaigang-hub kiosk commission {KIOSK} --by 安装员 >/root/commission.log 2>&1 &")
    assert eventually(lambda: step_of(kiosk) == 0)
    assert tap(reader, hub, "04000000000006")
    assert eventually(lambda: step_of(kiosk) == 1)
    kiosk.pull_cable()
    assert eventually(lambda: step_of(kiosk) == 2)
    tap_unheard(reader, kiosk, "04000000000007")
    assert eventually(lambda: step_of(kiosk) == 3)
    kiosk.plug_in()
    assert eventually(lambda: step_of(kiosk) == 4)
    start_again(kiosk)
    assert eventually(lambda: step_of(kiosk) == 5)
    assert tap(reader, hub, "04000000000008")
    assert eventually(lambda: step_of(kiosk) == 6), kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager")

    assert eventually(lambda: "安装员" in hub.try_to("zaigang-hub", "kiosk", "list").stdout)
    page = hub.do("zaigang-hub", "kiosk", "commissioned", KIOSK)
    assert "验收通过，可以投用" in page, page


READER_BLIND = """
import sys
import edge.agent
import edge.program
from devices.errors import ReaderLostError


def open_no_reader(url):
    raise ReaderLostError("gone")


edge.agent.Agent.__init__.__kwdefaults__["reader_factory"] = open_no_reader


def main():
    return edge.program.run(None)
"""
HUB_UNHEARD = """
import edge.program
import edge.retention

edge.retention.Retention.settle = lambda self, epochs: None


def main():
    return edge.program.run(None)
"""


def let_rest(hub: Machine) -> None:
    """Have the station open at another time of the day than now."""
    from_now = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=8)
    hours = f"{from_now.hour % 23:02}:00-{from_now.hour % 23 + 1:02}:00"
    text = (TREE / "hub/importing/samples/stations.csv").read_text(encoding="utf-8")
    (hub.root / "var/lib/zaigang/stations.csv").write_text(text.replace(",样癸亥,,1,2", f",样癸亥,{hours},1,2"))
    hub.do("chmod", "644", "/var/lib/zaigang/stations.csv")
    hub.do("zaigang-hub", "import", "/var/lib/zaigang/stations.csv")


def at_work(kiosk: Machine) -> str:
    return kiosk.do("readlink", "/opt/zaigang/current").strip().rpartition("/")[2]


def offer(hub: Machine, bundle) -> None:
    shutil.copy(bundle, hub.root / "var/lib/zaigang/offered.tar")
    hub.do("chmod", "644", "/var/lib/zaigang/offered.tar")
    hub.do("zaigang-hub", "update", "offer", "/var/lib/zaigang/offered.tar")


def status(hub: Machine) -> str:
    return hub.do("zaigang-hub", "update", "status")


def test_a_kiosk_takes_the_version_that_is_offered_and_goes_back_from_one_that_does_not_prove_itself(
    hub, kiosk, reader, place
):
    let_rest(hub)
    offer(hub, write_bundle(place, "0.2.0"))

    assert eventually(lambda: "1 have it" in status(hub), 120), status(hub)
    assert at_work(kiosk) == "0.2.0"
    assert tap(reader, hub, "04000000000009")
    kiosk.do("systemctl", "set-environment", "ZAIGANG_PROVES_WITHIN_S=15")
    for version, broken, why in (
        ("0.3.0", "import sys; sys.exit('broken')", "its agent does not start"),
        ("0.4.0", READER_BLIND, "the reader does not answer"),
        ("0.5.0", HUB_UNHEARD, "the hub does not settle"),
    ):
        offer(hub, write_bundle(place, version, program=broken))
        assert eventually(lambda version=version: f"stopped: {version} failed" in status(hub), 120), status(hub)
        assert why in hub.do("zaigang-hub", "kiosk", "commands", KIOSK).splitlines()[-1]
        assert at_work(kiosk) == "0.2.0"
    assert tap(reader, hub, "0400000000000A")


@pytest.mark.skipif(os.environ.get("ZAIGANG_FIELD") != "all", reason="make field takes it")
def test_power_that_fails_in_the_middle_of_an_update_leaves_a_kiosk_that_goes_on_with_it(hub, kiosk, reader, place):
    let_rest(hub)
    offer(hub, write_bundle(place, "0.6.0"))
    assert eventually((kiosk.root / "var/lib/zaigang-setup/trial.json").exists, 120)

    start_again(kiosk)

    assert eventually(lambda: "1 have it" in status(hub), 120), kiosk.do("journalctl", "--no-pager", "-n", "60")
    assert at_work(kiosk) == "0.6.0"
    assert tap(reader, hub, "0400000000000B")


@pytest.mark.skipif(os.environ.get("ZAIGANG_FIELD") != "all", reason="make field takes it")
def test_a_kiosk_without_a_line_takes_the_version_from_a_stick(hub, kiosk, reader, place):
    let_rest(hub)
    offer(hub, write_bundle(place, "0.7.0"))
    assert eventually(lambda: "1 have it" in status(hub), 120), status(hub)
    hub.do("zaigang-hub", "update", "halt")
    offer(hub, write_bundle(place, "0.8.0"))
    hub.do("zaigang-hub", "update", "halt")
    hub.do("zaigang-hub", "update", "copy", "--out", "/var/lib/zaigang/stick")
    shutil.copytree(hub.root / "var/lib/zaigang/stick/zaigang-update", kiosk.root / "mnt/update", dirs_exist_ok=True)
    kiosk.pull_cable()

    said = kiosk.do("sh", "/opt/zaigang/current/units/update", "--from", "/mnt/update")

    kiosk.plug_in()
    assert "version 0.8.0 is at work" in said
    assert tap(reader, hub, "0400000000000C")


def test_a_stick_gets_the_records_by_itself_and_the_kiosk_beeps(kiosk):
    kiosk.do("mkdir", "-p", "/mnt/stick")

    kiosk.do("systemctl", "start", "zaigang-carry@mnt-stick.service")

    assert "hospital-1-a-" in kiosk.do("ls", "/mnt/stick")
    assert eventually(lambda: "[carried]" in kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager"))


def test_of_a_stolen_kiosk_nothing_counts_within_a_minute_but_what_is_carried_in_of_before(hub, kiosk, reader):
    assert tap(reader, hub, OTHER_CARD)
    kiosk.pull_cable()
    tap_unheard(reader, kiosk, "04000000000005")

    said = hub.do("zaigang-hub", "kiosk", "revoke", KIOSK)

    assert "the broker has it" in said
    kiosk.plug_in()
    assert not tap(reader, hub, CARD, within_s=10)
    said = kiosk.try_to("zaigang-edge", "doctor").stdout
    assert "this kiosk's certificate is revoked" in said, said
    before = tokens(hub)
    assert "records of hospital-1-a are stored" in carry_records(kiosk, hub)
    assert len(tokens(hub)) == len(before) + 1


def test_taken_away_it_leaves_what_it_knows(hub):
    hub.do("/opt/zaigang/current/uninstall")

    assert (hub.root / "var/lib/zaigang/zaigang.sqlite").exists()
    assert not (hub.root / "opt/zaigang").exists()
    assert hub.try_to("systemctl", "is-active", "zaigang-hub", "zaigang-broker").stdout.split() == ["inactive"] * 2
