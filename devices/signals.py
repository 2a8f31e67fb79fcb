"""What a kiosk can say to the person in front of it, and how a lamp and a buzzer say it.

The words come from the agent. No signal that promises a record is shown before the record is committed: a beep means
durable, so what was not recorded stays silent.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Lamp(Enum):
    """A colour of the kiosk's lamp."""

    GREEN = "green"
    BLUE = "blue"
    CYAN = "cyan"
    YELLOW = "yellow"
    WHITE = "white"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Cue:
    """What lamp and buzzer do for one signal.

    Attributes:
        word: the signal's name for logs, records and machines.
        lamp: the colour shown.
        flashes: how often it flashes; 0 is steady.
        beeps_ms: sound, pause, sound, ... of a buzzer; empty is silence. A loudspeaker has `tones` in its place.
    """

    word: str
    lamp: Lamp
    flashes: int = 0
    beeps_ms: tuple[int, ...] = ()


class Signal(Enum):
    """One answer of the kiosk. Each differs from every other by eye and, unless silent, by ear."""

    ARRIVED = Cue("arrived", Lamp.GREEN, 0, (120,))
    LEFT = Cue("left", Lamp.BLUE, 0, (120, 80, 120))
    STEPPED_OUT = Cue("stepped_out", Lamp.CYAN, 2, (120, 80, 120, 80, 450))
    RETURNED = Cue("returned", Lamp.GREEN, 2, (450, 80, 120))
    ALREADY_RECORDED = Cue("already_recorded", Lamp.WHITE, 0, (450,))
    UNKNOWN_CARD = Cue("unknown_card", Lamp.YELLOW, 0, (120, 80, 120, 80, 120))
    REFUSED = Cue("refused", Lamp.YELLOW, 3)
    TROUBLE = Cue("trouble", Lamp.RED, 3)
    CHIME = Cue("chime", Lamp.WHITE, 1, (600, 200, 600))
    # For who puts a kiosk up: do the next thing; something is wrong; it is done; records were written to the stick.
    NEXT = Cue("next", Lamp.CYAN, 1, (120, 80, 450))
    AMISS = Cue("amiss", Lamp.RED, 2, (450, 100, 120, 80, 450))
    COMMISSIONED = Cue("commissioned", Lamp.GREEN, 3, (120, 80, 450, 100, 120))
    CARRIED = Cue("carried", Lamp.BLUE, 4, (450, 100, 450, 100, 120))
    # Somebody left, and too few stay: recorded like any leave, and nobody shall miss it.
    WARNING = Cue("warning", Lamp.RED, 1, (450, 100, 450, 100, 450))
    # Nobody tapped: somebody at the hub asks which of the kiosks this is.
    HERE = Cue("here", Lamp.WHITE, 5, (120, 80, 120, 80, 120, 80, 120, 80, 120))
    # Somebody is given a card: it is awaited, and it was read; neither is a tap.
    CARD_WANTED = Cue("card_wanted", Lamp.WHITE, 2)
    CARD_READ = Cue("card_read", Lamp.GREEN, 4)

    @property
    def promises_record(self) -> bool:
        """The person may walk away: what they did is stored for good."""
        return self not in _NOT_RECORDED


_NOT_RECORDED = frozenset({
    Signal.REFUSED, Signal.TROUBLE, Signal.CHIME, Signal.HERE, Signal.CARD_WANTED, Signal.CARD_READ,
    Signal.NEXT, Signal.AMISS, Signal.COMMISSIONED, Signal.CARRIED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lines:
    """Two lines of text, and the same for a display of two lines of eight Chinese characters."""

    first: str
    second: str = ""
    short: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        """Both in one, as a line of a console."""
        return " | ".join(" ".join(line.split()) for line in (self.first, self.second) if line)


class Annunciator(Protocol):
    """Lamp, buzzer and two lines of text. Calls come from the reader's thread and must not hold it up."""

    def show(self, signal: Signal, lines: Lines) -> None:
        """Answer the person, replacing whatever was shown before.

        Raises:
            AnnunciatorLostError: nothing, or not all of it, was shown.
        """
        ...

    def close(self) -> None:
        """Go dark."""
        ...
