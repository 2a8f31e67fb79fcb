"""The contract of everything that reads cards: drivers, and the stand-ins of tests and simulations.

How one is found by its URL is `catalogue`'s work, keeping it alive is `attended`'s, and telling taps apart is
`plate`'s.
"""

from typing import Protocol

from devices.card import Card


class CardReader(Protocol):
    """One antenna. Calls block, and all come from one thread."""

    @property
    def name(self) -> str:
        """What the reader is called in logs and records: its URL."""
        ...

    def poll(self, timeout_s: float) -> Card | None:
        """Wait for a card to enter the field.

        A card that stays is returned by every poll, at the reader's own pace and never in a busy loop.

        Args:
            timeout_s: at most this long, in seconds; 0 polls once.

        Returns:
            The card, or None where none came: an empty field is no error.

        Raises:
            CardLeftError: a card answered, but left before its whole number was read.
            ReaderLostError: the device is gone; every later call raises this too.
        """
        ...

    def close(self) -> None:
        """Let go of the device; more than once does no harm."""
        ...
