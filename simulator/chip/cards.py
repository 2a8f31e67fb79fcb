"""The cards and phones that simulated people hold to a chip: what each says once it is selected.

How they are called and selected is `air`'s work. None of them knows who carries it.
"""

from random import Random
from typing import Final

from simulator.chip.air import SHORT_ACK, SHORT_NAK, AirCard


class Ntag213(AirCard):
    """An NXP NTAG213 with one NDEF message (data sheet NTAG213/215/216 rev. 3.2)."""

    atqa = b"\x00\x44"
    sak = 0x00
    PAGES: Final = 45
    NUMBER_LENGTH: Final = 7
    _DELIVERED: Final = bytes.fromhex("000000BD 040000FF 00050000")  # pages 28h to 2Ah, 8.5.3 and 8.5.7

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
        self._memory[0x28 * 4 : 0x2B * 4] = self._DELIVERED

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
                return SHORT_ACK
        return SHORT_NAK


class MifareClassic(AirCard):
    """A MIFARE Classic 1K: a number, and refusals for whoever has not its key (data sheet MF1S50yyX/V1)."""

    sak = 0x08
    NUMBER_LENGTHS: Final = (4, 7)
    KEY_LENGTH: Final = 6
    _BLOCK: Final = 16
    _BLOCKS: Final = 64
    _OPEN_TO_BOTH: Final = bytes.fromhex("FF078069")  # access bits as delivered

    def __init__(self, number: bytes, key: bytes | None = None) -> None:
        """Make one.

        Args:
            number: of 4 bytes, or 7.
            key: both keys of every sector; without it nobody has them.
        """
        if len(number) not in self.NUMBER_LENGTHS:
            raise ValueError(f"a MIFARE Classic has a number of 4 or 7 bytes, not {len(number)}")
        if key is not None and len(key) != self.KEY_LENGTH:
            raise ValueError(f"a MIFARE Classic has keys of {self.KEY_LENGTH} bytes, not {len(key)}")
        super().__init__(number)
        self.atqa = b"\x00\x04" if len(number) == self.NUMBER_LENGTHS[0] else b"\x00\x44"
        self._has_keys = key is not None
        trailer = (key or bytes(6)) + self._OPEN_TO_BOTH + (key or bytes(6))
        self._memory = bytearray((bytes(3 * self._BLOCK) + trailer) * (self._BLOCKS // 4))
        check = bytes([number[0] ^ number[1] ^ number[2] ^ number[3]]) if len(number) == self.NUMBER_LENGTHS[0] else b""
        maker = number + check + bytes([self.sak]) + self.atqa[::-1]
        self._memory[: len(maker)] = maker
        self._sector: int | None = None

    def feel_field(self) -> None:
        """Begin anew, with all sectors closed."""
        super().feel_field()
        self._sector = None

    def select(self) -> None:
        """Be selected, with all sectors closed."""
        super().select()
        self._sector = None

    def authenticate(self, block: int, key: bytes, *, is_a: bool) -> bool:
        """Open the block's sector to whoever has its key."""
        at = (block | 3) * self._BLOCK + (0 if is_a else 10)
        if not self._has_keys or block >= self._BLOCKS or self._memory[at : at + self.KEY_LENGTH] != key:
            return super().authenticate(block, key, is_a=is_a)
        self._sector = block // 4
        return True

    def _answer(self, command: bytes) -> bytes | None:
        if len(command) < 2 or command[1] // 4 != self._sector:  # noqa: PLR2004 - command and block
            return SHORT_NAK
        block = slice(command[1] * self._BLOCK, (command[1] + 1) * self._BLOCK)
        match command[0]:
            case 0x30:  # READ; key A is never read back
                said = bytes(self._memory[block])
                return bytes(6) + said[6:] if command[1] % 4 == 3 else said  # noqa: PLR2004 - the trailer
            case 0xA0 if len(command) == 2 + self._BLOCK and command[1] > 0:  # WRITE
                self._memory[block] = command[2:]
                return SHORT_ACK
        return SHORT_NAK


class Phone(AirCard):
    """A telephone's card emulation: another random number whenever the field comes on (ISO/IEC 14443-3, 6.5.4)."""

    atqa = b"\x00\x04"
    sak = 0x20
    ats = bytes.fromhex("0578807002")

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        super().__init__(self._random_number())

    def feel_field(self) -> None:
        """Begin anew, as somebody else."""
        super().feel_field()
        self.number = self._random_number()

    def transact(self, apdu: bytes) -> bytes | None:
        """Know no application: the phone is locked."""
        return b"\x6a\x82" if apdu else None

    def _answer(self, command: bytes) -> bytes | None:
        match command[0]:
            case 0xE0 if len(command) == 2:  # noqa: PLR2004 - RATS and its parameter
                return self.ats
            case 0x02 | 0x03:  # an I-block
                answer = self.transact(command[1:])
                return None if answer is None else command[:1] + answer
        return None

    def _random_number(self) -> bytes:
        return b"\x08" + self._rng.randbytes(3)
