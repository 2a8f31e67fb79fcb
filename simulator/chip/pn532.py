"""The NXP PN532 as a host sees it on its serial line: bytes in, bytes out, no I/O and no clock.

It answers what nfcpy asks of an initiator (UM0701-02, chapter 7) and refuses the rest with the chip's own error frame.
What carries the bytes (`pty`, `memory`) tells the speed they came at, waits as long as each reply says, and may fail;
the chip's own faults are here. `put`, `take` and `power` may come from any thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simulator.chip.frames import ACK, SYNTAX_ERROR, Ack, Command, FrameReader, Nack, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.chip.cards import AirCard

POWER_ON_SPEED: Final = 115_200
SPEEDS: Final = (9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_288_000)
AIR_S: Final = 0.004  # a request with its retry, or a selection

_TX_MODE: Final = 0x6302
_RX_MODE: Final = 0x6303
_FIFO: Final = 0x6339
_CHECKSUM_ON: Final = 0x80
_REQA: Final = 0x26
_CASCADE_TAG: Final = b"\x88"
_WAKING_EDGES: Final = 5  # rising edges on the line, data sheet 8.3.1.3
_TIMED_OUT: Final = b"\x01"
_CHECKSUM_WRONG: Final = b"\x02"
_NOT_SELECTED: Final = b"\x27"
_OK: Final = b"\x00"


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes for the host, to be sent so long after the frame before."""

    frame: bytes
    after_s: float = 0.0


