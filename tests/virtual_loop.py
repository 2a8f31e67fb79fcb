"""An event loop whose seconds pass only when nothing is left to do: waits end in their order and take no time.

For stories in which nobody but the loop itself acts. What comes from threads or sockets is heard, but late.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._now_s = 0.0
        self._waiting = _Waiting(self)
        super().__init__(self._waiting)

    def time(self) -> float:
        return self._now_s

    def pass_s(self, seconds: float) -> None:
        self._now_s += seconds


class _Waiting(selectors.DefaultSelector):
    """Looks what is ready; where the loop would have waited, the wait is over."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(timeout=None if timeout is None else 0)
        if timeout and not found:
            self._loop.pass_s(timeout)
        return found


def run(story: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)
