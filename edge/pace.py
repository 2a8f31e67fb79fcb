"""How large a journal message may be on this line, learned from how long each took to come to the broker.

A message that takes long holds everything behind it up, a state or a sign of life too, and where it takes longer than
the keepalive the connection ends before it is over: then nothing would ever arrive. Outlives connections.
"""

from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 24 * 1024  # of the 64 KiB that may be: three seconds at 64 kbit/s
LEAST_BYTES: Final = 2 * 1024
QUICK_S: Final = 2.0
SLOW_S: Final = 6.0  # a third of the keepalive, and a third of what makes a heartbeat late


@dataclass(slots=True)
class Pace:
    """One kiosk's."""

    most_bytes: int = MOST_BYTES

    def learn(self, size_bytes: int, took_s: float) -> None:
        """A message of that size took that long."""
        if took_s > SLOW_S:
            self.slow_down(size_bytes)
        elif took_s < QUICK_S and size_bytes > self.most_bytes // 2:
            self.most_bytes = min(self.most_bytes * 2, MOST_BYTES)

    def slow_down(self, size_bytes: int) -> None:
        """The connection ended with a message of that size on its way; perhaps it was too large for it."""
        self.most_bytes = max(min(size_bytes, self.most_bytes) // 2, LEAST_BYTES)
