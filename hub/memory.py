"""Memory that a flood has left behind, given back to the system once it is over.

glibc keeps what a thread freed for that thread (mallopt(3), M_TRIM_THRESHOLD): after an outage of many kiosks that
would be some 10 MB for as long as the hub runs. Elsewhere than on glibc nothing is done.
"""

import ctypes
from collections.abc import Callable
from typing import Final

FLOOD: Final = 5_000  # records; what fewer leave is used again before long


class SpareMemory:
    """Called every now and then, gives back once after each flood.

    Args:
        count: how many records came so far.
        give_back: does it.
    """

    def __init__(self, count: Callable[[], int], give_back: Callable[[], None]) -> None:
        self._count = count
        self._give_back = give_back
        self._last_seen = 0
        self._last_given = 0

    def __call__(self) -> None:
        """Give back where a flood is over: nothing came since the last call."""
        count = self._count()
        if count == self._last_seen and count - self._last_given >= FLOOD:
            self._last_given = count
            self._give_back()
        self._last_seen = count


def trim() -> None:
    """Give back what is free; takes a few milliseconds, without the interpreter's lock."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
