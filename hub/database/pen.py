"""The order in which this process's threads write to a database that has one writer at a time: as they came.

SQLite keeps no queue: who finds it taken sleeps, up to a tenth of a second at once, and may find it taken again. While
taps were stored hundreds of times a second, the ledger's writing waited so for 0.2 s, and every tap behind it. Here the
next one is woken when the last one has done. What other processes write is still SQLite's to put in order.
"""

import sqlite3
import threading
from collections import deque


class Pen:
    """Held by one at a time, and handed on to who has waited longest.

    Args:
        patience_s: how long anybody waits.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Event] = deque()

    def take(self) -> bool:
        """Wait for it in turn; False where that took too long, and somebody else has it still."""
        with self._lock:
            if not self._is_held:
                self._is_held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(self._patience_s):
            return True
        with self._lock:
            if turn.is_set():  # it came just now
                return True
            self._waiting.remove(turn)
            return False

    @property
    def awaited(self) -> int:
        """How many wait for it."""
        return len(self._waiting)

    def hand_on(self) -> None:
        """Let the next one have it; only who has it may."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_held = False


class ConnectionInTurn(sqlite3.Connection):
    """A connection that has the pen from `await_turn` to the end of its transaction."""

    pen: Pen | None = None
    """Its database's; given once it is open."""
    _has_pen = False

    def await_turn(self) -> None:
        """Before it begins to write. Who has waited too long is left to SQLite, and waits there once more."""
        if self.pen is not None and not self._has_pen:
            self._has_pen = self.pen.take()

    def commit(self) -> None:
        """As SQLite does."""
        try:
            super().commit()
        finally:
            self._hand_on()

    def rollback(self) -> None:
        """As SQLite does."""
        try:
            super().rollback()
        finally:
            self._hand_on()

    def close(self) -> None:
        """As SQLite does."""
        super().close()
        self._hand_on(is_closed=True)

    def _hand_on(self, *, is_closed: bool = False) -> None:
        if self._has_pen and (is_closed or not self.in_transaction):
            assert self.pen is not None
            self._has_pen = False
            self.pen.hand_on()
