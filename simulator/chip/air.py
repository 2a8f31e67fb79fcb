"""ISO/IEC 14443-3 type A as a card lives it: called, told apart, selected, spoken to, with checksums on the air.

What a kind of card understands once it is selected is `cards`' work. A card without a field forgets everything.
"""

from enum import Enum, auto
from typing import Final, NamedTuple

SHORT_NAK: Final = b"\x00"  # four bits on the air
SHORT_ACK: Final = b"\x0a"
REQA: Final = b"\x26"
WUPA: Final = b"\x52"
SHORT_FRAME: Final = 7  # bits of a request
SPEAKS_14443_4: Final = 0x20  # in SAK

_NIBBLE: Final = 4
_CASCADE: Final = b"\x88"
_NOT_YET: Final = 0x04  # the SAK of a number that goes on
_SELECT: Final = 0x93  # and 95, 97 on the further levels
_WHOLE: Final = 0x70
_NOTHING_KNOWN: Final = 0x20
_HALT: Final = b"\x50\x00"


class AirFrame(NamedTuple):
    """Bytes on the air, and how many bits of the last one count; 0 is all of them."""

    content: bytes
    last_bits: int = 0


class _State(Enum):
    IDLE = auto()
    READY = auto()
    ACTIVE = auto()
    HALTED = auto()


class AirCard:
    """What any card does: appear in a field with a number, and leave off after what it does not understand.

    Attributes:
        atqa: the answer to the request, high byte first.
        sak: the answer to the selection.
        ats: the answer to RATS, with its length; empty where it speaks no ISO/IEC 14443-4.
        number: the unique identifier.
        slips_away: answers the request, and is gone before its number is read.
    """

    atqa: bytes
    sak: int
    ats: bytes = b""

    def __init__(self, number: bytes) -> None:
        self.number = number
        self.slips_away = False
        self._state = _State.IDLE
        self._level = 0

    @property
    def cascaded(self) -> bytes:
        """The number as readers pass it to each other, each part that goes on with its mark."""
        return b"".join(self._parts())

    def feel_field(self) -> None:
        """The field came on: begin anew."""
        self._state = _State.IDLE

    def is_called(self, request: bytes = REQA) -> bool:
        """Hear a request, and tell whether it answers."""
        answers = self._state is _State.IDLE or (self._state is _State.HALTED and request == WUPA)
        if answers:
            self._state, self._level = _State.READY, 0
        elif self._state is not _State.HALTED:
            self._state = _State.IDLE
        return answers

    def select(self) -> None:
        """Be selected at once, as by a reader that took all the steps."""
        self._state = _State.ACTIVE

    def rest(self) -> None:
        """Be no longer spoken to; the next request is answered again."""
        self._state = _State.IDLE

    def halt(self) -> None:
        """Be sent to sleep: no request is answered until the field was off."""
        self._state = _State.HALTED

    @property
    def is_selected(self) -> bool:
        """It listens to commands."""
        return self._state is _State.ACTIVE

    def hear(self, frame: AirFrame) -> AirFrame | None:
        """Hear any frame; None is silence."""
        if frame.last_bits == SHORT_FRAME:
            return (
                AirFrame(self.atqa[::-1]) if frame.content in (REQA, WUPA) and self.is_called(frame.content) else None
            )
        if self._state is _State.READY:
            return self._hear_selection(frame.content)
        if self._state is not _State.ACTIVE:
            return None
        if not checks(frame.content):
            self._leave_off()
            return None
        answer = self.exchange(frame.content[:-2])
        if answer is None:
            return None
        return AirFrame(answer, _NIBBLE) if len(answer) == 1 else AirFrame(with_checksum(answer))

    def exchange(self, command: bytes) -> bytes | None:
        """Answer a command, both without checksum; None is silence, one byte is four bits on the air."""
        if self._state is not _State.ACTIVE or not command:
            return None
        if command == _HALT:
            self._state = _State.HALTED
            return None
        answer = self._answer(command)
        if answer in (None, SHORT_NAK):
            self._leave_off()
        return answer

    def transact(self, apdu: bytes) -> bytes | None:  # noqa: ARG002 - for the cards that do understand something
        """Answer an APDU, where the card speaks ISO/IEC 14443-4."""
        return None

    def authenticate(self, block: int, key: bytes, *, is_a: bool) -> bool:  # noqa: ARG002 - as above
        """Let a MIFARE reader at a sector; refusing ends the selection."""
        self._leave_off()
        return False

    def _answer(self, command: bytes) -> bytes | None:  # noqa: ARG002 - as above
        """Answer a command while selected; `SHORT_NAK` for one not understood."""
        return SHORT_NAK

    def _leave_off(self) -> None:
        self._state = _State.IDLE

    def _hear_selection(self, content: bytes) -> AirFrame | None:
        part = self._parts()[self._level]
        part += bytes([part[0] ^ part[1] ^ part[2] ^ part[3]])
        head, known = content[:2], content[2:]
        is_whole = head[1:] == bytes([_WHOLE]) and known == with_checksum(head + part)[2:]
        if self.slips_away or head[:1] != bytes([_SELECT + 2 * self._level]):
            self._leave_off()
            return None
        if head[1:] == bytes([_NOTHING_KNOWN + 16 * min(len(known), 4)]) and part.startswith(known) and known != part:
            return AirFrame(part[len(known) :])
        if not is_whole:
            self._leave_off()
            return None
        self._level += 1
        if self._level < len(self._parts()):
            return AirFrame(with_checksum(bytes([_NOT_YET])))
        self._state = _State.ACTIVE
        return AirFrame(with_checksum(bytes([self.sak])))

    def _parts(self) -> list[bytes]:
        parts, rest = [], self.number
        while len(rest) > 4:  # noqa: PLR2004 - what goes into one part
            parts.append(_CASCADE + rest[:3])
            rest = rest[3:]
        return [*parts, rest]


def checks(content: bytes) -> bool:
    """Whether a frame ends in its checksum."""
    return len(content) > 2 and with_checksum(content[:-2]) == content  # noqa: PLR2004 - a checksum has two bytes


def with_checksum(content: bytes) -> bytes:
    """ISO/IEC 14443-3, annex B, CRC_A, as it goes on the air."""
    crc = 0x6363
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x8408 if crc & 1 else 0)
    return content + crc.to_bytes(2, "little")
