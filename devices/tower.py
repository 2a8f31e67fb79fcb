"""A USB tower light with three lights (and a buzzer, which stays off), switched by single bytes at 9600 baud.

The bytes are those of the light that Adafruit sells as 5125 and others under other names: 1x on, 2x off. Not tried on
a real one.
"""

import os
import termios
from contextlib import suppress
from typing import Final

import serial

from devices.errors import AnnunciatorLostError
from devices.lamps import TOWER

SPEED: Final = 9600
_ON: Final = 0x10
_OFF: Final = 0x20
_LIGHTS: Final = {"red": 0x01, "yellow": 0x02, "green": 0x04}
_BUZZER: Final = 0x08
_LONGEST_WRITE_S: Final = 1.0


class TowerLights:
    """Three `Lights` on one serial port."""

    colours = TOWER

    def __init__(self, path: str) -> None:
        """Open the port, with the buzzer off.

        Raises:
            AnnunciatorLostError: it is not there, or not ours.
        """
        self._path = path
        try:
            self._serial = serial.Serial(path, SPEED, write_timeout=_LONGEST_WRITE_S, exclusive=True)
        except (OSError, termios.error) as exc:
            raise AnnunciatorLostError(f"{path} cannot be opened: {_why(exc)}") from exc
        self._write(bytes([_OFF | _BUZZER]))

    def switch(self, lit: frozenset[str]) -> None:
        """Let those shine, and no others."""
        self._write(bytes((_ON if colour in lit else _OFF) | light for colour, light in _LIGHTS.items()))

    def close(self) -> None:
        """All dark."""
        with suppress(AnnunciatorLostError):
            self.switch(frozenset())
        with suppress(OSError, termios.error):
            self._serial.close()

    def _write(self, orders: bytes) -> None:
        try:
            self._serial.write(orders)
        except (OSError, termios.error) as exc:  # pyserial's own are OSErrors
            raise AnnunciatorLostError(f"{self._path} takes nothing: {_why(exc)}") from exc


def _why(exc: Exception) -> str:
    number = getattr(exc, "errno", None)  # pyserial's own text names number and path once more
    return os.strerror(number) if number else str(exc)
