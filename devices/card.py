"""A card as a reader sees it, and whether its number can stand for a person.

The number itself is turned into a token by the agent and goes no further; here it is only kept out of every `repr`.
Whose card it is, nobody knows in this room.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

ISO14443A: Final = "iso14443a"
EM4100: Final = "em4100"
Technology = Literal["iso14443a", "em4100"]

# ISO/IEC 14443-3, 6.5.4: single, double and triple size UID, and what the first byte of a single one means.
_SINGLE: Final = 4
NUMBER_LENGTHS: Final[dict[Technology, tuple[int, ...]]] = {
    ISO14443A: (_SINGLE, 7, 10),
    EM4100: (5,),  # EM4100 data sheet: a version byte and 32 bits
}
_RANDOM: Final = 0x08
_FIXED: Final = 0x0F  # in the low nibble
_CASCADE_TAG: Final = 0x88

CardKind = Literal["type2", "type4", "classic", "other"]


class CardRefusal(Enum):
    """Why a card is not taken, neither at enrolment nor at a tap."""

    RANDOM_NUMBER = "random_number"  # a phone: another number each time
    NOT_UNIQUE = "not_unique"  # a number that other cards may carry too


@dataclass(frozen=True, slots=True)
class Card:
    """One card in the field.

    Attributes:
        technology: how the number was read; part of the token, so never the chip's model.
        number: the whole unique identifier, as the card sends it.
        kind: what SAK tells without talking to the card further; for display only.
    """

    technology: Technology
    number: bytes = field(repr=False)
    kind: CardKind

    def __post_init__(self) -> None:
        lengths = NUMBER_LENGTHS[self.technology]
        if len(self.number) not in lengths:
            wanted = " or ".join(map(str, lengths))
            raise ValueError(f"a card number of {self.technology} has {wanted} bytes, not {len(self.number)}")


def kind_of(sak: int) -> CardKind:
    """What a card's SAK says about it (NXP AN10833, 3.2); nfcpy's own classes go by the number and err."""
    if sak & 0x20:
        return "type4"
    if sak & 0x08:
        return "classic"
    return "type2" if sak == 0 else "other"


# What cards with a settable number are sold with. Two of them would be one person.
_SOLD_WITH: Final = frozenset(
    bytes.fromhex(number) for number in ("00000000", "01020304", "04030201", "11223344", "12345678", "DEADBEEF")
)


def judge(card: Card) -> CardRefusal | None:
    """Whether the number can stand for one card; None where it can."""
    first = card.number[0]
    if card.technology == ISO14443A and len(card.number) == _SINGLE:
        if first == _RANDOM:
            return CardRefusal.RANDOM_NUMBER
        if first & 0x0F == _FIXED or first == _CASCADE_TAG or card.number in _SOLD_WITH:
            return CardRefusal.NOT_UNIQUE
    if card.number.count(first) == len(card.number):
        return CardRefusal.NOT_UNIQUE
    return None
