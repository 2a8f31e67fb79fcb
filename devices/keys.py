"""Key presses of a keyboard wedge, and the scans that they make.

A scan is typed at once, and ends by Enter, Tab or a pause. Keys more than `GAP_S` apart are not of one scan: a half
that the reader broke off, or a human hand at the keyboard, spoils nothing that comes after it. What has not exactly the
configured length is passed over, and that is told once, without what was typed.
"""

import logging
import struct
from collections.abc import Iterator
from typing import Final

from devices.card import Card
from devices.spelling import Spelling

_log = logging.getLogger(__name__)

GAP_S: Final = 0.1  # wedges type a key every 1 to 30 ms; the kernel's stamps tell it, however late we look
EVENT: Final = struct.Struct("@llHHi")  # struct input_event: seconds, microseconds, type, code, value

EV_SYN: Final = 0
EV_KEY: Final = 1
SYN_DROPPED: Final = 3
PRESSED: Final = 1
ENTER: Final = 28
_ENDS: Final = frozenset({ENTER, 96, 15})  # the keypad's Enter; Tab
_SILENT: Final = frozenset({42, 54, 58, 69})  # both Shifts, Caps Lock, Num Lock: they make no other digit
_ROW: Final = dict(zip((11, 2, 3, 4, 5, 6, 7, 8, 9, 10), "0123456789", strict=True))
_KEYPAD: Final = dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True))
_LETTERS: Final = dict(zip((30, 48, 46, 32, 18, 33), "ABCDEF", strict=True))
CHARACTERS: Final = {**_ROW, **_KEYPAD, **_LETTERS, 51: ","}
_ANOTHER: Final = "?"
_MOST: Final = 64  # longer than any scan


class KeyScans:
    """A `Decoder` of input events in one spelling. Time is the monotonic clock's, as the device's must be."""

    def __init__(self, spelling: Spelling, name: str) -> None:
        """Begin with nothing typed; `name` is for the log."""
        self._spelling = spelling
        self._name = name
        self._received = bytearray()
        self._typed = ""
        self._last_s = 0.0
        self._is_told = False

    @property
    def patience_s(self) -> float:
        """A pause ends what was begun."""
        return GAP_S if self._typed else float("inf")

    def feed(self, chunk: bytes, mono_s: float) -> Iterator[Card]:
        """Take in events, and give the cards that they, or the pause since the last one, complete."""
        for code, at_s in self._presses(chunk):
            if at_s - self._last_s > GAP_S:
                yield from self._end()
            self._last_s = at_s
            if code in _ENDS:
                yield from self._end()
            elif code not in _SILENT and len(self._typed) < _MOST:
                self._typed += CHARACTERS.get(code, _ANOTHER)
        if not chunk and mono_s - self._last_s > GAP_S:  # else the rest may only not have been fetched yet
            yield from self._end()

    def _presses(self, chunk: bytes) -> Iterator[tuple[int, float]]:
        self._received += chunk
        whole = len(self._received) // EVENT.size * EVENT.size
        events = bytes(self._received[:whole])
        del self._received[:whole]
        for seconds, micros, kind, code, value in EVENT.iter_unpack(events):
            if kind == EV_KEY and value == PRESSED:
                yield code, seconds + micros / 1e6
            elif (kind, code) == (EV_SYN, SYN_DROPPED):
                self._typed += _ANOTHER  # keys were lost: what lies around the hole is no number

    def _end(self) -> Iterator[Card]:
        typed, self._typed = self._typed, ""
        if not typed:
            return
        card = self._spelling.read(typed)
        if card is not None:
            yield card
        elif not self._is_told:
            self._is_told = True
            _log.warning(
                "reader %s typed %d characters that are no card number of digits=%s: passed over, and so without a "
                "word from now on",
                self._name, len(typed), self._spelling.digits,
            )  # fmt: skip
