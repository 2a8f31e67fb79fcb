"""The hub's units, as systemd judges them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "deploy" / "hub" / "units"
MOST = 2.0  # of 10; what runs the hub should be able to do little else

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


@pytest.mark.parametrize("unit", ["zaigang-hub", "zaigang-broker", "zaigang-backup"])
def test_a_unit_can_do_little_beside_its_work(unit: str) -> None:
    asked = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNITS / f"{unit}.service")]

    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout

    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= MOST
