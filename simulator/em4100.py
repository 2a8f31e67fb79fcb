"""A serial reader of 125 kHz cards on a pseudo-terminal: it repeats the card that lies on it, and hears nothing.

`put`, `take`, `unplug` and `plug` may come from any thread; the repeating has a thread of its own.
"""

import threading
from collections.abc import Callable, Sequence
from functools import reduce
from operator import xor
from typing import Final

from simulator.chip.pn532 import ChipReply
from simulator.chip.pty import PtyPort

SPEED: Final = 9600
REPEAT_S: Final = 0.065
NUMBER_LENGTH: Final = 5


def frame_of(number: bytes, *, line_end: bytes = b"") -> bytes:
    """What such a reader says of a card; `line_end` is CR LF with those of the ID-12 family."""
    check = reduce(xor, number)
    return b"\x02" + (number + bytes([check])).hex().upper().encode() + line_end + b"\x03"


class Em4100Port:
    """A reader with its terminal, plugged in from the beginning."""

    def __init__(self, *, garble: Callable[[bytes], bytes] | None = None) -> None:
        """Make a reader on which nothing lies.

        Args:
            garble: what the line makes of each frame.
        """
        self._garble = garble or (lambda frame: frame)
        self._port = PtyPort(_Deaf())
        self._turn = threading.Condition()
        self._number: bytes | None = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._repeat, name=f"em4100 {self.path}", daemon=True)
        self._thread.start()

    @property
    def path(self) -> str:
        """The terminal's path."""
        return self._port.path

    @property
    def is_plugged(self) -> bool:
        """The terminal is there."""
        return self._port.is_plugged

    def put(self, number: bytes) -> None:
        """Lay a card on the reader, in place of any other; it is told at once."""
        if len(number) != NUMBER_LENGTH:
            raise ValueError(f"an EM4100 card has a number of {NUMBER_LENGTH} bytes, not {len(number)}")
        with self._turn:
            self._number = number
            self._tell()
            self._turn.notify()

    def take(self) -> None:
        """Take the card away: nothing is said any more."""
        with self._turn:
            self._number = None

    def say(self, noise: bytes) -> None:
        """Send something that is no frame."""
        with self._turn:
            self._port.send(noise, speed=SPEED)

    def plug(self) -> None:
        """Plug the reader in."""
        with self._turn:
            self._port.plug()

    def unplug(self) -> None:
        """Pull the reader out."""
        with self._turn:
            self._port.unplug()

    def power(self) -> None:
        """Cut the supply for a moment: such a reader has nothing to forget."""

    def close(self) -> None:
        """Unplug for good."""
        with self._turn:
            self._is_closed = True
            self._turn.notify()
        self._thread.join()
        self._port.close()

    def _repeat(self) -> None:
        with self._turn:
            while not self._is_closed:
                self._turn.wait(None if self._number is None else REPEAT_S)
                if not self._is_closed:
                    self._tell()

    def _tell(self) -> None:
        if self._number is not None:
            self._port.send(self._garble(frame_of(self._number)), speed=SPEED)


class _Deaf:
    """What such a reader makes of the host's bytes."""

    is_searching = False

    def power(self) -> None:
        """Nothing to forget."""

    def try_again(self) -> Sequence[ChipReply]:
        """Never asked for."""
        return ()

    def receive(self, chunk: bytes, *, speed: int) -> Sequence[ChipReply]:
        del chunk, speed
        return ()
