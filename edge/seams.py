"""What a kiosk takes from the world around it, so that a test or a simulated world can give it another."""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.gauges import read_machine
from edge.journal_schema import connect as connect_file
from edge.sync import sync_of
from station.clock import Clock
from station.remote_settings import SettingsTable, check_remote
from station.wire.messages import KioskFigures

_INTERFACES: Final = Path("/sys/class/net")
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def has_line() -> bool:
    """Whether any of this machine's network interfaces is connected to anything."""
    return any(_says_up(each) for each in _INTERFACES.glob("*/operstate") if each.parent.name != "lo")


def _says_up(path: Path) -> bool:
    try:
        return path.read_text(encoding="ascii").strip() == "up"
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Seams:
    """The world as one kiosk sees it.

    Attributes:
        clock: wall and monotonic time, perhaps virtual; its `boot_s` is the person's own time and never virtual.
        boot: this boot's id.
        is_synced: whether a time service keeps the clock right now.
        has_line: whether any cable is in.
        entropy: random bytes, for the names of runs and sessions.
        connect: opens the journal's file, once for writing and once for reading.
        read_machine: tells how the machine is on which the data directory lies.
        check_settings: raises `ConfigError` where an agent could not begin with these laid over its own.
    """

    clock: Clock
    boot: str
    is_synced: Callable[[], bool]
    entropy: Callable[[int], bytes] = os.urandom
    has_line: Callable[[], bool] = has_line
    connect: Callable[[Path], sqlite3.Connection] = connect_file
    read_machine: Callable[[Path], KioskFigures] = read_machine
    check_settings: Callable[[SettingsTable], None] = check_remote


def machine_seams(clock: Clock, *, has_clock_chip: bool = False) -> Seams:
    """This machine's own world, on that clock."""
    boot = _BOOT_ID.read_text(encoding="ascii").strip()
    return Seams(clock=clock, boot=boot, is_synced=sync_of(clock, has_clock_chip=has_clock_chip))
