"""Looking for a card again and again, no more often than does good: for drivers that ask their chip."""

from collections.abc import Callable
from typing import Final

from devices.card import Card

PACE_S: Final = 0.06  # a tap lasts 300 ms or more; an empty look takes 9 ms of a line at 115200


class Pacing:
    """One chip's.

    Args:
        monotonic: seconds that only rise.
        sleep: waits so many of them.
    """

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], object]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._due_s = float("-inf")

    def until_seen(self, look: Callable[[], Card | None], timeout_s: float) -> Card | None:
        """Look until a card is seen or the time is over; with less than `PACE_S`, once."""
        deadline_s = self._monotonic() + timeout_s
        while True:
            self._wait_until(min(self._due_s, deadline_s))
            self._due_s = self._monotonic() + PACE_S
            card = look()
            if card is not None:
                return card
            if self._due_s > deadline_s:
                self._wait_until(deadline_s)
                return None

    def _wait_until(self, mono_s: float) -> None:
        wait_s = mono_s - self._monotonic()
        if wait_s > 0:
            self._sleep(wait_s)
