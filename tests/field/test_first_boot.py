"""A kiosk is set up from its boot partition, and power may fail at any step of that; `site` has the first boot whole."""

import shutil
from itertools import count

import pytest

from tests.field.conftest import HUB
from tests.field.image import ALL
from tests.field.machines import Machine
from tests.field.patience import TEST_S, eventually
from tests.field.prepared import prepare
from tests.field.test_kiosk import STICK, UNIT, let_reader_in, plug_stick

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]
_numbers = count(20)
STEPS = [  # in their order; `make field` takes all of them
    "var/lib/zaigang-setup/folder.part", "var/lib/zaigang-setup/folder", "opt/zaigang/slots/0.1.0.part/venv/bin",
    "opt/zaigang/slots/0.1.0", "etc/zaigang/identity/ca.crt", "etc/zaigang/edge.toml", "opt/zaigang/current",
    "usr/local/bin/zaigang-edge", f"etc/systemd/system/multi-user.target.wants/{UNIT}",
]  # fmt: skip


@pytest.fixture
def fresh(place, network, ca, hub, reader):
    """A machine out of its box with a prepared boot partition, not switched on yet."""
    number = next(_numbers)
    made = Machine(f"fresh-{number}", place, network, number, reader)
    plug_stick(made, prepare(place / f"folder-{number}", ca, HUB))
    yield made
    made.close()


def is_installed(machine: Machine) -> bool:
    return machine.try_to("systemctl", "is-active", "--quiet", UNIT).returncode == 0


@pytest.mark.parametrize("step", STEPS if ALL else STEPS[3:4])
def test_power_that_fails_at_any_step_leaves_it_whole_or_as_before(fresh, step):
    fresh.boot()
    let_reader_in(fresh)
    fresh.do("sh", "-c", f"sh {STICK}/install >/dev/null 2>&1 &")
    assert eventually(lambda: (fresh.root / step).exists() or (fresh.root / step).is_symlink())
    fresh.cut_power()
    was_decided = (fresh.root / "var/lib/zaigang-setup/folder").exists()

    fresh.boot()

    if was_decided:
        assert eventually(lambda: is_installed(fresh)), fresh.do("journalctl", "--no-pager", "-n", "30")
        assert eventually(lambda: not (fresh.root / "var/lib/zaigang-setup/folder").exists())
    else:
        assert is_installed(fresh) or not (fresh.root / "etc/zaigang").exists()
        let_reader_in(fresh)
        fresh.do("sh", f"{STICK}/install")
        assert is_installed(fresh)


@pytest.mark.skipif(not ALL, reason="make field takes it")
def test_without_a_network_an_install_ends_well_all_the_same(fresh):
    fresh.boot()
    fresh.pull_cable()
    let_reader_in(fresh)

    fresh.do("sh", f"{STICK}/install")

    said = fresh.try_to("zaigang-edge", "doctor", "--lang", "zh").stdout
    assert said.splitlines()[-1] == "不能使用：网络。下一步：检查网线两端是否插好。"
    shutil.rmtree(fresh.root / STICK[1:])
