"""The PN532 on a serial line, through nfcpy's chip driver, opened and polled our own way.

nfcpy raises the line's speed and cannot find the chip again after a crash, gives up at the first torn frame, and its
`connect()` takes a card left on the plate for hundreds. So: 115200 for ever (`pn532_chip` finds it), one look every
`PACE_S`, a failed look repeated in place, and after `TRIES` failures in a row `ReaderLostError`. Two cards at once are
read by turns. The field is off between looks, which is why a phone shows a new number at each. Opening again is
`attended`'s work.
"""

import errno
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from nfc.clf import pn532

from devices.card import ISO14443A, Card, kind_of
from devices.errors import CardLeftError, ReaderLostError
from devices.pacing import Pacing
from devices.pn532_chip import FAULTS, ChipTransport, find_chip, nfc_log
from devices.serial_line import SerialLine

TRIES: Final = 4
_SLOW_ADAPTER_S: Final = 1.5  # a USB adapter on a Raspberry Pi may hold back its first bytes that long
_MOST: Final = 2  # cards that the chip can tell apart in one field
_HEAD: Final = 5  # of what is told of a card, before its number
_REQA: Final = 0x26


def open_reader(address: str, name: str) -> "Pn532Reader":
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
        line: ChipTransport,
        name: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.name = name
        self._line = line
        self._failures = 0
        self._lost: ReaderLostError | None = None
        self._pacing = Pacing(monotonic, sleep)
        self._chipset = find_chip(line, name, monotonic)
        try:
            self._chipset.sam_configuration("normal")
            pn532.Device(self._chipset, logger=nfc_log)  # tests the line, sets the chip up, and is not needed again
        except FAULTS as exc:
            raise ReaderLostError(f"{name} answers, but cannot be set up", is_there=True) from exc
        self._field_is_on = False
        self._told: Card | None = None

    def poll(self, timeout_s: float) -> Card | None:
        """As `CardReader.poll`; with less than `PACE_S` it looks once."""
        if self._lost is not None:
            raise self._lost
        return self._pacing.until_seen(self._look, timeout_s)

    def close(self) -> None:
        """Close the line and leave the chip as it is: some readers do not come back from a proper good-bye."""
        self._lost = self._lost or ReaderLostError(f"{self.name} was closed", is_there=True)
        self._line.close()

    def _look(self) -> Card | None:
        try:
            while True:
                try:
                    card = self._sense()
                except FAULTS as exc:
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
        cards = _cards_of(self._chipset.search(_MOST))
        slipped = not cards and self._chipset.read_register("CIU_FIFOData") != _REQA
        try:
            self._switch_field_off()
        except FAULTS as exc:
            self._count_failure(exc)  # the card is known all the same; the next look begins by switching off
        if slipped:
            # The request no longer lies in the chip's buffer: some card did answer it.
            raise CardLeftError("a card left before its number was read")
        return self._in_turn(cards)

    def _in_turn(self, cards: list[Card]) -> Card | None:
        """One of them: of two, the one that was not told before."""
        others = [card for card in cards if card != self._told] or cards
        self._told = others[0] if others else None
        return self._told

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


def _cards_of(answer: bytes) -> list[Card]:
    """The cards in InListPassiveTarget's answer: for each its number there, SENS_RES, SEL_RES, length, number."""
    cards, rest = [], answer[1:]
    for _ in range(answer[0]):
        sak, length = rest[3], rest[4]
        try:
            cards.append(Card(ISO14443A, bytes(rest[_HEAD : _HEAD + length]), kind_of(sak)))
        except ValueError as exc:
            raise OSError(errno.EIO, str(exc)) from exc
        rest = rest[_HEAD + length :]
    return cards
