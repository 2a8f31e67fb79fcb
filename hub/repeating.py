"""A thread that does one thing again and again, with rests between, until it is told to end.

It outlives what fails in it: that is logged the first time, and tried again.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

from hub.database.transactions import StoreTroubleError

log = logging.getLogger(__name__)

AGAIN_S: Final = 1.0  # after what failed
FAREWELL_S: Final = 10.0


class Repeating:
    """One thread of the hub.

    Args:
        name: the thread's.
        work: a round; says for how many seconds to rest after it.
        failing: what is said where it fails, as "alarms cannot be kept".
    """

    def __init__(self, name: str, work: Callable[[], float], failing: str) -> None:
        self._work = work
        self._failing = failing
        self._is_in_trouble = False
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        """For who looks whether it lives."""

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopping.set()
        if self.thread.is_alive():
            self.thread.join(FAREWELL_S)

    def rest(self, seconds: float) -> bool:
        """Rest within a round; whether it is to end."""
        return self._stopping.wait(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._attempt())

    def _attempt(self) -> float:
        try:
            rest_s = self._work()
        except StoreTroubleError as exc:  # the intake finds the same trouble, and tells
            if not self._is_in_trouble:
                log.warning("%s: %s; it is tried again", self._failing, exc)
        except Exception:  # a supervisor: nobody else does this thread's work
            if not self._is_in_trouble:
                log.exception("%s; it is tried again", self._failing)
        else:
            self._is_in_trouble = False
            return rest_s
        self._is_in_trouble = True
        return AGAIN_S
