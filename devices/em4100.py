"""Serial readers of 125 kHz cards: RDM6300, RDM630, ID-12 and their like, which talk at 9600 baud and take no orders.

A frame is STX, ten hex digits of number, two of checksum (the exclusive or of the five bytes), ETX; some put CR LF
before ETX. It is repeated for as long as the card stays. A frame that does not check is passed over: the next one
comes at once. Such a reader without a card says nothing, so only a card shows that it works.
"""

import string
from collections.abc import Iterator
from functools import reduce
from operator import xor
from typing import Final

from devices.announced import REPEATED_GONE_S, AnnouncedReader
from devices.card import EM4100, Card
from devices.serial_line import SerialLine

SPEED: Final = 9600
_STX: Final = 0x02
_ETX: Final = 0x03
_DIGITS: Final = 12
_LONGEST: Final = _DIGITS + 2  # with CR LF
_HEX: Final = frozenset(string.hexdigits.encode())


def open_reader(address: str, name: str) -> AnnouncedReader:
    """Open the port at a path (see `catalogue.open_reader`)."""
    line = SerialLine(address)
    try:
        line.baudrate = SPEED
    except BaseException:
        line.close()
        raise
    return AnnouncedReader(line, Frames(), name, gone_after_s=REPEATED_GONE_S)


class Frames:
    """A `Decoder` of such frames, however they were chopped up and whatever lies between them."""

    patience_s: Final = float("inf")

    def __init__(self) -> None:
        self._begun: bytearray | None = None

    def feed(self, chunk: bytes, mono_s: float) -> Iterator[Card]:
        """Take in bytes and give the cards whose frames they complete."""
        del mono_s
        for byte in chunk:
            if byte == _STX:
                self._begun = bytearray()
            elif self._begun is not None:
                if byte == _ETX:
                    yield from _cards(bytes(self._begun))
                    self._begun = None
                elif len(self._begun) < _LONGEST:
                    self._begun.append(byte)
                else:
                    self._begun = None


def _cards(frame: bytes) -> Iterator[Card]:
    """The card of a frame's inside, where it checks."""
    digits = frame.removesuffix(b"\r\n")
    if len(digits) != _DIGITS or not _HEX.issuperset(digits):
        return
    *number, check = bytes.fromhex(digits.decode("ascii"))
    if reduce(xor, number) == check:
        yield Card(EM4100, bytes(number), "other")
