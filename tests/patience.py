"""Waiting for what comes by itself: long enough for a machine that does other work, and no longer than it takes."""

from collections.abc import Callable
from threading import Event
from time import monotonic

PATIENCE_S = 60.0
LOOK_EVERY_S = 0.01


def eventually(is_so: Callable[[], object], within_s: float = PATIENCE_S) -> bool:
    """Wait until something is so; False where it is not in time."""
    pause = Event()
    deadline_s = monotonic() + within_s
    while not is_so():
        if monotonic() > deadline_s:
            return False
        pause.wait(LOOK_EVERY_S)
    return True
