"""The readers that `zaigang-sim reader` plays, behind the same few orders."""

import re
import sys
from collections.abc import Callable
from random import Random
from typing import Final, Protocol

from devices.spelling import Spelling
from simulator.chip.air import AirCard
from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from simulator.em4100 import Em4100Port
from simulator.wedge import WedgePort, spell


class CardError(ValueError):
    """A card that this reader cannot be shown; the message says what is wanted."""


class Port(Protocol):
    """A device that a host can open."""

    @property
    def path(self) -> str:
        """Where."""
        ...

    @property
    def is_plugged(self) -> bool:
        """It is there."""
        ...

    def plug(self) -> None:
        """Plug it in."""

    def unplug(self) -> None:
        """Pull it out."""

    def close(self) -> None:
        """End."""


class PlayedReader(Protocol):
    """One emulated reader."""

    @property
    def port(self) -> Port:
        """Where a host finds it."""
        ...

    def put(self, card: list[str]) -> None:
        """Hold a card to it. Raises `CardError`."""

    def take(self) -> None:
        """Take the card away."""

    def power(self) -> None:
        """Cut its power for a moment."""


class PlayedPn532:
    """A PN532 with its antenna."""

    _NUMBERED: Final[dict[str, Callable[..., AirCard]]] = {"ntag213": Ntag213, "classic": MifareClassic}

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._chip = Pn532Chip()
        self.port: Port = PtyPort(self._chip)
        self.take = self._chip.take
        self.power = self._chip.power

    def put(self, card: list[str]) -> None:
        """Hold a card or a phone to it."""
        self._chip.put(self._made(card))

    def add(self, card: list[str]) -> None:
        """Hold another one beside what lies there. Raises `CardError`."""
        self._chip.add(self._made(card))

    def _made(self, card: list[str]) -> AirCard:
        match card:
            case ["phone"]:
                return Phone(self._rng)
            case [kind, number, *key] if kind in self._NUMBERED and len(key) <= (kind == "classic"):
                try:
                    return self._NUMBERED[kind](_bytes_of(number), *map(_bytes_of, key))
                except ValueError as exc:
                    raise CardError(str(exc)) from exc
        raise CardError(
            "no such card; wanted: put ntag213 NUMBER, put classic NUMBER, put classic NUMBER KEY or put phone"
        )


class PlayedEm4100:
    """A serial reader of 125 kHz cards."""

    def __init__(self) -> None:
        self._port = Em4100Port()
        self.take = self._port.take

    @property
    def port(self) -> Port:
        """Where a host finds it."""
        return self._port

    def put(self, card: list[str]) -> None:
        """Hold a card to it, which it repeats."""
        match card:
            case ["em4100", number]:
                try:
                    self._port.put(_bytes_of(number))
                except ValueError as exc:
                    raise CardError(str(exc)) from exc
            case _:
                raise CardError("no such card; wanted: put em4100 NUMBER")

    def power(self) -> None:
        """It has nothing to forget."""


class PlayedWedge:
    """A keyboard that types numbers."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._port = WedgePort()
        self.take = self._port.take
        self.power = self._port.power
        stands_in = (
            "a keyboard of the kernel's (uinput)" if self._port.is_keyboard else "a pipe with a keyboard's events"
        )
        print(stands_in, file=sys.stderr, flush=True)

    @property
    def port(self) -> Port:
        """Where a host finds it."""
        return self._port

    def put(self, card: list[str]) -> None:
        """Hold a card to it, which it types once."""
        match card:
            case ["em4100" | "ntag213" | "classic", number]:
                try:
                    self._port.put(spell(_bytes_of(number), self._spelling))
                except ValueError as exc:
                    raise CardError(str(exc)) from exc
            case _:
                raise CardError("no such card; wanted: put em4100 NUMBER, put ntag213 NUMBER or put classic NUMBER")


def _bytes_of(number: str) -> bytes:
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", number):
        raise CardError("numbers and keys are written in hex, two digits a byte")
    return bytes.fromhex(number)
