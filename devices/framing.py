"""PN53x frames cut out of a stream of bytes, with no wait longer than a gap once a frame has begun.

nfcpy's own transports wait for the missing rest of a torn frame as long as for an answer, a second lost at each. Here a
torn frame is an OSError after `GAP_S`, and asking again is the driver's work.
"""

import errno
from collections.abc import Callable
from typing import Final

GAP_S: Final = 0.06  # no chip pauses within a frame; a USB adapter delivers every 16 ms

_ACK: Final = bytes.fromhex("0000ff00ff00")
_START: Final = _ACK[:3]
_HEAD: Final = len(_ACK)  # enough to know an ACK, and the length of a normal frame
_EXTENDED: Final = 0xFF  # in the place of the length
_EXTENDED_HEAD: Final = 9


class FrameBuffer:
    """Frames from a source of bytes."""

    def __init__(self, receive: Callable[[float], bytes]) -> None:
        """Make an empty one.

        Args:
            receive: waits at most so many seconds for more bytes; empty where none came.
        """
        self._receive = receive
        self._received = bytearray()

    def clear(self) -> None:
        """Forget what was received and not read."""
        self._received.clear()

    def read(self, wait_s: float) -> bytearray:
        """Wait for a frame to begin, and read it.

        Raises:
            TimeoutError: none began.
            OSError: it was torn, or is none.
        """
        if not self._received:
            self._received += self._receive(wait_s)
        if not self._received:
            raise TimeoutError(errno.ETIMEDOUT, "no answer")
        try:
            return self._cut(self._length())
        except OSError:
            self.clear()
            raise

    def _length(self) -> int:
        self._collect(_HEAD)
        if self._received.startswith(_ACK):
            return _HEAD
        if not self._received.startswith(_START):
            raise OSError(errno.EIO, "not the start of a frame")
        if self._received[3] != _EXTENDED:
            return _HEAD + self._received[3] + 1
        self._collect(_EXTENDED_HEAD)
        return _EXTENDED_HEAD + int.from_bytes(self._received[5:7], "big") + 1

    def _cut(self, length: int) -> bytearray:
        self._collect(length)
        frame = self._received[:length]
        del self._received[:length]
        return frame

    def _collect(self, length: int) -> None:
        while len(self._received) < length:
            more = self._receive(GAP_S)
            if not more:
                raise OSError(errno.EIO, "the frame is torn")
            self._received += more
