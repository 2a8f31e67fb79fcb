"""Seconds that pass only when somebody waits, with appointments kept on the way."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class VirtualTime:
    def __init__(self) -> None:
        self._now_s = 0.0
        self._appointments: list[tuple[float, int, Callable[[], None]]] = []

    def monotonic(self) -> float:
        return self._now_s

    def at(self, mono_s: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._appointments, (mono_s, len(self._appointments), act))

    def sleep(self, seconds: float) -> None:
        until_s = self._now_s + seconds
        while self._appointments and self._appointments[0][0] <= until_s:
            self._now_s, _, act = heapq.heappop(self._appointments)
            act()
        self._now_s = until_s
