"""A booted kiosk takes the versions that its booted hub offers, over the line and from a stick, and goes back by itself."""

import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.field.bundle import TREE, write_bundle
from tests.field.image import ALL
from tests.field.machines import Machine
from tests.field.patience import TEST_S, eventually
from tests.field.site.doings import KIOSK, needs_all, start_again, tap
from tests.field.test_kiosk import watch_versions_for

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]
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
ENDS_ONCE_IT_IS_WELL = """
import json, os, threading, time
import edge.program


def end():
    while True:
        time.sleep(0.1)
        try:
            if all(json.load(open("/var/lib/zaigang/well.json")).values()):
                os._exit(1)
        except (OSError, ValueError):
            pass


def main():
    threading.Thread(target=end, daemon=True).start()
    return edge.program.run(None)
"""
BAD = (
    ("0.3.0", "import sys; sys.exit('broken')", "its agent does not start"),
    ("0.4.0", READER_BLIND, "the reader does not answer"),
    ("0.5.0", HUB_UNHEARD, "the hub does not settle"),
)


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


@needs_all
def test_a_kiosk_that_never_asked_its_hub_takes_the_version_from_a_stick(hub, kiosk, reader, place):
    kiosk.pull_cable()
    offer(hub, write_bundle(place, "0.1.5"))
    hub.do("zaigang-hub", "update", "copy", "--out", "/var/lib/zaigang/stick")
    shutil.copytree(hub.root / "var/lib/zaigang/stick/zaigang-update", kiosk.root / "mnt/update", dirs_exist_ok=True)
    updater = ("env", "LC_ALL=zh_CN.UTF-8", "ZAIGANG_WATCHED_S=1", "sh", "/opt/zaigang/current/units/update")
    mistyped = kiosk.try_to(*updater, "--from", "/mnt")
    said = kiosk.try_to(*updater, "--from", "/mnt/update")

    kiosk.plug_in()
    assert mistyped.stderr.startswith("zaigang: 文件夹 /mnt 里没有更新；应为 "), mistyped
    assert said.stdout == "zaigang: 0.1.5 版已开始工作\n", said
    assert tap(reader, hub, "0400000000000C")


def test_a_kiosk_takes_the_version_that_is_offered_and_goes_back_from_one_that_does_not_prove_itself(
    hub, kiosk, reader, place
):
    let_rest(hub)
    offer(hub, write_bundle(place, "0.2.0"))

    assert eventually(lambda: "1 has it" in status(hub)), status(hub)
    assert at_work(kiosk) == "0.2.0"
    assert tap(reader, hub, "04000000000009")
    kiosk.do("systemctl", "set-environment", "ZAIGANG_PROVES_WITHIN_S=30")
    for version, broken, why in BAD if ALL else BAD[:1]:
        offer(hub, write_bundle(place, version, program=broken))
        assert eventually(lambda version=version: f"stopped: {version} failed" in status(hub)), status(hub)
        assert why in hub.do("zaigang-hub", "kiosk", "commands", KIOSK).splitlines()[-1]
        assert at_work(kiosk) == "0.2.0"
    assert tap(reader, hub, "0400000000000A")


@needs_all
def test_a_version_that_proves_itself_and_then_ends_again_and_again_is_taken_back(hub, kiosk, reader, place):
    let_rest(hub)
    was = at_work(kiosk)
    watch_versions_for(kiosk, 600)
    kiosk.do("systemctl", "unset-environment", "ZAIGANG_PROVES_WITHIN_S")
    kiosk.do("systemctl", "daemon-reload")

    offer(hub, write_bundle(place, "0.5.5", program=ENDS_ONCE_IT_IS_WELL))

    assert eventually(lambda: "stopped: 0.5.5 failed" in status(hub)), status(hub)
    assert "its agent ended more than 3 times" in hub.do("zaigang-hub", "kiosk", "commands", KIOSK).splitlines()[-1]
    assert at_work(kiosk) == was
    assert tap(reader, hub, "0400000000000D")
    watch_versions_for(kiosk, 1)
    kiosk.do("systemctl", "daemon-reload")


@needs_all
def test_power_that_fails_in_the_middle_of_an_update_leaves_a_kiosk_that_goes_on_with_it(hub, kiosk, reader, place):
    let_rest(hub)
    offer(hub, write_bundle(place, "0.6.0"))
    assert eventually((kiosk.root / "var/lib/zaigang-setup/trial.json").exists)

    start_again(kiosk)

    assert eventually(lambda: "1 has it" in status(hub)), kiosk.do("journalctl", "--no-pager", "-n", "60")
    assert at_work(kiosk) == "0.6.0"
    assert tap(reader, hub, "0400000000000B")
