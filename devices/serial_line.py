"""A serial port that nfcpy can use as its transport, without what goes wrong with nfcpy's own.

It looks at no other port, never becomes the process's controlling terminal (else unplugging kills a service by SIGHUP),
and holds the port for itself. A port that is gone raises `ReaderLostError`, which nfcpy, unlike an OSError, hands
through unchanged. What a frame is, `framing` knows.
"""

import errno
import fcntl
import os
import select
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import serial

from devices.errors import ReaderLostError, ReaderUnusableError
from devices.framing import FrameBuffer

SHORTEST_WAIT_S: Final = 0.05  # nfcpy asks for 0 where it means "soon"
_BITS_A_BYTE: Final = 10  # with start and stop bit

_GONE: Final = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO)
_HELD: Final = (errno.EBUSY, errno.EAGAIN)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM)


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
        self._sent = 0
        self._frames = FrameBuffer(self.receive)
        try:
            self._serial = serial.Serial(path, timeout=0, exclusive=True)  # pyserial opens with O_NOCTTY
        except (OSError, termios.error) as exc:
            raise _refusal(path, exc) from exc
        self._fd = self._serial.fileno()
        with suppress(OSError):  # where the port is gone already, the first write says so
            # The lock that pyserial takes keeps out those who ask for it; this, everybody but root.
            fcntl.ioctl(self._fd, termios.TIOCEXCL)

    @property
    def baudrate(self) -> int:
        """Bits a second, both ways."""
        return int(self._serial.baudrate)

    @baudrate.setter
    def baudrate(self, value: int) -> None:
        if self._sent:  # still leaving the port, the last bytes would be garbled by another speed
            time.sleep(self._sent * _BITS_A_BYTE / self._serial.baudrate)
        with self._alive():
            self._serial.baudrate = value

    def write(self, frame: bytes) -> None:
        """Send a frame, forgetting whatever came in before it."""
        self._frames.clear()
        with self._alive():
            termios.tcflush(self._fd, termios.TCIFLUSH)
            sent = self._sent = os.write(self._fd, frame)
        if sent != len(frame):
            raise OSError(errno.EIO, "the line takes no more")

    def read(self, timeout: float) -> bytearray:
        """Wait for a frame, in nfcpy's milliseconds; fails as `FrameBuffer.read` does."""
        wait_s = max(timeout / 1000, SHORTEST_WAIT_S, self._first_wait_s)
        self._first_wait_s = 0.0
        return self._frames.read(wait_s)

    def receive(self, wait_s: float) -> bytes:
        """Wait for bytes, whatever they are; empty where none came."""
        with self._alive():
            if not select.select([self._fd], [], [], wait_s)[0]:
                return b""
            chunk = os.read(self._fd, 512)
        if not chunk:
            raise ReaderLostError(f"{self.port} was hung up", is_there=False)
        return chunk

    def close(self) -> None:
        """Close the port; the chip keeps its state."""
        if self._serial.is_open:
            with suppress(OSError):  # the port may have gone first
                fcntl.ioctl(self._fd, termios.TIOCNXCL)  # a pseudo-terminal would keep it
        with suppress(OSError, termios.error):
            self._serial.close()

    @contextmanager
    def _alive(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:
            raise
        except (OSError, termios.error) as exc:
            raise ReaderLostError(f"{self.port} is gone: {exc}", is_there=False) from exc


def _refusal(path: str, exc: Exception) -> ReaderLostError | ReaderUnusableError:
    reason = getattr(exc, "errno", None)
    if reason in _GONE:
        return ReaderLostError(f"{path} is not there", is_there=False)
    if reason in _HELD:
        return ReaderUnusableError(f"{path} is held by another process; one agent a reader is wanted")
    if reason in _FORBIDDEN:
        return ReaderUnusableError(f"{path} may not be opened by this user; give it the device's group (often dialout)")
    return ReaderUnusableError(f"{path} is no serial port: {exc}")
