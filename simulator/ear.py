"""Brings beeps from the threads in which they sound to the event loop on which everybody lives."""

import asyncio
import time
from collections.abc import Callable

from devices.signals import Lines, Signal
from simulator.acts import HEARD
from simulator.play import Beep
from station.clock import Clock


class Ear:
    """Where all kiosks' beeps arrive; deaf until `listen`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hear: Callable[[Beep], None] = lambda beep: None  # noqa: ARG005  deaf

    def listen(self, loop: asyncio.AbstractEventLoop, hear: Callable[[Beep], None]) -> None:
        """From now on, hand each beep to `hear` on that loop."""
        self._hear, self._loop = hear, loop

    def beep(self, kiosk: str, word: str, said: str) -> None:
        """A kiosk sounded and showed some words, just now; what is no answer to anybody (a chime) is passed over."""
        answer, loop = HEARD.get(word), self._loop
        if answer is not None and loop is not None and not loop.is_closed():
            beep = Beep(kiosk, answer, self._clock.now(), time.monotonic(), said)
            loop.call_soon_threadsafe(self._hear, beep)

    def annunciator(self, kiosk: str) -> "EarAnnunciator":
        """Lamp and buzzer of one kiosk in this process."""
        return EarAnnunciator(self, kiosk)


class EarAnnunciator:
    """A kiosk's lamp and buzzer, as the people in front of it hear them."""

    def __init__(self, ear: Ear, kiosk: str) -> None:
        self._ear = ear
        self._kiosk = kiosk

    def show(self, signal: Signal, lines: Lines) -> None:
        """As `devices.signals.Annunciator`."""
        self._ear.beep(self._kiosk, signal.value.word, str(lines))

    def close(self) -> None:
        """As `devices.signals.Annunciator`."""
