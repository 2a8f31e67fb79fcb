"""What a simulated person does at a kiosk, what they mean by it, and what they expect to hear.

Words only: who does what when is `people`'s work, doing it at a reader `play`'s, and what it amounts to `truth`'s.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Beeped(StrEnum):
    """What a kiosk says to somebody who tapped, in the word of its lamp."""

    ARRIVED = "arrived"
    LEFT = "left"
    STEPPED_OUT = "stepped_out"
    RETURNED = "returned"
    ALREADY_RECORDED = "already_recorded"
    UNKNOWN_CARD = "unknown_card"
    REFUSED = "refused"
    TROUBLE = "trouble"

    @property
    def makes_record(self) -> bool:
        """Whether the kiosk has written something new, for good."""
        return self not in {Beeped.ALREADY_RECORDED, Beeped.REFUSED, Beeped.TROUBLE}


HEARD: Final = {answer.value: answer for answer in Beeped} | {"warning": Beeped.LEFT}
"""What people take each word for; the last one leaving is warned."""


class Gesture(StrEnum):
    """How a card is held to a reader. All durations are the person's own, in real seconds."""

    TOUCH = "touch"  # until the beep
    HOLD = "hold"  # on, until the second beep, or long enough for one
    DOUBLE = "double"  # touched again within the guard


class Intention(StrEnum):
    """What the person means."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    STEP_OUT = "step_out"
    RETURN = "return"
    TRY = "try"  # somebody who is no volunteer, or holds a telephone to the reader


@dataclass(frozen=True, slots=True)
class SimCard:
    """A card in somebody's pocket; a phone has a new number each time, and none here."""

    chip: str  # ntag213, classic or phone
    number: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """One gesture of one person.

    Attributes:
        at: not before; a queue at the kiosk may make it later.
        person: who, by an id that is no name.
        expects: the answers that the person counts on, in order; empty where they just want to see.
    """

    at: datetime
    person: str
    card: SimCard
    station: str
    kiosk: str
    gesture: Gesture
    intention: Intention
    expects: tuple[Beeped, ...]
