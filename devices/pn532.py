"""The PN532 on a serial line, through nfcpy's chip driver, opened and polled our own way.

nfcpy raises the line's speed and cannot find the chip again after a crash, gives up at the first torn frame, and its
`connect()` takes a card left on the plate for hundreds. So: 115200 for ever, found at whatever speed it was left, one
look every `PACE_S`, a failed look repeated in place, and after three failures in a row `ReaderLostError`. The field is
off between looks, which is why a phone shows a new number at each. Opening again is `attended`'s work.
"""

from __future__ import annotations

import errno
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from nfc.clf import pn532

from devices.card import ISO14443A, Card, kind_of
from devices.errors import CardLeftError, ReaderLostError, ReaderUnusableError
from devices.serial_line import SerialLine

if TYPE_CHECKING:
    from collections.abc import Callable

# nfcpy logs every torn frame as an error, and its other parts log card numbers: neither belongs in a kiosk's log.
logging.getLogger("nfc").setLevel(logging.CRITICAL)
_nfc_log = logging.getLogger("nfc.clf.pn532")

PACE_S: Final = 0.06  # a tap lasts 300 ms or more; an empty look takes 9 ms of a line at 115200
TRIES: Final = 3
SPEED: Final = 115_200
# All that the chip has (UM0701-02, 7.2.7); first where nfcpy and other programs leave it.
_SPEEDS: Final = (SPEED, 921_600, 460_800, 230_400, 57_600, 38_400, 19_200, 9_600, 1_288_000)
_SLOW_ADAPTER_S: Final = 1.5  # a USB adapter on a Raspberry Pi may hold back its first bytes that long
_WAKE_UP: Final = bytes(10)  # five rising edges wake the chip from power-down; each zero has one
_CHIPS: Final = {0x32: "PN532", 0x33: "PN533"}  # by their first byte of four
_WANTED: Final = "PN532"
_FIRMWARE: Final = 4
_PN531: Final = (2, 0x04)  # bytes, and the first of them: it has no number of its own
_REQA: Final = 0x26
_IN_LIST_PASSIVE_TARGET: Final = 0x4A

_FAULTS: Final = (OSError, IndexError, pn532.Chipset.Error)  # all that a torn or missing frame makes nfcpy raise


class Line(Protocol):
    """What nfcpy's chip drivers want of a transport; `SerialLine` is one."""

    TYPE: str
    baudrate: int

    def write(self, frame: bytes) -> None:
        """Send, forgetting what came in before."""

    def read(self, timeout: float) -> bytearray:
        """Wait for one frame, in milliseconds; OSError where none comes whole."""

    def close(self) -> None:
        """Let go of the line."""


class PatientChipset(pn532.Chipset):  # type: ignore[misc] # nfcpy has no types
    """nfcpy's chipset, repeating in place what a torn frame spoilt.

    Not so the search for cards: a card already found does not answer a second search, so the whole look is repeated.
    """

    tries = TRIES

    def command(self, cmd_code: int, cmd_data: bytes | None, timeout: float) -> Any:
        """As nfcpy's, with so many `tries`."""
        for _ in range(1 if cmd_code == _IN_LIST_PASSIVE_TARGET else self.tries):
            try:
                return super().command(cmd_code, cmd_data, timeout)
            except _FAULTS as exc:
                fault = exc
        raise fault


def open_reader(address: str, name: str) -> Pn532Reader:
    """Open the PN532 at a path (see `catalogue.open_reader`)."""
    first_wait_s = _SLOW_ADAPTER_S if "usb" in address.lower() else 0.0
    line = SerialLine(address, first_wait_s=first_wait_s)
    try:
        return Pn532Reader(line, name)
    except BaseException:
        line.close()
        raise


class Pn532Reader:
    """A `CardReader` over one PN532. The line is its own from now on."""

    def __init__(
        self,
        line: Line,
        name: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.name = name
        self._line = line
        self._monotonic = monotonic
        self._sleep = sleep
        self._failures = 0
        self._lost: ReaderLostError | None = None
        self._due_s = float("-inf")
        self._chipset = _find_chip(line, name)
        try:
            self._chipset.sam_configuration("normal")
            pn532.Device(self._chipset, logger=_nfc_log)  # tests the line, sets the chip up, and is not needed again
        except _FAULTS as exc:
            raise ReaderLostError(f"{name} answers, but cannot be set up", is_there=True) from exc
        self._field_is_on = False

    def poll(self, timeout_s: float) -> Card | None:
        """As `CardReader.poll`; with less than `PACE_S` it looks once."""
        if self._lost is not None:
            raise self._lost
        deadline_s = self._monotonic() + timeout_s
        while True:
            self._wait_until(min(self._due_s, deadline_s))
            self._due_s = self._monotonic() + PACE_S
            card = self._look()
            if card is not None:
                return card
            if self._due_s > deadline_s:
                self._wait_until(deadline_s)
                return None

    def close(self) -> None:
        """Close the line and leave the chip as it is: some readers do not come back from a proper good-bye."""
        self._lost = self._lost or ReaderLostError(f"{self.name} was closed", is_there=True)
        self._line.close()

    def _wait_until(self, mono_s: float) -> None:
        wait_s = mono_s - self._monotonic()
        if wait_s > 0:
            self._sleep(wait_s)

    def _look(self) -> Card | None:
        try:
            while True:
                try:
                    card = self._sense()
                except _FAULTS as exc:
                    self._count_failure(exc)
                else:
                    self._failures = 0
                    return card
        except ReaderLostError as exc:
            self._lost = exc
            raise

    def _sense(self) -> Card | None:
        self._switch_field_off()
        self._field_is_on = True
        answer = self._chipset.in_list_passive_target(1, 0, b"")
        slipped = answer is None and self._chipset.read_register("CIU_FIFOData") != _REQA
        card = None if answer is None else _card_of(answer)
        try:
            self._switch_field_off()
        except _FAULTS as exc:
            self._count_failure(exc)  # the card is known all the same; the next look begins by switching off
        if slipped:
            # The request no longer lies in the chip's buffer: some card did answer it.
            raise CardLeftError("a card left before its number was read")
        return card

    def _switch_field_off(self) -> None:
        if self._field_is_on:
            self._chipset.rf_configuration(0x01, b"\x02")
            self._field_is_on = False

    def _count_failure(self, exc: Exception) -> None:
        self._failures += 1
        if self._failures >= TRIES:
            raise ReaderLostError(f"{self.name} no longer answers", is_there=True) from exc
        with suppress(OSError):
            self._chipset.send_ack()  # ends whatever the chip still does


def _find_chip(line: Line, name: str) -> PatientChipset:
    chipset = PatientChipset(line, logger=_nfc_log)
    for speed in _SPEEDS:
        chipset.tries = TRIES if speed == SPEED else 1
        line.baudrate = speed
        try:
            line.write(_WAKE_UP)
            firmware = chipset.get_firmware_version()
            if speed != SPEED:
                chipset.set_serial_baudrate(SPEED)
                line.baudrate = SPEED
        except _FAULTS:
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


def _card_of(answer: bytes) -> Card:
    """The card in InListPassiveTarget's answer: SENS_RES, SEL_RES, length, number (UM0701-02, 7.3.5)."""
    sak, length = answer[2], answer[3]
    try:
        return Card(ISO14443A, bytes(answer[4 : 4 + length]), kind_of(sak))
    except ValueError as exc:
        raise OSError(errno.EIO, str(exc)) from exc
