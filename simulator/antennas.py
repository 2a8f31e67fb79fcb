"""Where simulated people hold their cards: the reader of an agent in this process, or the chip on a pseudo-terminal.

Both turn the card in somebody's pocket into what that reader sees; a phone shows another random number each time.
"""

from random import Random
from typing import Literal

from devices.card import ISO14443A, Card
from simulator.acts import SimCard
from simulator.chip.air import AirCard
from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.pn532 import Pn532Chip
from simulator.scripted_reader import ScriptedReader

_KINDS: dict[str, Literal["type2", "classic"]] = {"ntag213": "type2", "classic": "classic"}


def card_at_seam(card: SimCard) -> Card:
    """What a driver makes of somebody's card; a phone has no number of its own."""
    return Card(ISO14443A, card.number, _KINDS[card.chip])


class SeamAntenna:
    """The reader of an agent at the `CardReader` seam."""

    def __init__(self, reader: ScriptedReader, rng: Random) -> None:
        self._reader = reader
        self._rng = rng

    def put(self, card: SimCard) -> None:
        """As `play.Antenna`."""
        if card.chip == "phone":
            self._reader.put(Card(ISO14443A, b"\x08" + self._rng.randbytes(3), "type4"))
        else:
            self._reader.put(card_at_seam(card))

    def take(self) -> None:
        """As `play.Antenna`."""
        self._reader.take()


class ChipAntenna:
    """The emulated chip, read by a driver in another process."""

    def __init__(self, chip: Pn532Chip, rng: Random) -> None:
        self._chip = chip
        self._rng = rng

    def put(self, card: SimCard) -> None:
        """As `play.Antenna`."""
        self._chip.put(self._on_air(card))

    def take(self) -> None:
        """As `play.Antenna`."""
        self._chip.take()

    def _on_air(self, card: SimCard) -> AirCard:
        match card.chip:
            case "phone":
                return Phone(self._rng)
            case "classic":
                return MifareClassic(card.number)
        return Ntag213(card.number)
