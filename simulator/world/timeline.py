"""Virtual time: a heap of what happens when. Nothing here sleeps; the same calls give the same run.

What happens at one moment happens in the order in which it was arranged.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count


class Timeline:
    """Seconds since the world began.

    Args:
        began_at: the true wall time of second 0.
    """

    def __init__(self, began_at: datetime) -> None:
        self.began_at = began_at.astimezone(UTC)
        self.now_s = 0.0
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()

    @property
    def now(self) -> datetime:
        """The true wall time."""
        return self.at(self.now_s)

    def at(self, second_s: float) -> datetime:
        """The true wall time of a second, in UTC."""
        return self.began_at + timedelta(seconds=second_s)

    def second_of(self, at: datetime) -> float:
        """Where a wall time lies."""
        return (at - self.began_at).total_seconds()

    @contextmanager
    def looking_back(self) -> Iterator[None]:
        """Within, `now_s` may be set to moments that have passed, to do what was put off; nothing may be arranged."""
        now_s = self.now_s
        try:
            yield
        finally:
            self.now_s = now_s

    def call_at(self, at_s: float, act: Callable[[], object]) -> None:
        """Let that happen then; what lies in the past happens next."""
        heapq.heappush(self._due, (max(at_s, self.now_s), next(self._numbers), act))

    def call_in(self, wait_s: float, act: Callable[[], object]) -> None:
        """Let that happen after a while."""
        self.call_at(self.now_s + wait_s, act)

    def run_until(self, until_s: float) -> None:
        """Let everything up to that second happen."""
        while self._due and self._due[0][0] <= until_s:
            self.now_s, _, act = heapq.heappop(self._due)
            act()
        self.now_s = until_s
