"""Whether this machine's clock is kept by a time service: what the kernel itself says."""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Final

from station.clock import Clock

_TIMEX_BYTES: Final = 512  # struct timex has 208 on 64-bit Linux; zeroed, its `modes` asks and sets nothing
_TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised; timesyncd, chrony and ntpd all clear it


def is_machine_synced() -> bool:
    """Whether the kernel takes its clock for synchronised. Needs no privilege."""
    state: int = _libc().adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return 0 <= state < _TIME_ERROR


@cache
def _libc() -> ctypes.CDLL:
    """Opened once: it is asked every second."""
    return ctypes.CDLL(None)


def sync_of(clock: Clock, *, has_clock_chip: bool) -> Callable[[], bool]:
    """How this run asks: a virtual clock is always right, and a clock chip is trusted."""
    if clock.began_at is not None or has_clock_chip:
        return lambda: True
    return is_machine_synced
