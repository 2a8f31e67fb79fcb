"""The chip on a pseudo-terminal: to the host a serial port like any other, with a speed that must be right.

A thread of its own carries bytes between terminal and chip. Unplugging hangs the terminal up; plugging in again gives
the same path back where the host has let go of it.
"""

import fcntl
import os
import select
import struct
import termios
import threading
import time
import tty
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

from simulator.chip.firmware import TRY_S
from simulator.chip.pn532 import ChipReply

SAME_PATH_WITHIN_S: Final = 3.0  # a host that polls notices a hang-up well before
IDLE_S: Final = 0.5  # a host that holds the reader polls more often
_RETRY_S: Final = 0.05

# What POSIX has no names for: the chip's fastest speed, and whether a host keeps others out (asm-generic/ioctls.h).
_TCGETS2: Final = 0x802C542A
_TIOCGEXCL: Final = 0x80045440
_TERMIOS2: Final = struct.Struct("4I20s2I")


class Chip(Protocol):
    """Whatever answers behind a terminal."""

    def power(self) -> None:
        """Begin anew."""

    def receive(self, chunk: bytes, *, speed: int) -> Sequence[ChipReply]:
        """Take in what the host sent at that speed, and answer."""
        ...

    @property
    def is_searching(self) -> bool:
        """It has more to say unasked: `try_again` is wanted every `TRY_S`."""
        ...

    def try_again(self) -> Sequence[ChipReply]:
        """Go on with what it is at."""
        ...


class PtyPort:
    """A pseudo-terminal with a chip behind it, plugged in from the beginning."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._thread: threading.Thread | None = None
        self._master = self._slave = self._stop_reader = self._stop_writer = -1
        self.path = ""
        self.plug()

    @property
    def is_plugged(self) -> bool:
        """The terminal is there."""
        return self._thread is not None

    def plug(self) -> None:
        """Plug the reader in: the chip has power, and `path` leads to it."""
        if self.is_plugged:
            return
        self._chip.power()
        self._let_go()
        self._master, self._slave = self._open_pair()
        self.path = os.ttyname(self._slave)
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread = threading.Thread(target=self._carry, name=f"chip {self.path}", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Pull the reader out: the host's side is hung up."""
        if self._thread is None:
            return
        os.write(self._stop_writer, b"x")
        self._thread.join()
        self._thread = None
        # The slave stays open: else the host's own closing would be a hang-up for the chip, and once unplugged the
        # kernel would give the path to whoever asks next.
        for fd in (self._master, self._stop_reader, self._stop_writer):
            os.close(fd)

    def send(self, frame: bytes, *, speed: int) -> None:
        """Say something unasked; a host that listens at another speed hears noise. Not while it is being unplugged."""
        if self._thread is None:
            return
        heard = frame if _speed_of(self._slave) == speed else bytes(byte ^ 0xFF for byte in frame)
        with suppress(BlockingIOError):
            os.write(self._master, heard)

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        self._let_go()

    def _replies(self) -> Sequence[ChipReply]:
        chunk = os.read(self._master, 4096)
        # The host changes its speed right after its ACK, so this may already be the next one; the chip knows both.
        return self._chip.receive(chunk, speed=_speed_of(self._slave))

    def _unasked(self) -> Sequence[ChipReply]:
        if self._chip.is_searching:
            return self._chip.try_again()
        self._free_from_the_dead()
        return []

    def _free_from_the_dead(self) -> None:
        """Let others open the terminal where its holder was killed: a real port frees itself with its last closing."""
        if not _is_exclusive(self._slave):
            return
        with suppress(BlockingIOError):  # a host still has it locked
            fcntl.flock(self._slave, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.ioctl(self._slave, termios.TIOCNXCL)
            fcntl.flock(self._slave, fcntl.LOCK_UN)

    def _let_go(self) -> None:
        if self._slave != -1:
            os.close(self._slave)
            self._slave = -1

    def _open_pair(self) -> tuple[int, int]:
        """Open a terminal, at the same path as before if the host gives it up in time."""
        deadline_s = time.monotonic() + SAME_PATH_WITHIN_S
        while True:
            if pair := self._climb_to_path():
                return pair
            if time.monotonic() >= deadline_s:
                return os.openpty()
            time.sleep(_RETRY_S)

    def _climb_to_path(self) -> tuple[int, int] | None:
        """The kernel gives the lowest free number: hold all lower ones until ours comes, or one past it."""
        held: list[tuple[int, int]] = []
        try:
            while True:
                pair = os.openpty()
                path = os.ttyname(pair[1])
                if self.path in ("", path):
                    return pair
                held.append(pair)
                if (len(path), path) > (len(self.path), self.path):
                    return None
        finally:
            for fd in (fd for pair in held for fd in pair):
                os.close(fd)

    def _carry(self) -> None:
        while True:
            patience_s = TRY_S if self._chip.is_searching else IDLE_S
            readable, _, _ = select.select([self._master, self._stop_reader], [], [], patience_s)
            if self._stop_reader in readable:
                return
            for reply in self._replies() if readable else self._unasked():
                if reply.after_s and select.select([self._stop_reader], [], [], reply.after_s)[0]:
                    return
                with suppress(BlockingIOError):  # a host that does not read loses bytes, as on a real line
                    os.write(self._master, reply.frame)


def _is_exclusive(fd: int) -> bool:
    return bool(struct.unpack("i", fcntl.ioctl(fd, _TIOCGEXCL, bytes(4)))[0])


def _speed_of(fd: int) -> int:
    """What the host has set, in bits a second."""
    return int(_TERMIOS2.unpack(fcntl.ioctl(fd, _TCGETS2, bytes(_TERMIOS2.size)))[-1])
