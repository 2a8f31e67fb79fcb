"""A kiosk that writes to a partition of its own alone: what must last lasts there, and all else is new at each start."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest

from hub.updates.shelf import UpdateShelf
from tests.field.bundle import write_bundle
from tests.field.conftest import HUB
from tests.field.machines import Machine, Partition
from tests.field.patience import TEST_S, eventually
from tests.field.prepared import prepare
from tests.field.site.doings import needs_all, start_again
from tests.field.test_first_boot import is_installed
from tests.field.test_kiosk import STICK, let_reader_in, plug_stick, tap, taps, watch_versions_for

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S), needs_all]
COMMAND_LINE = "console=tty1 root=PARTUUID=1234-02 rootfstype=ext4 fsck.repair=yes rootwait\n"
FSTAB = """proc /proc proc defaults 0 0
PARTUUID=1234-01 /boot/firmware vfat defaults,nofail 0 2
PARTUUID=1234-02 / ext4 defaults,noatime 0 1
/swap none swap sw 0 0
"""
SETUP = "var/lib/zaigang-setup"


@pytest.fixture(scope="module")
def shelf(place):
    return UpdateShelf(place / "shelf")


@pytest.fixture(scope="module")
def boxed(place, network, reader):
    """Makes a machine with a memory card of three partitions and a prepared folder, switched on."""

    @contextmanager
    def make(number: int, folder) -> Iterator[Machine]:
        (folder / "read-only-root").touch()
        with closing(Partition(place / f"{number}.ext4", "ZAIGANG-DATA")) as partition:
            made = Machine(f"read-only-{number}", place, network, number, reader, partition=partition)
            plug_stick(made, folder)
            (made.root / STICK[1:] / "cmdline.txt").write_text(COMMAND_LINE)
            (made.root / "etc/fstab").write_text(FSTAB)
            watch_versions_for(made, 1)
            with closing(made):
                made.boot()
                let_reader_in(made)
                yield made

    return make


@pytest.fixture(scope="module")
def kiosk(place, ca, hub, boxed, shelf):
    folder = prepare(place / "read-only-stick", ca, HUB)
    (folder / "updates-root.json").write_bytes(shelf.root(datetime.now(UTC)))
    with boxed(40, folder) as made:
        made.do("sh", f"{STICK}/install")
        yield made


def restart(kiosk: Machine) -> None:
    start_again(kiosk)
    assert eventually(lambda: is_installed(kiosk)), kiosk.log.read_text()[-3000:]


def journalled(kiosk: Machine) -> int:
    """How many taps its journal keeps: what it writes there besides, that it is alive say, is no tap."""
    count = "SELECT count(*) FROM records WHERE kind = 'tap'"
    opened = "sqlite3.connect('file:/var/lib/zaigang/journal.db?mode=ro', uri=True)"
    asked = f"import sqlite3; print({opened}.execute({count!r}).fetchone()[0])"
    return int(kiosk.do("python3", "-c", asked))


def root_of(kiosk: Machine) -> str:
    return kiosk.do("findmnt", "-no", "SOURCE", "/").strip()


def test_it_works_at_once_and_lies_on_its_partition_already(kiosk, reader, hub):
    assert tap(reader, hub, "04A1B2C3D4E590"), kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager")

    assert "init=/usr/local/sbin/zaigang-init" in kiosk.do("cat", f"{STICK}/cmdline.txt")
    assert "journal.db" in kiosk.do("ls", "/var/lib/zaigang-data/lib")
    assert not list((kiosk.root / "etc/zaigang").iterdir())


def test_from_the_next_start_on_nothing_but_its_partition_is_written_to(kiosk, reader, hub):
    restart(kiosk)
    strays = ("etc/stray", "usr/local/stray", "var/log/stray")
    kiosk.do("touch", *(f"/{stray}" for stray in strays))

    assert root_of(kiosk) == "zaigang-root"
    assert [stray for stray in strays if (kiosk.root / stray).exists()] == []
    assert (
        kiosk.do("cat", "/etc/fstab")
        == f"{FSTAB.splitlines()[0]}\nPARTUUID=1234-01 /boot/firmware vfat ro,defaults,nofail 0 2\n"
    )
    assert tap(reader, hub, "04A1B2C3D4E591"), kiosk.log.read_text()[-3000:]
    restart(kiosk)
    assert [stray for stray in strays if (kiosk.inside / stray).exists()] == []


def test_power_that_fails_costs_no_record_there_either(kiosk, reader, hub):
    kiosk.pull_cable()
    before = len(taps(hub))
    kept = journalled(kiosk)
    reader.order("put ntag213 04A1B2C3D4E592")
    assert eventually(lambda: journalled(kiosk) > kept)
    kiosk.cut_power()
    reader.order("take")

    restart(kiosk)

    assert eventually(lambda: len(taps(hub)) > before)
    runs = [{seq for name, seq in hub.hub.stored if name == epoch} for epoch, _ in hub.hub.stored]
    assert [seqs for seqs in runs if seqs != set(range(1, max(seqs) + 1))] == []


def update(kiosk: Machine, shelf: UpdateShelf, bundle, ending: str) -> None:
    """Plug a stick with that version in, and start the updater."""
    shelf.offer(bundle, datetime.now(UTC))
    shutil.rmtree(kiosk.inside / "root/stick", ignore_errors=True)
    folder = shelf.copy_to(kiosk.inside / "root/stick")
    line = (
        f"ZAIGANG_WATCHED_S=1 sh /opt/zaigang/current/units/update --from /{folder.relative_to(kiosk.inside)} {ending}"
    )
    kiosk.do("sh", "-c", line)


def test_an_update_lasts_with_its_units_and_goes_on_after_a_power_cut(kiosk, place, shelf, reader, hub):
    log = b"[Journal]\nStorage=volatile\nRuntimeMaxUse=17M\n"
    update(kiosk, shelf, write_bundle(place, "0.2.0", **{"units__journald.conf": log}), "")
    restart(kiosk)
    units = (kiosk.inside / "etc/systemd/journald.conf.d/zaigang.conf").read_bytes()
    update(kiosk, shelf, write_bundle(place, "0.3.0"), ">/dev/null 2>&1 &")
    assert eventually((kiosk.inside / SETUP / "trial.json").exists)

    restart(kiosk)

    assert units == log
    assert eventually(lambda: not (kiosk.inside / SETUP / "trial.json").exists()), kiosk.do("journalctl", "--no-pager")
    assert kiosk.do("readlink", "/opt/zaigang/current").endswith("/0.3.0\n")
    assert tap(reader, hub, "04A1B2C3D4E593")


def test_an_update_goes_on_after_the_kiosk_was_switched_off_in_order(kiosk, place, shelf, reader, hub):
    update(kiosk, shelf, write_bundle(place, "0.4.0"), ">/dev/null 2>&1 &")
    assert eventually(lambda: "zaigang-edge.service" in kiosk.do("systemctl", "list-jobs"))
    kiosk.switch_off()

    restart(kiosk)

    assert eventually(lambda: not (kiosk.inside / SETUP / "trial.json").exists()), kiosk.do("journalctl", "--no-pager")
    assert kiosk.do("readlink", "/opt/zaigang/current").endswith("/0.4.0\n")
    assert tap(reader, hub, "04A1B2C3D4E594")


def test_it_is_taken_away_once_its_root_is_writable_again(kiosk):
    done = kiosk.try_to("sh", "/opt/zaigang/current/uninstall")
    assert (done.returncode, "first: zaigang-init writable" in done.stderr) == (1, True)

    kiosk.do("zaigang-init", "writable")
    restart(kiosk)
    assert root_of(kiosk) != "zaigang-root"
    kiosk.do("sh", "/opt/zaigang/current/uninstall")

    assert (kiosk.root / STICK[1:] / "cmdline.txt").read_text() == COMMAND_LINE
    assert "journal.db" in kiosk.do("ls", "/var/lib/zaigang")
    assert "site.key" in kiosk.do("ls", "/etc/zaigang/identity")


def test_power_that_fails_while_it_moves_to_its_partition_leaves_all_of_it(place, ca, hub, boxed):
    with boxed(41, prepare(place / "cut-stick", ca, HUB)) as kiosk:
        kiosk.do("sh", "-c", f"sh {STICK}/install >/dev/null 2>&1 &")
        assert eventually(lambda: (kiosk.inside / "var/lib/zaigang-data/etc").exists())  # noqa: PLW0108 -- asked anew
        kiosk.cut_power()
        kiosk.boot()
        assert eventually(lambda: "init=" in (kiosk.root / STICK[1:] / "cmdline.txt").read_text())

        kiosk.cut_power()
        kiosk.boot()

        assert root_of(kiosk) == "zaigang-root"
        assert eventually(lambda: is_installed(kiosk)), kiosk.log.read_text()[-3000:]
        assert eventually(lambda: not (kiosk.inside / SETUP / "folder").exists())
