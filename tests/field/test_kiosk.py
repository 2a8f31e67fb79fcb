"""From a box to a working station: a booted Debian, a stick, a card; cables and power are pulled."""

import resource
import shutil
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.records import Tap
from tests.edge.site_ca import SiteCa
from tests.field.bundle import KIOSK, SIGNER, write_bundle
from tests.field.conftest import HUB
from tests.field.image import ALL, ARCH
from tests.field.machines import Machine
from tests.field.patience import TEST_S, eventually
from tests.field.prepared import prepare

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]
UNIT = "zaigang-edge.service"
STICK = "/boot/firmware"
MOST_S = 60  # of the processor, for an install
MOST_KB = 40 << 10  # resident, of the agent: what docs/performance.md wants
# A machine in a machine has no udev, and shows each boot as a new one only where /proc is not mounted once more.
IN_PLACE_OF_UDEV = """[Service]
DeviceAllow=char-pts rw
ProtectProc=default
ProtectKernelTunables=no
ProtectControlGroups=no
"""
# An emulated machine's systemd hands no credentials over: the kernel calls for them are not emulated.
WHERE_EMULATED = """LoadCredential=
Environment=ZAIGANG_EDGE_SITE_KEY_FILE=/run/emulated/site.key
Environment=ZAIGANG_EDGE_BROKER__KEY_FILE=/run/emulated/kiosk.key
ExecStartPre=+/bin/sh -c "install -D -o zaigang -m 600 -t /run/emulated /etc/zaigang/identity/*.key"
TimeoutStartSec=300
"""


def taps(hub) -> list[Tap]:
    return [record for record in hub.hub.stored.values() if isinstance(record, Tap)]


def plug_stick(machine: Machine, folder) -> None:
    shutil.rmtree(machine.root / STICK[1:], ignore_errors=True)
    shutil.copytree(folder, machine.root / STICK[1:])


def let_reader_in(machine: Machine) -> None:
    """What udev does where there is hardware; a machine in a machine has none."""
    machine.do("chmod", "666", "/dev/ttyUSB0")
    place = machine.root / "run/systemd/system/zaigang-edge.service.d"
    machine.do("mkdir", "-p", "/run/systemd/system/zaigang-edge.service.d")
    said = IN_PLACE_OF_UDEV + (WHERE_EMULATED if ARCH else "")
    machine.do("sh", "-c", f"printf '{said}' > {str(place).removeprefix(str(machine.root))}/pts.conf")


def watch_versions_for(machine: Machine, seconds: int) -> None:
    """So long, in the place of ten minutes; also after a power cut. Before its first start, or `daemon-reload` after."""
    place = machine.root / "etc/systemd/system/zaigang-update.service.d"
    place.mkdir(parents=True, exist_ok=True)
    (place / "watched.conf").write_text(f"[Service]\nEnvironment=ZAIGANG_WATCHED_S={seconds}\n")


