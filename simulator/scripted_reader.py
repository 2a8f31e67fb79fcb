"""A card reader without a chip: what a simulated person holds to it is what it reads.

It keeps the contract of `devices.reader.CardReader`; `put`, `take` and `unplug` may come from any thread.
"""

import threading
import time

from devices.card import Card
from devices.errors import ReaderLostError


class ScriptedReader:
    """One antenna whose field holds at most one card."""

    def __init__(self, name: str = "scripted:", *, pace_s: float = 0.05) -> None:
        """Make a reader with an empty field.

        Args:
            name: what the reader is called.
            pace_s: a card that stays is returned at most this often.
        """
        self.name = name
        self._pace_s = pace_s
        self._changed = threading.Condition()
        self._card: Card | None = None
        self._returned_s = float("-inf")
        self._is_lost = False

    def put(self, card: Card) -> None:
        """Hold a card to the reader, in place of any other."""
        with self._changed:
            self._card = card
            self._returned_s = float("-inf")
            self._changed.notify_all()

    def take(self) -> None:
        """Take the card away."""
        with self._changed:
            self._card = None

    def unplug(self) -> None:
        """From now on, every poll raises `ReaderLostError`."""
        with self._changed:
            self._is_lost = True
            self._changed.notify_all()

    def poll(self, timeout_s: float) -> Card | None:
        """As `CardReader.poll`."""
        deadline_s = time.monotonic() + timeout_s
        with self._changed:
            while True:
                now_s = time.monotonic()
                if self._is_lost:
                    raise ReaderLostError(f"{self.name} is unplugged", is_there=False)
                due_s = self._returned_s + self._pace_s
                if self._card is not None and (now_s >= due_s or timeout_s <= 0):
                    self._returned_s = now_s
                    return self._card
                if now_s >= deadline_s:
                    return None
                self._changed.wait((deadline_s if self._card is None else min(deadline_s, due_s)) - now_s)

    def close(self) -> None:
        """Nothing is held."""
