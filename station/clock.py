"""The clock that everything takes as an argument, real or virtual.

A virtual clock is spelled `2026-03-05T07:50+08:00@60`: that moment now, sixty times as fast, wall and
monotonic time alike. `spell` adds the anchor, a reading of CLOCK_BOOTTIME, so that child processes agree.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from station.errors import ConfigError
from station.saying import say

VARIABLE: Final = "ZAIGANG_CLOCK"
MAX_RATE: Final = 3600.0
_READS: Final = 5
_ONE_MOMENT_S: Final = 0.05  # two readings further apart are not of one moment: another thread came between


def boottime_s() -> float:
    """Seconds since boot, sleep included, the same for every process of this machine."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall and monotonic time, both `rate` times as fast as the world's.

    Attributes:
        rate: virtual seconds to a real second; 1 in service.
        began_at: the wall time at the anchor, or None for the machine's own wall clock.
        anchor_s: the reading of `boot_s` that `began_at` belongs to.
    """

    rate: float = 1.0
    began_at: datetime | None = None
    anchor_s: float = 0.0
    boot_s: Callable[[], float] = boottime_s

    def now(self) -> datetime:
        """Wall time, UTC, aware."""
        if self.began_at is None:
            return datetime.now(UTC)
        return self.began_at + timedelta(seconds=(self.boot_s() - self.anchor_s) * self.rate)

    def mono_s(self) -> float:
        """Seconds since boot on this clock; never falls."""
        return self.anchor_s + (self.boot_s() - self.anchor_s) * self.rate

    def moment(self) -> tuple[datetime, float]:
        """`now` and `mono_s` of one moment, as far as other threads let it be one."""
        for _ in range(_READS):
            mono_s = self.mono_s()
            now = self.now()
            if self.mono_s() - mono_s < _ONE_MOMENT_S:
                break
        return now, mono_s

    def real_s(self, virtual_s: float) -> float:
        """How long a virtual stretch lasts in the world, in seconds."""
        return virtual_s / self.rate

    def spell(self) -> str:
        """The text that gives a child process this very clock; empty for the machine's own."""
        if self.began_at is None:
            return ""
        return f"{self.began_at.isoformat()}@{self.rate:g}#{self.anchor_s!r}"


def read_clock(environ: Mapping[str, str], boot_s: Callable[[], float] = boottime_s) -> Clock:
    """The clock that the environment asks for; the machine's own where it asks for none.

    Raises:
        ConfigError: the variable is no moment with a rate.
    """
    text = environ.get(VARIABLE, "")
    if not text:
        return Clock(boot_s=boot_s)
    moment, _, tail = text.partition("@")
    rate_text, _, anchor_text = tail.partition("#")
    try:
        began_at = datetime.fromisoformat(moment)
        rate = float(rate_text or "1")
        anchor_s = float(anchor_text) if anchor_text else boot_s()
    except ValueError as exc:
        raise _unclear(text) from exc
    if began_at.tzinfo is None or not 0 < rate <= MAX_RATE:
        raise _unclear(text)
    return Clock(rate=rate, began_at=began_at.astimezone(UTC), anchor_s=anchor_s, boot_s=boot_s)


def _unclear(text: str) -> ConfigError:
    return ConfigError(
        say(
            "{variable} is {text!r}; wanted is a moment with its offset and a rate up to {max_rate:g}, "
            "as in 2026-03-05T07:50+08:00@60",
            variable=VARIABLE,
            text=text,
            max_rate=MAX_RATE,
        )
    )
