"""A hub and a kiosk of its own making, booted on a network without a way out, and what people do there."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.field.image import ALL
from tests.field.machines import Machine
from tests.field.patience import PATIENCE_S, eventually
from tests.field.test_kiosk import let_reader_in

KIOSK = "hospital-1-a"
PYTHON = "/opt/zaigang/current/venv/bin/python3"
CARD, OTHER_CARD = "04000000000001", "04000000000002"
needs_all = pytest.mark.skipif(not ALL, reason="make field takes it")


def carry(machine: Machine, bundle, *beside) -> str:
    """Unpack a bundle there; where."""
    place = f"/root/{bundle.name.removesuffix('.tar')}"
    shutil.rmtree(machine.root / place[1:], ignore_errors=True)
    (machine.root / place[1:]).mkdir()
    shutil.unpack_archive(bundle, machine.root / place[1:], "tar", filter="tar")
    for file in beside:
        shutil.copy(file, machine.root / "root")
    return place


def tokens(machine: Machine) -> list[str]:
    """Of the taps that the hub has stored, as its disk says."""
    with closing(sqlite3.connect(f"file:{machine.root}/var/lib/zaigang/zaigang.sqlite?mode=ro", uri=True)) as database:
        return [token for (token,) in database.execute("SELECT token FROM record WHERE kind = 'tap'")]


def tap(reader, hub: Machine, number: str, within_s: float = PATIENCE_S) -> bool:
    before = len(tokens(hub))
    reader.order(f"put ntag213 {number}")
    try:
        return eventually(lambda: len(tokens(hub)) > before, within_s)
    finally:
        reader.order("take")


def carry_records(kiosk: Machine, hub: Machine) -> str:
    """Export there, import here; what the hub says."""
    name = kiosk.do("zaigang-edge", "export", "--to", "/root").partition(":")[0]
    shutil.copy(kiosk.root / name[1:], hub.root / "var/lib/zaigang/carried")
    hub.do("chmod", "644", "/var/lib/zaigang/carried")
    return hub.do("zaigang-hub", "import-journal", "/var/lib/zaigang/carried")


def start_again(kiosk: Machine) -> None:
    kiosk.cut_power()
    kiosk.boot()
    let_reader_in(kiosk)
    kiosk.do("systemctl", "daemon-reload")
    kiosk.do("systemctl", "restart", "zaigang-edge")
