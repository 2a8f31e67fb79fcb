"""Card readers that are keyboards: they type a number and, mostly, Enter.

The device is grabbed, so that nothing of it reaches a console or a page; a keyboard that cannot be had alone is not
used. It says nothing of a card that stays: holding one there is no sign, and stepping out needs another reader.
"""

import errno
import fcntl
import os
import select
import stat
import struct
import time
from contextlib import suppress
from typing import Final

from devices.announced import NAMED_ONCE_GONE_S, AnnouncedReader
from devices.errors import ReaderLostError, ReaderUnusableError
from devices.keys import EVENT, KeyScans
from devices.spelling import read_spelling

_EVIOCGRAB: Final = 0x40044590  # linux/input.h
_EVIOCSCLOCKID: Final = 0x400445A0
_GONE: Final = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO)
_CHUNK: Final = 64 * EVENT.size


def open_reader(address: str, name: str) -> AnnouncedReader:
    """Open the input device of `PATH?digits=...` (see `catalogue.open_reader`)."""
    path, _, query = address.partition("?")
    spelling = read_spelling(query)
    return AnnouncedReader(InputDevice(path), KeyScans(spelling, name), name, gone_after_s=NAMED_ONCE_GONE_S)


class InputDevice:
    """The `Source` of one input device's events; or a pipe that stands in for one, which nobody else can read."""

    def __init__(self, path: str) -> None:
        """Open and grab it, and forget what was typed before.

        Raises:
            ReaderLostError: nothing is there.
            ReaderUnusableError: it is no input device, or not ours to grab.
        """
        self._path = path
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as exc:
            raise _refusal(path, exc) from exc
        try:
            if not stat.S_ISFIFO(os.fstat(self._fd).st_mode):
                fcntl.ioctl(self._fd, _EVIOCGRAB, 1)
                fcntl.ioctl(self._fd, _EVIOCSCLOCKID, struct.pack("@i", time.CLOCK_MONOTONIC))
            with suppress(BlockingIOError):
                while os.read(self._fd, _CHUNK):
                    pass
        except OSError as exc:
            self.close()
            raise _refusal(path, exc) from exc

    def receive(self, wait_s: float) -> bytes:
        """Wait for events; empty where none came."""
        try:
            if not select.select([self._fd], [], [], wait_s)[0]:
                return b""
            chunk = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as exc:
            raise ReaderLostError(f"{self._path} is gone: {exc.strerror}", is_there=False) from exc
        if not chunk:
            raise ReaderLostError(f"{self._path} was hung up", is_there=False)
        return chunk

    def close(self) -> None:
        """Let go of the keyboard."""
        if self._fd != -1:
            os.close(self._fd)
            self._fd = -1


def _refusal(path: str, exc: OSError) -> ReaderLostError | ReaderUnusableError:
    if exc.errno in _GONE:
        return ReaderLostError(f"{path} is not there", is_there=False)
    if exc.errno == errno.EBUSY:
        return ReaderUnusableError(f"{path} is grabbed by another process; one agent a reader is wanted")
    if exc.errno in (errno.EACCES, errno.EPERM):
        return ReaderUnusableError(f"{path} may not be opened by this user; give it the device's group (input)")
    return ReaderUnusableError(f"{path} is no input device: {exc.strerror}")
