"""A serial port that nfcpy can use as its transport, without what goes wrong with nfcpy's own.

It looks at no other port, never becomes the process's controlling terminal (else unplugging kills a service by SIGHUP),
never waits long for the rest of a torn frame, and holds the port for itself. What frames mean is nfcpy's business.
A port that is gone raises `ReaderLostError`, which nfcpy, unlike an OSError, hands through unchanged.
"""

from __future__ import annotations

import errno
import os
import select
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import serial

from devices.errors import ReaderLostError, ReaderUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

GAP_S: Final = 0.06  # no chip pauses within a frame; a USB adapter delivers every 16 ms
SHORTEST_WAIT_S: Final = 0.05  # nfcpy asks for 0 where it means "soon"

_ACK: Final = bytes.fromhex("0000ff00ff00")
_START: Final = bytes.fromhex("0000ff")
_HEAD: Final = 6  # enough to know an ACK, and the length of a normal frame
_EXTENDED_HEAD: Final = 9
_GONE: Final = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO)
_HELD: Final = (errno.EBUSY, errno.EAGAIN)


class SerialLine:
    """One open serial port, as nfcpy's chip drivers want their transport."""

    TYPE = "TTY"

    def __init__(self, path: str, *, first_wait_s: float = 0.0) -> None:
        """Open the port.

        Args:
            path: any character device, by any of its names.
            first_wait_s: wait at least this long for the very first answer.

        Raises:
            ReaderLostError: nothing is there.
            ReaderUnusableError: it is no terminal, or not ours to open.
        """
        self.port = path
        self._first_wait_s = first_wait_s
        self._received = bytearray()
        try:
            self._serial = serial.Serial(path, timeout=0, exclusive=True)  # pyserial opens with O_NOCTTY
        except (OSError, termios.error) as exc:
            raise _refusal(path, exc) from exc
        self._fd = self._serial.fileno()

    @property
    def baudrate(self) -> int:
        """Bits a second, both ways."""
        return int(self._serial.baudrate)

    @baudrate.setter
    def baudrate(self, value: int) -> None:
        with self._alive():
            self._serial.baudrate = value

    def write(self, frame: bytes) -> None:
        """Send a frame, forgetting whatever came in before it."""
        self._received.clear()
        with self._alive():
            termios.tcflush(self._fd, termios.TCIFLUSH)
            sent = os.write(self._fd, frame)
        if sent != len(frame):
            raise OSError(errno.EIO, "the line takes no more")

    def read(self, timeout: float) -> bytearray:
        """Wait for a frame, in nfcpy's milliseconds.

        Raises:
            TimeoutError: nothing came.
            OSError: the frame was torn.
        """
        wait_s = max(timeout / 1000, SHORTEST_WAIT_S, self._first_wait_s)
        self._first_wait_s = 0.0
        if not self._received and not self._receive(wait_s):
            raise TimeoutError(errno.ETIMEDOUT, "no answer")
        return self._frame()

    def close(self) -> None:
        """Close the port; the chip keeps its state."""
        self._received.clear()
        try:
            self._serial.close()
        except (OSError, termios.error):
            return  # the port went first

    def _frame(self) -> bytearray:
        self._collect(_HEAD)
        if self._received.startswith(_ACK):
            return self._cut(_HEAD)
        if not self._received.startswith(_START):
            self._received.clear()
            raise OSError(errno.EIO, "not the start of a frame")
        if self._received[3] != 0xFF:  # noqa: PLR2004 - the mark of an extended frame
            return self._cut(_HEAD + self._received[3] + 1)
        self._collect(_EXTENDED_HEAD)
        return self._cut(_EXTENDED_HEAD + int.from_bytes(self._received[5:7], "big") + 1)

    def _cut(self, length: int) -> bytearray:
        self._collect(length)
        frame = self._received[:length]
        del self._received[:length]
        return frame

    def _collect(self, length: int) -> None:
        while len(self._received) < length:
            if not self._receive(GAP_S):
                self._received.clear()
                raise OSError(errno.EIO, "the frame is torn")

    def _receive(self, wait_s: float) -> bool:
        with self._alive():
            if not select.select([self._fd], [], [], wait_s)[0]:
                return False
            chunk = os.read(self._fd, 512)
        if not chunk:
            raise ReaderLostError(f"{self.port} was hung up", is_there=False)
        self._received += chunk
        return True

    @contextmanager
    def _alive(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:
            raise
        except (OSError, termios.error, ValueError, TypeError) as exc:  # the last two: pyserial once it is closed
            raise ReaderLostError(f"{self.port} is gone: {exc}", is_there=False) from exc


def _refusal(path: str, exc: Exception) -> ReaderLostError | ReaderUnusableError:
    reason = getattr(exc, "errno", None)
    if reason in _GONE:
        return ReaderLostError(f"{path} is not there", is_there=False)
    if reason in _HELD:
        return ReaderUnusableError(f"{path} is held by another process; one agent a reader is wanted")
    if reason in (errno.EACCES, errno.EPERM):
        return ReaderUnusableError(f"{path} may not be opened by this user; give it the device's group (often dialout)")
    return ReaderUnusableError(f"{path} is no serial port: {exc}")
