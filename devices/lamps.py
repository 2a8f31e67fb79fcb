"""How a lamp of three colours shows a signal: by the colours that it mixes, steady or flashing, then dark.

What switches the colours is given: pins (`gpio`) or a tower light on a serial line (`tower`).
"""

from collections.abc import Callable
from typing import Final, Protocol

from devices.signals import Lamp, Signal

STEADY_S: Final = 3.0  # as long as two lines are read
FLASH_S: Final = 0.35  # slower than three a second: nobody is harmed by it, and flashes can be counted
GAP_S: Final = 0.25

RGB: Final = frozenset({"red", "green", "blue"})
TOWER: Final = frozenset({"red", "yellow", "green"})
_MIXED: Final = {
    RGB: {
        Lamp.GREEN: {"green"}, Lamp.BLUE: {"blue"}, Lamp.CYAN: {"green", "blue"}, Lamp.YELLOW: {"red", "green"},
        Lamp.WHITE: {"red", "green", "blue"}, Lamp.RED: {"red"},
    },
    TOWER: {
        Lamp.GREEN: {"green"}, Lamp.BLUE: {"green", "yellow"}, Lamp.CYAN: {"green", "yellow"}, Lamp.YELLOW: {"yellow"},
        Lamp.WHITE: {"red", "yellow", "green"}, Lamp.RED: {"red"},
    },
}  # fmt: skip


class Lights(Protocol):
    """Three lights that can be switched, of the colours of `RGB` or `TOWER`."""

    colours: frozenset[str]

    def switch(self, lit: frozenset[str]) -> None:
        """Let those shine, and no others. Raises `AnnunciatorLostError`."""

    def close(self) -> None:
        """All dark."""


def mixed(colours: frozenset[str], lamp: Lamp) -> frozenset[str]:
    """Which lights make that colour."""
    return frozenset(_MIXED[colours][lamp])


class LampInstrument:
    """An `Instrument` of three lights, which are its own from now on."""

    def __init__(self, lights: Lights) -> None:
        self._lights = lights
        lights.switch(frozenset())

    def perform(self, signal: Signal, is_over: Callable[[float], bool]) -> None:
        """Shine, or flash, in the signal's colour."""
        lit = mixed(self._lights.colours, signal.value.lamp)
        for _ in range(signal.value.flashes):
            self._lights.switch(lit)
            if is_over(FLASH_S):
                return
            self._lights.switch(frozenset())
            if is_over(GAP_S):
                return
        if not signal.value.flashes:
            self._lights.switch(lit)
            if is_over(STEADY_S):
                return  # what comes next says what is lit; a dark moment between would look like a flash
            self._lights.switch(frozenset())

    def close(self) -> None:
        """Go dark."""
        self._lights.close()
