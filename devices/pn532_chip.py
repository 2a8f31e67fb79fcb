"""The PN532 behind a serial line: found at whatever speed it was left, and asked without losing time on a bad line.

nfcpy waits a second for an answer that was lost, longer than a tap lasts. Here every wait is near what the chip takes,
a command is repeated in place, and only the search for cards is its caller's to repeat. What a card is, `pn532` knows.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from nfc.clf import pn532

from devices.errors import ReaderLostError, ReaderUnusableError

# nfcpy logs every torn frame as an error, and its other parts log card numbers: neither belongs in a kiosk's log.
logging.getLogger("nfc").setLevel(logging.CRITICAL)
nfc_log = logging.getLogger("nfc.clf.pn532")

FAULTS: Final = (OSError, IndexError, pn532.Chipset.Error)  # all that a torn or missing frame makes nfcpy raise
TRIES: Final = 3
SPEED: Final = 115_200
# All that the chip has (UM0701-02, 7.2.7); first where nfcpy and other programs leave it.
_SPEEDS: Final = (SPEED, 921_600, 460_800, 230_400, 57_600, 38_400, 19_200, 9_600, 1_288_000)
_WAKE_UP: Final = bytes(10)  # five rising edges wake the chip from power-down; each zero has one
_CHIPS: Final = {0x32: "PN532", 0x33: "PN533"}  # by their first byte of four
_WANTED: Final = "PN532"
_FIRMWARE: Final = 4
_PN531: Final = (2, 0x04)  # bytes, and the first of them: it has no number of its own

_READ_REGISTER: Final = 0x06
_RF_CONFIGURATION: Final = 0x32
_IN_LIST_PASSIVE_TARGET: Final = 0x4A
_QUICK: Final = (_READ_REGISTER, _RF_CONFIGURATION)  # what is asked at every look
_QUICK_S: Final = 0.06  # they take 3 ms of a line; a USB adapter delivers every 16 ms

_SHORTEST_S: Final = 0.04
_LONGEST_S: Final = 1.0
_REMEMBERED: Final = 32
_MARGIN: Final = 3.0


class ChipTransport(Protocol):
    """What nfcpy's chip drivers want of a transport; `SerialLine` is one."""

    TYPE: str
    baudrate: int

    def write(self, frame: bytes) -> None:
        """Send, forgetting what came in before."""

    def read(self, timeout: float) -> bytearray:
        """Wait for one frame, in milliseconds; OSError where none comes whole."""

    def close(self) -> None:
        """Let go of the line."""


class Patience:
    """How long a search is waited for: some longer than this chip on this line took for the last ones.

    At first a second, since a chip's own time is not known before; and twice as long each time that nothing came, so
    that a chip that became slower is not taken for lost.
    """

    def __init__(self) -> None:
        self._took_s: deque[float] = deque(maxlen=_REMEMBERED)
        self._stretch = 1.0

    @property
    def wait_s(self) -> float:
        """For the next search, in seconds."""
        usual_s = max(_SHORTEST_S, _MARGIN * max(self._took_s)) if self._took_s else _LONGEST_S
        return min(_LONGEST_S, usual_s * self._stretch)

    def answered(self, took_s: float) -> None:
        """An answer came, after so long."""
        self._took_s.append(took_s)
        self._stretch = 1.0

    def unanswered(self) -> None:
        """None came."""
        self._stretch *= 2


class PatientChipset(pn532.Chipset):  # type: ignore[misc] # nfcpy has no types
    """nfcpy's chipset, repeating in place what a torn or lost frame spoilt.

    Not so the search for cards: a card already found does not answer a second search, so the whole look is repeated.
    """

    def __init__(self, line: ChipTransport, monotonic: Callable[[], float]) -> None:
        super().__init__(line, logger=nfc_log)
        self.tries = TRIES
        self._monotonic = monotonic
        self._patience = Patience()

    def command(self, cmd_code: int, cmd_data: bytes | None, timeout: float) -> Any:
        """As nfcpy's, with so many `tries`."""
        wait_s = _QUICK_S if cmd_code in _QUICK else timeout
        for _ in range(self.tries):
            try:
                return super().command(cmd_code, cmd_data, wait_s)
            except FAULTS as exc:
                fault = exc
        raise fault

    def search(self, most: int) -> bytes:
        """Look once for at most so many cards of type A: how many, and what was found (UM0701-02, 7.3.5)."""
        began_s = self._monotonic()
        try:
            answer: bytes = super().command(_IN_LIST_PASSIVE_TARGET, bytearray([most, 0]), self._patience.wait_s)
        except FAULTS:
            self._patience.unanswered()
            raise
        self._patience.answered(self._monotonic() - began_s)
        return answer


def find_chip(line: ChipTransport, name: str, monotonic: Callable[[], float] = time.monotonic) -> PatientChipset:
    """Find the PN532 on a line at any speed, and set it back to the usual one.

    Raises:
        ReaderLostError: nothing answers.
        ReaderUnusableError: something else does.
    """
    chipset = PatientChipset(line, monotonic)
    for speed in _SPEEDS:
        chipset.tries = TRIES if speed == SPEED else 1
        line.baudrate = speed
        try:
            line.write(_WAKE_UP)
            firmware = chipset.get_firmware_version()
            if speed != SPEED:
                chipset.set_serial_baudrate(SPEED)
                line.baudrate = SPEED
        except FAULTS:
            continue
        chipset.tries = TRIES
        if (found := _chip_named(firmware)) != _WANTED:
            raise ReaderUnusableError(f"{name} is {found}")
        return chipset
    raise ReaderLostError(f"{name}: no PN532 answers at {', '.join(map(str, _SPEEDS))} baud", is_there=True)


def _chip_named(firmware: bytes) -> str:
    if (len(firmware), *firmware[:1]) == _PN531:
        return "a PN531; a PN532 is wanted"
    if len(firmware) == _FIRMWARE and firmware[0] in _CHIPS:
        chip = _CHIPS[firmware[0]]
        return chip if chip == _WANTED else f"a {chip}; a {_WANTED} is wanted"
    return f"no PN532, but says {firmware.hex(' ') or 'nothing'} of itself"
