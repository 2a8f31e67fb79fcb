"""How the kiosk's machine is: disk, temperature, power, and until when its certificate is good.

What a machine does not tell is left out. Read at most once a minute: each is a small file, none is waited for.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from edge.certificate import read_certificate
from edge.errors import KeyFileError
from station.wire.messages import KioskFigures

EVERY_S: Final = 60.0
SYS: Final = Path("/sys")
_TEMPERATURE: Final = "class/thermal/thermal_zone0/temp"  # thousandths of a degree
# A Raspberry Pi's firmware, in hex: bit 0 is under-voltage now, bit 16 since it was switched on.
_THROTTLED: Final = "devices/platform/soc/soc:firmware/get_throttled"
_UNDER_VOLTAGE: Final = 1 << 0 | 1 << 16
_PI_VOLTAGE: Final = "rpi_volt"  # the kernel's driver of the same; its alarm stays until it is read
_MEGABYTE: Final = 1_000_000


def read_machine(data_dir: Path, sys: Path = SYS) -> KioskFigures:
    """Disk, temperature and power."""
    free = None
    with suppress(OSError):
        found = os.statvfs(data_dir)
        free = found.f_bavail * found.f_frsize // _MEGABYTE
    heat = _number(sys / _TEMPERATURE)
    return KioskFigures(free, None if heat is None else round(heat / 1000), _under_voltage(sys))


def _under_voltage(sys: Path) -> bool | None:
    throttled = _number(sys / _THROTTLED, base=16)
    if throttled is not None:
        return bool(throttled & _UNDER_VOLTAGE)
    for driver in sorted(sys.glob("class/hwmon/hwmon*")):
        with suppress(OSError, UnicodeDecodeError):
            if (driver / "name").read_text(encoding="ascii").strip() == _PI_VOLTAGE:
                alarm = _number(driver / "in0_lcrit_alarm")
                return None if alarm is None else bool(alarm)
    return None


def _number(path: Path, base: int = 10) -> int | None:
    with suppress(OSError, ValueError):
        return int(path.read_text(encoding="ascii").strip(), base)
    return None


@dataclass(slots=True)
class Gauges:
    """Reads them now and then. Calls come from one thread.

    Args:
        data_dir: whose disk is meant.
        certificate_file: tells the kiosk's identity, where it has one.
        now_s: real seconds.
        read: what the machine tells.
        config: the version of the settings that are held.
    """

    data_dir: Path
    certificate_file: Callable[[], Path | None]
    now_s: Callable[[], float]
    read: Callable[[Path], KioskFigures] = read_machine
    config: Callable[[], int] = lambda: 0
    _next_s: float = float("-inf")
    _was_low: bool = False
    _last: KioskFigures = field(default_factory=KioskFigures)

    def __call__(self) -> KioskFigures:
        """What they show."""
        now_s = self.now_s()
        if now_s >= self._next_s:
            self._next_s = now_s + EVERY_S
            read = self.read(self.data_dir)
            self._was_low = self._was_low or read.under_voltage is True
            low = self._was_low or read.under_voltage
            self._last = replace(read, under_voltage=low, certificate_ends_at=self._ends_at())
        return replace(self._last, config=self.config())

    def _ends_at(self) -> datetime | None:
        file = self.certificate_file()
        if file is not None:
            with suppress(KeyFileError):
                return read_certificate(file).ends_at
        return None
