"""From a box to a working station: a booted Debian, a stick, a card; cables and power are pulled."""

import shutil
import time

import pytest

from station.records import Tap
from tests.field.machines import Machine
from tests.patience import eventually

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(300)]
STICK = "/boot/firmware"
IN_PLACE_OF_UDEV = """[Service]
DeviceAllow=char-pts rw
"""


def taps(hub) -> list[Tap]:
    return [record for record in hub.hub.stored.values() if isinstance(record, Tap)]


def plug_stick(machine: Machine, folder) -> None:
    shutil.copytree(folder, machine.root / STICK[1:], dirs_exist_ok=True)


def let_reader_in(machine: Machine) -> None:
    """What udev does where there is hardware; a machine in a machine has none."""
    machine.do("chmod", "666", "/dev/ttyUSB0")
    place = machine.root / "run/systemd/system/zaigang-edge.service.d"
    machine.do("mkdir", "-p", "/run/systemd/system/zaigang-edge.service.d")
    machine.do("sh", "-c", f"printf '{IN_PLACE_OF_UDEV}' > {str(place).removeprefix(str(machine.root))}/pts.conf")


@pytest.fixture(scope="module")
def kiosk(machine, folder):
    """Installed from the stick."""
    plug_stick(machine, folder)
    let_reader_in(machine)
    began = time.monotonic()
    said = machine.do("sh", f"{STICK}/install")
    machine.took_s = time.monotonic() - began
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


def test_a_card_is_recorded_at_the_hub_after_an_install_without_a_network_of_packages(kiosk, reader, hub):
    assert kiosk.took_s < 90
    assert "kiosk sq01-a 0.1.0 is installed" in kiosk.said

    assert tap(reader, hub, "04A1B2C3D4E580"), kiosk.do("journalctl", "-u", "zaigang-edge", "--no-pager")
