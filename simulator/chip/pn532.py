"""The NXP PN532 as a host sees it on its serial line: bytes in, bytes out, no I/O and no clock.

It answers every command of UM0701-02 as an initiator among cards of type A, to any client; what each command does lies
in `cardless`, `initiator` and `target_mode`. What carries the bytes (`pty`, `line_in_memory`) tells the speed they came
at, waits as long as each reply says, asks again while the chip is searching, and may fail; the chip's own faults are
here. `put`, `take` and `power` may come from any thread.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from simulator.chip import cardless, initiator, target_mode
from simulator.chip.air import AirCard
from simulator.chip.field import Field
from simulator.chip.firmware import (
    AIR_S,
    POWER_ON_SPEED,
    REMOVE_PREAMBLE,
    TRY_S,
    Done,
    ExchangeEnd,
    Firmware,
    Search,
    SyntaxFaultError,
)
from simulator.chip.frames import ACK, SYNTAX_ERROR, Ack, ChipCommand, FrameReader, Nack, answer, bare

_COMMANDS: Final = cardless.COMMANDS | initiator.COMMANDS | target_mode.COMMANDS
_WAKING_EDGES: Final = 5  # rising edges on the line, data sheet 8.3.1.3


@dataclass(frozen=True, slots=True)
class ChipReply:
    """Bytes for the host, to be sent so long after the frame before."""

    frame: bytes
    after_s: float = 0.0


class Pn532Chip:
    """One chip with its antenna."""

    def __init__(self, *, garble: Callable[[bytes], bytes] | None = None) -> None:
        """Make a chip that was just powered.

        Args:
            garble: what the line makes of each frame sent to the host; nothing of it left is a frame lost.
        """
        self.is_mute = False  # takes everything in and says nothing, as a chip whose firmware hangs
        self._garble = garble or (lambda frame: frame)
        self._lock = threading.Lock()
        self._field = Field()
        self._frames = FrameReader()
        self._start()

    @property
    def field_is_on(self) -> bool:
        """The antenna is fed."""
        return self._field.is_on

    @property
    def is_searching(self) -> bool:
        """A command is under way: `try_again` is wanted after `TRY_S`, unless the host says something before."""
        return self._search is not None

    def put(self, *cards: AirCard) -> None:
        """Lay cards on the antenna, in place of all others."""
        with self._lock:
            self._field.lay(cards)

    def add(self, card: AirCard) -> None:
        """Lay a card on the antenna, beside what is there."""
        with self._lock:
            self._field.lay((*self._field.cards, card))

    def take(self) -> None:
        """Take all cards away."""
        with self._lock:
            self._field.lay(())

    def power(self) -> None:
        """Cut the supply for a moment: the chip forgets speed and set-up, and sleeps."""
        with self._lock:
            self._start()

    def receive(self, chunk: bytes, *, speed: int = POWER_ON_SPEED) -> list[ChipReply]:
        """Take in bytes from the host, sent at that speed; at any other than the chip's they are noise."""
        with self._lock:
            if speed not in (self.speed, self._firmware.next_speed):
                self._frames.forget()
                return []
            replies: list[ChipReply] = []
            for frame in self._frames.take(self._heard(chunk)):
                replies += self._obey(frame)
            return self._sent(replies)

    def try_again(self) -> list[ChipReply]:
        """Go on with the command under way, by one try."""
        with self._lock:
            return self._sent(self._go_on())

    def _start(self) -> None:
        self.speed = POWER_ON_SPEED
        self._field.switch(on=False)
        self._firmware = Firmware(self._field)
        self._search: Search | None = None
        self._code = 0
        self._is_bare = False
        self._last_answer = b""
        self._frames.forget()

    def _heard(self, chunk: bytes) -> bytes:
        """What of the host's bytes is heard: not those that wake the chip."""
        edges = 0
        while self._firmware.is_asleep and chunk:
            edges += _rising_edges(chunk[0])
            self._firmware.is_asleep = edges < _WAKING_EDGES
            chunk = chunk[1:]
        return chunk

    def _obey(self, frame: Ack | Nack | ChipCommand) -> list[ChipReply]:
        if isinstance(frame, Nack):
            return [ChipReply(self._last_answer)] if self._last_answer else []
        self._search = None  # both an ACK and another command end what is under way (6.2.1.3)
        if isinstance(frame, Ack):
            self.speed = self._firmware.next_speed
            return []
        self._is_bare = bool(self._firmware.parameters & REMOVE_PREAMBLE)  # as it is before the command is obeyed
        return [ChipReply(self._framed(ACK)), *self._begin(frame)]

    def _begin(self, command: ChipCommand) -> list[ChipReply]:
        self._code = command.code
        try:
            outcome = self._outcome(command)
        except SyntaxFaultError:
            return [ChipReply(self._framed(SYNTAX_ERROR))]
        if isinstance(outcome, Done):
            return [self._answered(outcome.parameters, outcome.air_s)]
        self._search = outcome
        return self._go_on()

    def _outcome(self, command: ChipCommand) -> ExchangeEnd:
        if command.code not in _COMMANDS:
            raise SyntaxFaultError
        return _COMMANDS[command.code](self._firmware, command.parameters)

    def _go_on(self) -> list[ChipReply]:
        search = self._search
        if search is None:
            return []
        found = search.find()
        if found is not None:
            self._search = None
            return [self._answered(found, AIR_S)]
        if search.tries is not None:
            search.tries -= 1
            if search.tries <= 0:
                self._search = None
                return [self._answered(search.otherwise, TRY_S)]
        return []

    def _answered(self, parameters: bytes, air_s: float) -> ChipReply:
        self._last_answer = self._framed(answer(self._code, parameters))
        return ChipReply(self._last_answer, air_s)

    def _framed(self, frame: bytes) -> bytes:
        return bare(frame) if self._is_bare else frame

    def _sent(self, replies: list[ChipReply]) -> list[ChipReply]:
        """What of the replies arrives."""
        if self.is_mute:
            return []
        arriving = (ChipReply(self._garble(reply.frame), reply.after_s) for reply in replies)
        return [reply for reply in arriving if reply.frame]


def _rising_edges(byte: int) -> int:
    """How often the line rises: start bit, eight bits from the lowest on, stop bit."""
    levels = [0, *((byte >> bit) & 1 for bit in range(8)), 1]
    return sum(before < after for before, after in pairwise(levels))
