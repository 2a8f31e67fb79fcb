"""A line between driver and chip that is no line at all: for tests that need neither kernel nor time.

To nfcpy it is a transport like any other. How long a real line would have taken is told to `elapse`, so that a virtual
clock can go by it.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from devices.errors import ReaderLostError
from devices.framing import FrameBuffer
from simulator.chip.firmware import TRY_S
from simulator.chip.pn532 import ChipReply, Pn532Chip

_BITS_A_BYTE: Final = 10  # with start and stop bit


class MemoryLine:
    """nfcpy's transport over a chip in the same process."""

    TYPE = "TTY"
    port = "memory"

    def __init__(self, chip: Pn532Chip, *, elapse: Callable[[float], object] = lambda _: None) -> None:
        self.baudrate = 115_200
        self._chip = chip
        self._elapse = elapse
        self._answers: deque[ChipReply] = deque()
        self._frames = FrameBuffer(self._receive)
        self._is_cut = False

    def cut(self) -> None:
        """Break the line for good, as unplugging does."""
        self._is_cut = True

    def write(self, frame: bytes) -> None:
        """Hand the frame to the chip, and forget what it said before."""
        self._require_whole()
        self._frames.clear()
        self._answers.clear()
        self._elapse(self._line_time_s(frame))
        self._answers.extend(self._chip.receive(bytes(frame), speed=self.baudrate))

    def read(self, timeout: float) -> bytearray:
        """Give the chip's next frame, in nfcpy's milliseconds; fails as `FrameBuffer.read` does."""
        self._require_whole()
        return self._frames.read(timeout / 1000)

    def close(self) -> None:
        """Nothing is held."""

    def _receive(self, wait_s: float) -> bytes:
        while not self._answers and self._chip.is_searching and wait_s >= TRY_S:
            self._elapse(TRY_S)
            wait_s -= TRY_S
            self._answers.extend(self._chip.try_again())
        if not self._answers:
            self._elapse(wait_s)
            return b""
        reply = self._answers.popleft()
        self._elapse(reply.after_s + self._line_time_s(reply.frame))
        return reply.frame

    def _line_time_s(self, frame: bytes) -> float:
        return len(frame) * _BITS_A_BYTE / self.baudrate

    def _require_whole(self) -> None:
        if self._is_cut:
            raise ReaderLostError(f"{self.port} is gone", is_there=False)
