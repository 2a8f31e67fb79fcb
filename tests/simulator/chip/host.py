"""A host that speaks to the chip in commands, and reads its frames."""

from __future__ import annotations

from simulator.chip.firmware import TRY_S
from simulator.chip.frames import ACK, SYNTAX_ERROR
from simulator.chip.pn532 import Pn532Chip

WAKE_UP = bytes(10)


def framed(code: int, parameters: bytes) -> bytes:
    body = bytes([0xD4, code]) + parameters
    if len(body) <= 255:
        head = bytes([len(body), -len(body) & 0xFF])
    else:
        size = len(body).to_bytes(2, "big")
        head = b"\xff\xff" + size + bytes([-sum(size) & 0xFF])
    return b"\x00\x00\xff" + head + body + bytes([-sum(body) & 0xFF, 0])


class Host:
    """Asks a chip that it has woken and set up."""

    def __init__(self, chip: Pn532Chip, *, is_ready: bool = True) -> None:
        self.chip = chip
        chip.receive(WAKE_UP)
        if is_ready:
            self.ask(0x14, "01")

    def ask(self, code: int, parameters: str = "", *, within_s: float = 0.0) -> str | None:
        """The answer's parameters in hex; "syntax" for the error frame, None for no answer in time."""
        replies = self.chip.receive(framed(code, bytes.fromhex(parameters)))
        assert replies[0].frame == ACK
        waited_s = 0.0
        while len(replies) == 1 and self.chip.is_searching and waited_s < within_s:
            replies += self.chip.try_again()
            waited_s += TRY_S
        return None if len(replies) == 1 else self._read(replies[1].frame, code)

    def _read(self, frame: bytes, code: int) -> str:
        if frame == SYNTAX_ERROR:
            return "syntax"
        assert frame[:3] == b"\x00\x00\xff"
        assert frame[5:7] == bytes([0xD5, code + 1])
        assert sum(frame[5:-1]) & 0xFF == 0
        return frame[7:-2].hex()
