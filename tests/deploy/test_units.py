"""Every unit that an install puts into a machine, as systemd judges it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
MOST = {  # of 10: what each may do beside its work; as low as it still does that on a booted machine
    "hub/units/zaigang-backup.service": 0.5,
    "hub/units/zaigang-broker-reload.service": 0.7,
    "hub/units/zaigang-broker.service": 1.2,
    "hub/units/zaigang-hub.service": 1.2,
    "kiosk/units/zaigang-carry@.service": 1.6,  # mounts a stick
    "kiosk/units/zaigang-edge.service": 1.5,
    "kiosk/units/zaigang-setup.service": 4.1,  # installs, and mounts for all of the machine
    "kiosk/units/zaigang-update.service": 2.1,  # puts units in their places, as root, and fetches over the line
}
MEASURED_BY = "252"  # Debian 12's
OTHERS_WEIGH = 0.5  # a little otherwise


def said_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_each_unit_has_its_limit() -> None:
    """One that is new without is one that may do anything."""
    assert {str(path.relative_to(DEPLOY)) for path in DEPLOY.glob("*/units/*.service")} == MOST.keys()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", MOST)
def test_a_unit_can_do_little_beside_its_work(unit: str) -> None:
    asked = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(DEPLOY / unit)]

    said, version = said_by(*asked), said_by("systemd-analyze", "--version").split()[1]

    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= MOST[unit] + (0.0 if version == MEASURED_BY else OTHERS_WEIGH)