class Pn532Chip:
    """One chip with its antenna, on which at most one card lies."""

    def __init__(self, *, garble: Callable[[bytes], bytes] | None = None) -> None:
        """Make a chip that was just powered.

        Args:
            garble: what the line makes of each frame sent to the host.
        """
        self.is_mute = False  # takes everything in and says nothing, as a chip whose firmware hangs
        self._garble = garble or (lambda frame: frame)
        self._lock = threading.Lock()
        self._card: AirCard | None = None
        self._is_selected = False
        self._frames = FrameReader()
        self._commands = self._command_table()
        self._start()

    def put(self, card: AirCard) -> None:
        """Lay a card on the antenna, in place of any other."""
        with self._lock:
            self._card = card
            self._is_selected = False
            if self.field_is_on:
                card.feel_field()

    def take(self) -> None:
        """Take the card away."""
        with self._lock:
            self._card = None
            self._is_selected = False

    def power(self) -> None:
        """Cut the supply for a moment: the chip forgets speed and set-up, and sleeps."""
        with self._lock:
            self._start()

    def receive(self, chunk: bytes, *, speed: int = POWER_ON_SPEED) -> list[Reply]:
        """Take in bytes from the host, sent at that speed; at any other than the chip's they are noise."""
        with self._lock:
            if speed not in (self.speed, self._next_speed):
                self._frames.forget()
                return []
            replies: list[Reply] = []
            for frame in self._frames.take(self._heard(chunk)):
                replies += self._obey(frame)
            return [] if self.is_mute else [Reply(self._garble(r.frame), r.after_s) for r in replies]

    def _start(self) -> None:
        self.speed = POWER_ON_SPEED
        self._next_speed = POWER_ON_SPEED
        self._registers: dict[int, int] = {_TX_MODE: _CHECKSUM_ON, _RX_MODE: _CHECKSUM_ON}
        self.field_is_on = False
        self._is_selected = False
        self._is_asleep = True
        self._last_answer = b""
        self._frames.forget()

    def _heard(self, chunk: bytes) -> bytes:
        if self._is_asleep and max(chunk.find(bytes([byte]) * _WAKING_EDGES) for byte in (0x00, 0x55)) < 0:
            return b""
        self._is_asleep = False
        return chunk

    def _obey(self, frame: Ack | Nack | Command) -> list[Reply]:
        match frame:
            case Ack():
                self.speed = self._next_speed
                return []
            case Nack():
                return [Reply(self._last_answer)] if self._last_answer else []
        command = self._commands.get(frame.code)
        if command is None:
            return [Reply(ACK), Reply(SYNTAX_ERROR)]
        parameters, air_s = command(frame.parameters)
        self._last_answer = answer(frame.code, parameters)
        return [Reply(ACK), Reply(self._last_answer, air_s)]

    def _command_table(self) -> dict[int, Callable[[bytes], tuple[bytes, float]]]:
        def at_once(command: Callable[[bytes], bytes]) -> Callable[[bytes], tuple[bytes, float]]:
            return lambda parameters: (command(parameters), 0.0)

        return {
            0x00: at_once(self._diagnose),
            0x02: at_once(lambda _: bytes.fromhex("32010607")),
            0x04: at_once(lambda _: bytes([0, self.field_is_on, 0, 0])),
            0x06: at_once(self._read_registers),
            0x08: at_once(self._write_registers),
            0x10: at_once(self._set_speed),
            0x12: at_once(lambda _: b""),
            0x14: at_once(lambda _: b""),
            0x16: at_once(self._power_down),
            0x32: at_once(self._configure_field),
            0x40: self._exchange_data,
            0x42: self._communicate_through,
            0x44: at_once(lambda _: _OK),
            0x4A: self._list_passive_target,
            0x52: at_once(lambda _: _OK),
        }

    def _diagnose(self, parameters: bytes) -> bytes:
        return parameters if parameters[:1] == b"\x00" else _OK

    def _read_registers(self, parameters: bytes) -> bytes:
        addresses = [int.from_bytes(parameters[at : at + 2], "big") for at in range(0, len(parameters), 2)]
        return bytes(self._registers.get(address, 0) for address in addresses)

    def _write_registers(self, parameters: bytes) -> bytes:
        for at in range(0, len(parameters) - 2, 3):
            self._registers[int.from_bytes(parameters[at : at + 2], "big")] = parameters[at + 2]
        return b""

    def _set_speed(self, parameters: bytes) -> bytes:
        # The answer still goes at the old speed; the host's ACK to it is the moment of change.
        self._next_speed = SPEEDS[parameters[0]]
        return b""

    def _power_down(self, _: bytes) -> bytes:
        self._is_asleep = True
        self._switch_field(on=False)
        return _OK

    def _configure_field(self, parameters: bytes) -> bytes:
        if parameters[0] == 0x01:
            self._switch_field(on=bool(parameters[1] & 0x01))
        return b""

    def _switch_field(self, *, on: bool) -> None:
        if on and not self.field_is_on and self._card is not None:
            self._card.feel_field()
        if not on:
            self._is_selected = False
        self.field_is_on = on

    def _list_passive_target(self, parameters: bytes) -> tuple[bytes, float]:
        self._switch_field(on=True)
        self._registers |= {_TX_MODE: _CHECKSUM_ON, _RX_MODE: _CHECKSUM_ON, _FIFO: _REQA}
        wanted = parameters[2:].replace(_CASCADE_TAG, b"", 1)
        card = self._card
        if card is None or card.is_halted or parameters[1] != 0x00 or wanted not in (b"", card.number):
            return b"\x00", AIR_S
        self._registers[_FIFO] = card.atqa[1]
        if card.slips_away:
            return b"\x00", AIR_S
        self._is_selected = True
        return b"\x01\x01" + card.atqa + bytes([card.sak, len(card.number)]) + card.number, AIR_S

    def _communicate_through(self, parameters: bytes) -> tuple[bytes, float]:
        if self._card is None or not self._is_selected:
            return _TIMED_OUT, AIR_S
        said = self._card.exchange(parameters)
        if said is None:
            return _TIMED_OUT, AIR_S
        if self._registers[_RX_MODE] & _CHECKSUM_ON:
            return (_CHECKSUM_WRONG if len(said) == 1 else _OK + said), AIR_S
        return _OK + (said if len(said) == 1 else said + _crc_a(said)), AIR_S

    def _exchange_data(self, parameters: bytes) -> tuple[bytes, float]:
        if self._card is None or not self._is_selected:
            return _NOT_SELECTED, 0.0
        said = self._card.exchange(parameters[1:])
        return (_TIMED_OUT if said is None else _OK + said), AIR_S


def _crc_a(said: bytes) -> bytes:
    """ISO/IEC 14443-3, annex B, CRC_A, as it goes on the air."""
    crc = 0x6363
    for byte in said:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x8408 if crc & 1 else 0)
    return crc.to_bytes(2, "little")