def used_s() -> float:
    """The processor's time that commands in machines took: the same whatever else it does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def kiosk(machine, folder):
    """Installed from the stick."""
    plug_stick(machine, folder)
    let_reader_in(machine)
    before_s = used_s()
    said = machine.do("sh", f"{STICK}/install")
    machine.took_s = used_s() - before_s
    machine.said = said
    return machine


def tap(reader, hub, number: str) -> bool:
    """Hold a card to the reader until the hub has its record."""
    before = len(taps(hub))
    reader.order(f"put ntag213 {number}")
    try:
        return eventually(lambda: len(taps(hub)) > before)
    finally:
        reader.order("take")


def answers(kiosk: Machine) -> int:
    """How often it has answered somebody."""
    return kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager").count("]: [")


def tap_unheard(reader, kiosk: Machine, number: str) -> None:
    """Hold a card to the reader until the kiosk answers; the hub hears nothing of it."""
    answered = answers(kiosk)
    reader.order(f"put ntag213 {number}")
    assert eventually(lambda: answers(kiosk) > answered)
    reader.order("take")


def test_a_card_is_recorded_at_the_hub_after_an_install_without_a_network_of_packages(kiosk, reader, hub):
    assert kiosk.took_s < MOST_S or ARCH, kiosk.took_s
    assert "kiosk sq01-a 0.1.0 is installed" in kiosk.said

    assert tap(reader, hub, "04A1B2C3D4E580"), kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager")


def test_the_stick_holds_no_secret_any_more_and_the_machine_keeps_them_for_root_alone(kiosk):
    assert sorted(path.name for path in (kiosk.root / STICK[1:] / "identity").iterdir()) == ["ca.crt", "kiosk.crt"]

    kept = kiosk.do("stat", "-c", "%U %a %n", "/etc/zaigang/identity/kiosk.key", "/etc/zaigang/identity/site.key")
    assert {line.rsplit(" ", 1)[0] for line in kept.splitlines()} == {"root 600"}


def test_the_agent_has_a_user_of_its_own_and_few_rights(kiosk):
    assert "zaigang" in kiosk.do("systemctl", "show", UNIT, "--property=User")
    pid = kiosk.do("systemctl", "show", UNIT, "--property=MainPID", "--value").strip()
    used_kb = int(kiosk.do("grep", "VmRSS", f"/proc/{pid}/status").split()[1])
    assert used_kb < MOST_KB or ARCH, used_kb
    kiosk.do("systemd-analyze", "security", "--offline=yes", "--threshold=20", f"/etc/systemd/system/{UNIT}")


def test_what_was_tapped_without_a_cable_comes_when_it_is_plugged_in(kiosk, reader, hub):
    kiosk.pull_cable()
    before = len(taps(hub))
    tap_unheard(reader, kiosk, "04A1B2C3D4E581")
    assert len(taps(hub)) == before

    kiosk.plug_in()

    assert eventually(lambda: len(taps(hub)) > before)


@pytest.mark.parametrize(("number", "after_s"), list(enumerate([0.0, 0.05, 0.1, 0.2, 0.4]))[:: 1 if ALL else 3])
def test_power_that_fails_in_the_midst_of_a_tap_costs_no_record_and_the_next_tap_is_taken(
    kiosk, reader, hub, number, after_s
):
    reader.order(f"put ntag213 04A1B2C3D4E60{number}")
    time.sleep(after_s)
    kiosk.cut_power()
    reader.order("take")

    kiosk.boot()
    let_reader_in(kiosk)
    kiosk.do("systemctl", "daemon-reload")
    kiosk.do("systemctl", "restart", UNIT)

    assert tap(reader, hub, f"04A1B2C3D4E70{number}"), kiosk.do("journalctl", "--no-pager", "-u", UNIT)
    assert hub.hub.conflicts == []
    for epoch in {epoch for epoch, _ in hub.hub.stored}:
        seqs = {seq for name, seq in hub.hub.stored if name == epoch}
        assert seqs == set(range(1, max(seqs) + 1))


def state_of(machine: Machine) -> list[str]:
    """Everything that an install could change."""
    return [
        machine.do(
            "sh", "-c", "find /etc /opt /usr/local -type f -path '*zaigang*' -print0 | sort -z | xargs -0 md5sum"
        ),
        machine.do("readlink", "-f", "/opt/zaigang/current"),
        machine.do("systemctl", "show", UNIT, "--property=MainPID,ActiveState,NRestarts"),
        machine.do("ls", "/var/lib/zaigang-setup", "/opt/zaigang/slots"),
    ]


def refused(machine: Machine, folder, *options: str) -> str:
    """What install says; it has changed nothing."""
    before = state_of(machine)
    shutil.rmtree(machine.root / "mnt/stick", ignore_errors=True)
    shutil.copytree(folder, machine.root / "mnt/stick")
    done = machine.try_to("sh", "/mnt/stick/install", *options)
    assert done.returncode == 1
    assert state_of(machine) == before
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


class Careless:
    """Names the true signer, and signs with another key."""

    public_key = SIGNER.public_key
    sign = Ed25519PrivateKey.generate().sign


def test_a_stick_that_will_not_do_is_refused_in_one_sentence_and_nothing_is_changed(kiosk, place, ca):
    assert "is for sq02-a, and this machine is sq01-a" in refused(kiosk, prepare(place / "s1", ca, HUB, kiosk="sq02-a"))
    assert "0.0.9 is older" in refused(kiosk, prepare(place / "s2", ca, HUB, version="0.0.9"))
    incomplete = prepare(place / "s3", ca, HUB)
    (incomplete / "identity/site.key").unlink()
    assert "has no identity/site.key" in refused(kiosk, incomplete)
    broken = prepare(place / "s4", ca, HUB)
    bundle = next(broken.glob("*.tar"))
    content = bundle.read_bytes()
    bundle.write_bytes(content.replace(b"Type=notify", b"Type=simple"))
    assert "is not what its manifest says" in refused(kiosk, broken)
    bundle.write_bytes(content[: len(content) // 2])
    assert "copy it again" in refused(kiosk, broken)
    bundle.unlink()
    assert "has no zaigang-kiosk-VERSION.tar" in refused(kiosk, broken)
    forged = prepare(place / "s10", ca, HUB, signer=Ed25519PrivateKey.generate())
    assert "signed by another key" in refused(kiosk, forged)
    next(forged.glob("*.tar")).unlink()
    write_bundle(forged, "0.1.0", Careless())
    assert "is not signed by whom it names" in refused(kiosk, forged)
    garbled = prepare(place / "s5", ca, HUB)
    (garbled / "kiosk.toml").write_text("station =")
    assert "copy the folder again" in refused(kiosk, garbled)
    another_hubs = prepare(place / "s12", SiteCa(place / "another-ca"), HUB)
    assert "is of another hub than this machine's" in refused(kiosk, another_hubs)
    no_pi = prepare(place / "s11", ca, HUB)
    assert "which is not here" in refused(kiosk, no_pi, "--read-only-root")
    (kiosk.root / STICK[1:] / "cmdline.txt").write_text("rootwait\n")
    assert "wants a partition named ZAIGANG-DATA" in refused(kiosk, no_pi, "--read-only-root")


def test_on_a_full_disk_install_says_so_and_changes_nothing(kiosk, place, ca):
    newer = prepare(place / "s6", ca, HUB, version="0.1.1")
    kiosk.do("mount", "-t", "tmpfs", "-o", "size=20M", "full", "/opt/zaigang/slots")
    kiosk.do("cp", "-a", "/usr/lib/os-release", "/opt/zaigang/slots/")

    try:
        assert "the disk is full: " in refused(kiosk, newer)
    finally:
        kiosk.do("umount", "/opt/zaigang/slots")


def test_installing_again_changes_nothing_but_the_run(kiosk, place, ca, reader, hub):
    before = kiosk.do("stat", "-c", "%i %Z", "/opt/zaigang/slots/0.1.0")
    plug_stick(kiosk, prepare(place / "s7", ca, HUB))

    assert "is installed" in kiosk.do("sh", f"{STICK}/install")

    assert kiosk.do("stat", "-c", "%i %Z", "/opt/zaigang/slots/0.1.0") == before
    assert tap(reader, hub, "04A1B2C3D4E584")


def test_of_two_installs_at_once_one_waits_for_another_time(kiosk, place, ca):
    plug_stick(kiosk, prepare(place / "s8", ca, HUB))

    done = kiosk.try_to("flock", "/run/zaigang-install.lock", "sh", f"{STICK}/install")

    assert done.returncode == 1
    assert done.stderr == "zaigang: another install is at work; wait for it\n"


def test_a_version_that_does_not_come_up_makes_way_for_the_one_before(kiosk, place, ca, reader, hub):
    unit = (KIOSK / f"units/{UNIT}").read_text().replace("Restart=always", "Restart=no").encode()
    bad = unit.replace(b"zaigang-edge run", b"zaigang-edge run --no-such-word")
    plug_stick(kiosk, prepare(place / "s9", ca, HUB, version="0.2.0", **{f"units__{UNIT}": bad}))

    done = kiosk.try_to("sh", f"{STICK}/install")

    assert done.returncode == 1
    assert "version 0.2.0 does not come up here; 0.1.0 is back at work" in done.stderr
    assert tap(reader, hub, "04A1B2C3D4E585")


@pytest.mark.skipif(not ALL, reason="make field takes it")
def test_a_newer_version_that_comes_up_is_at_work_with_its_units_and_the_one_before_stays_beside_it(
    kiosk, place, ca, reader, hub
):
    unit = (KIOSK / f"units/{UNIT}").read_text().replace("[Service]", "[Service]\n# of 0.3.0", 1).encode()
    plug_stick(kiosk, prepare(place / "s13", ca, HUB, version="0.3.0", **{f"units__{UNIT}": unit}))
    was = kiosk.do("readlink", "-f", "/opt/zaigang/current").strip()

    said = kiosk.do("env", "LC_ALL=zh_CN.UTF-8", "sh", f"{STICK}/install")

    assert said == "zaigang: 终端 sq01-a 已装好，版本 0.3.0；检查：zaigang-edge doctor\n"
    assert kiosk.do("readlink", "/opt/zaigang/current", "/opt/zaigang/proven").count("slots/0.3.0") == 2
    assert "# of 0.3.0" in kiosk.do("cat", f"/etc/systemd/system/{UNIT}")
    assert (kiosk.root / was[1:]).is_dir()
    assert tap(reader, hub, "04A1B2C3D4E586")


def test_uninstall_leaves_the_records_and_who_it_was(kiosk):
    kiosk.do("sh", "/opt/zaigang/current/uninstall")

    assert kiosk.do("ls", "/opt", "/usr/local/bin").split() == ["/opt:", "/usr/local/bin:"]
    assert "journal.db" in kiosk.do("ls", "/var/lib/zaigang")
    assert "edge.toml" in kiosk.do("ls", "/etc/zaigang")
    assert kiosk.try_to("systemctl", "cat", UNIT).returncode != 0
