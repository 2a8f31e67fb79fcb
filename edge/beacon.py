"""The command `identify`: lamp and buzzer for ten seconds, so that who stands among several kiosks finds this one.

A tap goes before: what a person is told stays to be seen, and the beacon goes on after it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devices.signals import Signal
from edge import answers
from edge.commands import Doer, Order
from edge.voice import Voice

NAME: Final = "identify"
LASTS_S: Final = 10.0
EVERY_S: Final = 2.0
AFTER_ANSWER_S: Final = 3.0


@dataclass(slots=True)
class Beacon:
    """Shows where the kiosk is, while it is lit. `light` may come from any thread, `make` from the readers'."""

    voice: Voice
    now_s: Callable[[], float]
    _until_s: float = float("-inf")
    _next_s: float = float("-inf")
    _shown: int = 0

    def light(self) -> None:
        """Begin, or begin anew."""
        self._until_s = self.now_s() + LASTS_S

    def make(self) -> None:
        """Show it, where that is due; call it a few times a second."""
        now_s = self.now_s()
        if now_s >= self._until_s:
            return
        if self.voice.shown != self._shown:
            self._shown, self._next_s = self.voice.shown, max(self._next_s, now_s + AFTER_ANSWER_S)
        if now_s >= self._next_s:
            self.voice.show(Signal.HERE, answers.here())
            self._shown, self._next_s = self.voice.shown, now_s + EVERY_S


class Identify(Doer):
    """Lights it."""

    def __init__(self, beacon: Beacon) -> None:
        self._beacon = beacon

    def begin(self, order: Order) -> None:
        """It is lit from the readers' next poll on."""
        self._beacon.light()
        order.done()
