"""What is looked at in the end of a commissioning: reader, clock, disk, version."""

import shutil
from pathlib import Path
from typing import Final

from edge.commissioning import Check
from edge.health import Health
from station.records import ClockState, ReaderState

ENOUGH_BYTES: Final = 256 << 20  # as doctor has it


def look_over(health: Health, data_dir: Path, version: str) -> list[Check]:
    """All of it, as it is now."""
    free = shutil.disk_usage(data_dir).free
    source = health.source or "time service"
    return [
        Check("reader", health.reader is ReaderState.UP, health.reason or health.reader.value),
        Check("clock", health.stamp.clock is ClockState.SYNCED, f"{health.stamp.clock.value}, {source}"),
        Check("disk", free >= ENOUGH_BYTES, f"{free >> 20} MiB free"),
        Check("version", is_well=True, text=version),
    ]
