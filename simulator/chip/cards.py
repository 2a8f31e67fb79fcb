"""The cards and phones that simulated people hold to a chip: what each says on the air, without its checksums.

A card lives on the field: switched off and on again it has forgotten everything, and a phone has another number.
None of them knows who carries it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

_SHORT_NAK: Final = b"\x00"  # four bits on the air
_SHORT_ACK: Final = b"\x0a"


class AirCard:
    """What any card does: appear in a field with a number, and fall silent after what it does not understand.

    Attributes:
        atqa: the answer to the request, high byte first.
        sak: the answer to the selection.
        number: the unique identifier.
        slips_away: answers the request, and is gone before its number is read.
    """

    atqa: bytes
    sak: int

    def __init__(self, number: bytes) -> None:
        self.number = number
        self.slips_away = False
        self.is_halted = False

    def feel_field(self) -> None:
        """The field came on: begin anew."""
        self.is_halted = False

    def exchange(self, command: bytes) -> bytes | None:
        """Answer a command after selection; None is silence."""
        answer = None if self.is_halted or not command else self._answer(command)
        self.is_halted = self.is_halted or answer in (None, _SHORT_NAK)
        return answer

    def _answer(self, command: bytes) -> bytes | None:  # noqa: ARG002 - for the cards that do understand something
        """Answer a command while awake; `_SHORT_NAK` for one not understood."""
        return _SHORT_NAK


class Ntag213(AirCard):
    """An NXP NTAG213 with one NDEF message (data sheet NTAG213/215/216 rev. 3.2)."""

    atqa = b"\x00\x44"
    sak = 0x00
    PAGES: Final = 45
    NUMBER_LENGTH: Final = 7

    def __init__(self, number: bytes, text: str = "zaigang") -> None:
        if len(number) != self.NUMBER_LENGTH:
            raise ValueError(f"an NTAG213 has a number of {self.NUMBER_LENGTH} bytes, not {len(number)}")
        super().__init__(number)
        self._memory = bytearray(self.PAGES * 4)
        first_check = 0x88 ^ number[0] ^ number[1] ^ number[2]
        second_check = number[3] ^ number[4] ^ number[5] ^ number[6]
        self._memory[:10] = number[:3] + bytes([first_check]) + number[3:] + bytes([second_check, 0x48])
        self._memory[12:16] = bytes.fromhex("e1101200")
        record = b"\x02zh" + text.encode()
        message = bytes([0xD1, 0x01, len(record), ord("T")]) + record
        content = bytes([0x03, len(message)]) + message + b"\xfe"
        self._memory[16 : 16 + len(content)] = content

    def _answer(self, command: bytes) -> bytes | None:
        match command[0]:
            case 0x60:  # GET_VERSION
                return bytes.fromhex("0004040201000f03")
            case 0x30 if len(command) > 1 and command[1] < self.PAGES:  # READ, four pages
                around = self._memory + self._memory[:16]
                return bytes(around[command[1] * 4 : command[1] * 4 + 16])
            case 0x3A if len(command) > 2 and command[1] <= command[2] < self.PAGES:  # noqa: PLR2004 - FAST_READ, first and last page
                return bytes(self._memory[command[1] * 4 : command[2] * 4 + 4])
            case 0xA2 if len(command) == 6 and 4 <= command[1] < self.PAGES:  # noqa: PLR2004 - WRITE, page and four bytes
                self._memory[command[1] * 4 : command[1] * 4 + 4] = command[2:]
                return _SHORT_ACK
            case 0x50:  # HALT
                return None
        return _SHORT_NAK


class MifareClassic(AirCard):
    """A MIFARE Classic 1K of which nobody has the keys: a number, and refusals."""

    atqa = b"\x00\x04"
    sak = 0x08
    NUMBER_LENGTHS: Final = (4, 7)

    def __init__(self, number: bytes) -> None:
        if len(number) not in self.NUMBER_LENGTHS:
            raise ValueError(f"a MIFARE Classic has a number of 4 or 7 bytes, not {len(number)}")
        super().__init__(number)


class Phone(AirCard):
    """A telephone's card emulation: another random number whenever the field comes on (ISO/IEC 14443-3, 6.5.4)."""

    atqa = b"\x00\x04"
    sak = 0x20

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        super().__init__(self._random_number())

    def feel_field(self) -> None:
        """Begin anew, as somebody else."""
        super().feel_field()
        self.number = self._random_number()

    def _answer(self, command: bytes) -> bytes | None:  # noqa: ARG002 - a locked phone understands nothing
        return None

    def _random_number(self) -> bytes:
        return b"\x08" + self._rng.randbytes(3)
