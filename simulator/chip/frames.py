"""The frames between a host and a PN532 (NXP UM0701-02, 6.2.1), both ways, without I/O.

Whatever does not check is passed over, as the chip does: the host hears nothing and asks again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

ACK: Final = bytes.fromhex("0000ff00ff00")
SYNTAX_ERROR: Final = bytes.fromhex("0000ff01ff7f8100")
FROM_HOST: Final = 0xD4
FROM_CHIP: Final = 0xD5

_START: Final = b"\x00\xff"
_LONGEST_NORMAL: Final = 255
_LONGEST: Final = 265  # of any frame's body, 6.2.1.2


class Ack:
    """The host's ACK: it has the answer, or gives up waiting for it."""


class Nack:
    """The host asks for the last answer again."""


@dataclass(frozen=True, slots=True)
class ChipCommand:
    """A command code with its parameters."""

    code: int
    parameters: bytes


def answer(code: int, parameters: bytes) -> bytes:
    """The chip's answer to a command, framed."""
    body = bytes([FROM_CHIP, code + 1]) + parameters
    if len(body) <= _LONGEST_NORMAL:
        head = bytes([len(body), -len(body) & 0xFF])
    else:
        size = len(body).to_bytes(2, "big")
        head = b"\xff\xff" + size + bytes([-sum(size) & 0xFF])
    return b"\x00" + _START + head + body + bytes([-sum(body) & 0xFF, 0])


def bare(frame: bytes) -> bytes:
    """A frame without preamble and postamble, as a host may ask for by SetParameters (7.2.9)."""
    return frame[1:-1]


class FrameReader:
    """Cuts the host's bytes into frames, however they are chopped up."""

    def __init__(self) -> None:
        self._received = bytearray()

    def forget(self) -> None:
        """Drop what is half received."""
        self._received.clear()

    def take(self, chunk: bytes) -> Iterator[Ack | Nack | ChipCommand]:
        """Take in more bytes and yield every frame that they complete."""
        self._received += chunk
        while (start := self._received.find(_START)) >= 0:
            del self._received[:start]
            if len(self._received) < 4:  # noqa: PLR2004 - start and length
                return
            size = self._body_at()
            if size is None:
                return
            offset, length = size
            if length == 0:
                frame = Ack() if self._received[2] == 0 else Nack()
                del self._received[:4]
                yield frame
                continue
            if length < 0:
                del self._received[:1]  # the lengths do not agree: look for the next start
                continue
            if len(self._received) < offset + length + 1:
                return
            body = bytes(self._received[offset : offset + length])
            checks = (sum(body) + self._received[offset + length]) & 0xFF == 0
            del self._received[: offset + length + 1]
            if checks and body[0] == FROM_HOST and length > 1:
                yield ChipCommand(body[1], body[2:])
        del self._received[:-1]

    def _body_at(self) -> tuple[int, int] | None:
        """Where the body begins and its length: 0 for ACK and NACK, below 0 for nonsense, None while unknown."""
        low, check = self._received[2:4]
        if (low, check) in ((0x00, 0xFF), (0xFF, 0x00)):
            return 4, 0
        if (low, check) != (0xFF, 0xFF):
            return 4, (low if (low + check) & 0xFF == 0 else -1)
        if len(self._received) < 7:  # noqa: PLR2004 - an extended frame's longer head
            return None
        length = int.from_bytes(self._received[4:6], "big")
        return 7, (length if sum(self._received[4:7]) & 0xFF == 0 and length <= _LONGEST else -1)
