"""Two booted machines on a network without a way out: a hub from its bundle, a kiosk from the hub's folder, a card.

Each test stands alone or after any of those before it: whichever version they left at work is the one.
"""

import json
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.field.hub_bundle import ARCH, write_hub_bundle
from tests.field.machines import NET, Machine
from tests.field.patience import PATIENCE_S, TEST_S, eventually
from tests.field.site.doings import CARD, KIOSK, PYTHON, carry, carry_records, needs_all, start_again, tap, tokens
from tests.field.test_kiosk import tap_unheard

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]


def current(hub: Machine) -> str:
    """The version at work."""
    return hub.do("readlink", "/opt/zaigang/current").strip().rpartition("/")[2]


def folder_of(version: str) -> str:
    """Where its bundle was unpacked."""
    return f"/root/zaigang-hub-{version}-{ARCH}"


def is_up(machine: Machine) -> bool:
    ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz')"
    return machine.try_to("python3", "-c", ask).returncode == 0


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


ASK_FOR_PAGES = """
import ssl, urllib.error, urllib.request
context = ssl.create_default_context(cafile="/var/lib/zaigang/ca/ca.crt")
for path in ("/healthz", "/"):
    try:
        with urllib.request.urlopen("https://HUB" + path, context=context) as answer:
            print(answer.status, answer.geturl(), "在岗" in answer.read().decode())
    except urllib.error.HTTPError as exc:
        print(exc.code, path)
"""


def test_pages_are_served_under_the_sites_own_certificate_and_want_somebody_who_signs_in(hub):
    health, board = hub.do("python3", "-c", ASK_FOR_PAGES.replace("HUB", hub.address)).splitlines()

    assert health.startswith("200 ")
    assert board == "401 /"
    assert "proxy_buffering off;" in hub.do("nginx", "-T")  # event streams are not kept waiting


OPEN_A_SCREENS_LINK = """
import time
from pathlib import Path
from hub.accounts.sessions import open_door
from hub.config import read_config
from hub.database.engine import open_engine
from hub.database.transactions import writing
from hub.rights import Grant, Role
with writing(open_engine(read_config(Path("/etc/zaigang/hub.toml"), {}).database_url)) as connection:
    print(open_door(connection, "大厅", Grant(Role.SCREEN), by="test", now_ms=time.time_ns() // 1_000_000))
"""
LOOK_ON = """
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile="/etc/zaigang/identity/ca.crt")
with urllib.request.urlopen(sys.argv[1], context=context) as stream:
    while line := stream.readline():
        print(line.decode(), end="", flush=True)
"""


def test_a_screen_on_another_machine_is_told_of_a_tap_by_a_stream_that_stays_open(hub, kiosk, reader):
    key = hub.do("runuser", "-u", "zaigang", "--", PYTHON, "-c", OPEN_A_SCREENS_LINK).strip()
    address = f"https://{hub.address}/wall/{key}/live"
    kiosk.do("systemd-run", "--quiet", "--unit=screen", "--property=Restart=on-failure", "--property=RestartSec=1",
             "--property=StandardOutput=append:/root/screen", "python3", "-c", LOOK_ON, address)  # fmt: skip
    seen = kiosk.root / "root/screen"
    assert eventually(lambda: seen.exists() and "样例市第一医院" in seen.read_text()), kiosk.do(
        "journalctl", "-u", "screen"
    )
    pid, before = kiosk.do("systemctl", "show", "screen", "--property=MainPID"), len(seen.read_text())

    assert tap(reader, hub, "04000000000031")

    assert eventually(lambda: "样例市第一医院" in seen.read_text()[before:]), seen.read_text()[before:]
    assert kiosk.do("systemctl", "show", "screen", "--property=MainPID") == pid
    kiosk.do("systemctl", "stop", "screen")


def test_a_version_that_does_not_come_up_gives_way_to_the_one_before(hub, place):
    before, was = tokens(hub), current(hub)
    folder = carry(hub, write_hub_bundle(place, "0.2.0", hub__verbs__serve=b"raise SystemExit('broken')\n"))
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


@needs_all
def test_power_that_fails_in_the_middle_of_an_install_leaves_a_hub_that_works(hub, place):
    folder = carry(hub, write_hub_bundle(place, "0.4.0"))
    for step in ("slots/0.4.0.part", "slots/0.4.0", "bundles"):
        hub.try_to("rm", "-rf", "/opt/zaigang/bundles", "/opt/zaigang/slots/0.4.0")
        hub.do("sh", "-c", f"{folder}/install >/dev/null 2>&1 &")
        assert eventually(lambda step=step: (hub.root / "opt/zaigang" / step).exists())
        hub.cut_power()
        hub.boot()
        assert eventually(lambda: is_up(hub)), hub.do("journalctl", "-u", "zaigang-hub", "-n", "30", "--no-pager")

    hub.do("env", f"ZAIGANG_UP_WITHIN_S={PATIENCE_S:g}", f"{folder}/install")
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


@needs_all
def test_two_installs_at_once_are_one(hub):
    was = current(hub)

    said = hub.do("sh", "-c", f"{folder_of(was)}/install 2>&1 & {folder_of(was)}/install 2>&1; wait")

    assert said.count("another install is at work") == 1
    assert said.count(f"the hub is installed, version {was}") == 1


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


def test_a_stick_gets_the_records_by_itself_and_the_kiosk_beeps(kiosk):
    kiosk.do("mkdir", "-p", "/mnt/stick")

    kiosk.do("systemctl", "start", "zaigang-carry@mnt-stick.service")

    assert "hospital-1-a-" in kiosk.do("ls", "/mnt/stick")
    assert eventually(lambda: "[carried]" in kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager"))
