"""A line between driver and chip that is no line at all: for tests that need neither kernel nor time.

To nfcpy it is a transport like any other. It does not wait: what the chip has not said yet, it will not say.
"""

from __future__ import annotations

import errno
from collections import deque
from typing import TYPE_CHECKING

from devices.errors import ReaderLostError
from simulator.chip.frames import ACK

if TYPE_CHECKING:
    from simulator.chip.pn532 import Pn532Chip

_SHORTEST = len(ACK)


class MemoryLine:
    """nfcpy's transport over a chip in the same process."""

    TYPE = "TTY"
    port = "memory"

    def __init__(self, chip: Pn532Chip) -> None:
        self.baudrate = 115_200
        self._chip = chip
        self._answers: deque[bytes] = deque()
        self._is_cut = False

    def cut(self) -> None:
        """Break the line for good, as unplugging does."""
        self._is_cut = True

    def write(self, frame: bytes) -> None:
        """Hand the frame to the chip, and forget what it said before."""
        self._require_whole()
        self._answers.clear()
        self._answers.extend(reply.frame for reply in self._chip.receive(bytes(frame), speed=self.baudrate))

    def read(self, timeout: float) -> bytearray:  # noqa: ARG002 - nothing to wait for
        """Give the chip's next frame, or fail as `devices.serial_line.SerialLine` does."""
        self._require_whole()
        if not self._answers:
            raise TimeoutError(errno.ETIMEDOUT, "no answer")
        frame = bytearray(self._answers.popleft())
        if len(frame) < _SHORTEST or frame[-1] != 0:
            raise OSError(errno.EIO, "the frame is torn")
        return frame

    def close(self) -> None:
        """Nothing is held."""

    def _require_whole(self) -> None:
        if self._is_cut:
            raise ReaderLostError(f"{self.port} is gone", is_there=False)
