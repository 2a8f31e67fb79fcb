"""A keyboard wedge: types the number of each card that is put to it, once, and Enter.

Where the kernel lets us, it is a keyboard (uinput), else a pipe that carries the same events; `is_keyboard` says which.
A card that stays is not typed again, and taking it away is no event.
"""

import errno
import fcntl
import os
import struct
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, Protocol

from devices.keys import CHARACTERS, ENTER, EV_KEY, EV_SYN, EVENT, PRESSED
from devices.spelling import Spelling

UINPUT: Final = Path("/dev/uinput")
_INPUTS: Final = Path("/sys/devices/virtual/input")
_UI_SET_EVBIT: Final = 0x40045564  # linux/uinput.h
_UI_SET_KEYBIT: Final = 0x40045565
_UI_DEV_SETUP: Final = 0x405C5503
_UI_DEV_CREATE: Final = 0x5501
_UI_GET_SYSNAME_64: Final = 0x8040552C
_SETUP: Final = struct.Struct("@HHHH80sI")  # struct uinput_setup: bus, vendor, product, version; name; effects
_BUS_USB: Final = 0x03
_KEY_OF: Final = {character: code for code, character in reversed(CHARACTERS.items())}


class Wire(Protocol):
    """What carries the events to the host."""

    path: str

    def write(self, events: bytes) -> None:
        """Hand over; where no host listens, nothing comes of it."""

    def close(self) -> None:
        """Pull it out."""


class Pipe:
    """A named pipe in place of a device."""

    def __init__(self, path: str = "") -> None:
        self.path = path or str(Path(mkdtemp(prefix="zaigang-wedge-")) / "event0")
        os.mkfifo(self.path, 0o600)
        self._fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)  # no host opens: no error here

    def write(self, events: bytes) -> None:
        """Hand over, as far as the host reads."""
        with suppress(BlockingIOError):
            os.write(self._fd, events)

    def close(self) -> None:
        """Hang up, and leave nothing."""
        Path(self.path).unlink(missing_ok=True)
        os.close(self._fd)


class Keyboard:
    """A keyboard of the kernel's making."""

    def __init__(self) -> None:
        self._fd = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(self._fd, _UI_SET_EVBIT, EV_KEY)
        for code in (*CHARACTERS, ENTER):
            fcntl.ioctl(self._fd, _UI_SET_KEYBIT, code)
        fcntl.ioctl(self._fd, _UI_DEV_SETUP, _SETUP.pack(_BUS_USB, 0, 0, 1, b"invented card reader", 0))
        fcntl.ioctl(self._fd, _UI_DEV_CREATE)
        sysname = fcntl.ioctl(self._fd, _UI_GET_SYSNAME_64, bytes(64)).rstrip(b"\0").decode()
        self.path = f"/dev/input/{next((_INPUTS / sysname).glob('event*')).name}"

    def write(self, events: bytes) -> None:
        """Type."""
        os.write(self._fd, events)

    def close(self) -> None:
        """Take the keyboard away."""
        os.close(self._fd)


class WedgePort:
    """A wedge, plugged in from the beginning."""

    def __init__(self) -> None:
        self._wire: Wire | None = _make_wire()
        self.path = self._wire.path
        self.is_keyboard = isinstance(self._wire, Keyboard)

    @property
    def is_plugged(self) -> bool:
        """It is there."""
        return self._wire is not None

    def put(self, text: str) -> None:
        """Hold a card to it whose number it spells so; it types, and Enter."""
        if not text or set(text) - set(_KEY_OF):
            raise ValueError("a wedge types digits, A to F and commas")
        self.press([*(_KEY_OF[character] for character in text), ENTER])

    def press(self, codes: Iterable[int], at_s: float | None = None) -> None:
        """Press and let go of keys, 1 ms apart as far as the stamps tell."""
        begin_s = time.monotonic() if at_s is None else at_s
        keys = [(n, code, value) for n, code in enumerate(codes) for value in (PRESSED, 0)]
        self.write(b"".join(key_event(begin_s + n / 1000, code, value) for n, code, value in keys))

    def write(self, events: bytes) -> None:
        """Say these bytes."""
        if self._wire is not None:
            self._wire.write(events)

    def take(self) -> None:
        """Take the card away, of which a wedge says nothing."""

    def power(self) -> None:
        """Cut the supply for a moment: it is another keyboard afterwards."""
        self.unplug()
        self.plug()

    def plug(self) -> None:
        """Plug it in; a keyboard may get another path."""
        if self._wire is None:
            self._wire = Keyboard() if self.is_keyboard else Pipe(self.path)
            self.path = self._wire.path

    def unplug(self) -> None:
        """Pull it out."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        if not self.is_keyboard:
            with suppress(OSError):
                Path(self.path).parent.rmdir()


def spell(number: bytes, spelling: Spelling) -> str:
    """What a wedge types for a card of that number."""
    if len(number) != len(spelling.prefix) + spelling.size or not number.startswith(spelling.prefix):
        raise ValueError(
            f"this wedge reads numbers of {len(spelling.prefix) + spelling.size} bytes"
            + (f" that begin with {spelling.prefix.hex().upper()}" if spelling.prefix else "")
        )
    value = int.from_bytes(number[len(spelling.prefix) :], "little" if spelling.is_reversed else "big")
    if spelling.digits == "wg26":
        return f"{value >> 16:03},{value & 0xFFFF:05}"
    return f"{value:0{spelling.digits[3:]}{'X' if spelling.digits.startswith('hex') else ''}}"


def key_event(at_s: float, code: int, value: int) -> bytes:
    """A key's event and the mark after it."""
    seconds, micros = divmod(round(at_s * 1e6), 1_000_000)
    return EVENT.pack(seconds, micros, EV_KEY, code, value) + EVENT.pack(seconds, micros, EV_SYN, 0, 0)


def _make_wire() -> Wire:
    try:
        return Keyboard()
    except OSError as exc:
        if exc.errno not in (errno.ENOENT, errno.ENODEV, errno.EACCES, errno.EPERM, errno.ENXIO):
            raise
        return Pipe()
