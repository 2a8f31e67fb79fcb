"""The command `restart`: everything of the agent is ended in order and begun anew, readers, link and settings.

Whoever made the agent looks at `is_due` and does it; not while a card lies on a reader, since its person waits for an
answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.commands import Doer, Order

NAME: Final = "restart"
PATIENCE_S: Final = 60.0  # for a card that somebody forgot on a reader


@dataclass(slots=True)
class FreshStart:
    """Whether one is wanted. Calls may come from any thread."""

    now_s: Callable[[], float]
    is_occupied: Callable[[], bool]
    _asked_s: float | None = None

    def ask(self) -> None:
        """Begin anew as soon as nobody is at a reader."""
        if self._asked_s is None:
            self._asked_s = self.now_s()

    @property
    def is_due(self) -> bool:
        """Whether it is time to."""
        if self._asked_s is None:
            return False
        return not self.is_occupied() or self.now_s() - self._asked_s > PATIENCE_S


class Restart(Doer):
    """Asks for it."""

    def __init__(self, fresh_start: FreshStart) -> None:
        self._fresh_start = fresh_start

    def begin(self, order: Order) -> None:
        """What is written down of it by now is its end, so that the next agent does not do it again."""
        order.done()
        self._fresh_start.ask()
