"""A button beside the reader, by its URL; checked without touching anything, opened by whoever waits for it.

`gpio:21` is one between that pin (BCM number) and ground, `key:/dev/input/by-id/...` one that is a keyboard of its own:
any of its keys will do, and nothing of it reaches a console.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol

from devices.errors import AnnunciatorLostError, SignalUnusableError
from devices.gpio import lgpio_factory, told_of_pins
from devices.keys import EV_KEY, EVENT, PRESSED
from devices.signal_catalogue import PINS
from devices.wedge import InputDevice

BOUNCE_S: Final = 0.05  # contacts of a push button chatter for 1 to 20 ms
_WANTED: Final = (
    "{url!r}; wanted is gpio:21 (pin by BCM number; the button ties it to ground), or key:/dev/input/by-id/..."
)


class Button(Protocol):
    """One button."""

    def wait(self, timeout_s: float) -> bool:
        """Wait for it to be pressed; False where it was not.

        Raises:
            DeviceError: it is gone.
        """

    def close(self) -> None:
        """Let go of it."""


def check_button_url(url: str) -> None:
    """See whether a button can be what that URL says; an empty one is none.

    Raises:
        SignalUnusableError: says what was found and what is wanted.
    """
    if url and pin_of(url) is None and not re.fullmatch(r"key:/.+", url):
        raise SignalUnusableError(_WANTED, url=url)


def pin_of(url: str) -> int | None:
    """The pin, by BCM number, that a button's URL names."""
    found = re.fullmatch(r"gpio:([0-9]{1,2})", url)
    return int(found[1]) if found and int(found[1]) in PINS else None


def open_button(url: str, pin_factory: Callable[[], Any] = lgpio_factory) -> Button:
    """Open the button of a checked URL.

    Raises:
        DeviceError: it is not there, or not ours.
    """
    pin = pin_of(url)
    return KeyButton(url.removeprefix("key:")) if pin is None else PinButton(pin, pin_factory)


class PinButton:
    """A `Button` on a pin, which is held high and low while pressed."""

    def __init__(self, pin: int, factory: Callable[[], Any]) -> None:
        """Claim the pin; fails as lights do."""
        self._presses: SimpleQueue[None] = SimpleQueue()
        with told_of_pins():
            from gpiozero import Button as Pin  # noqa: PLC0415 -- loaded where a kiosk has something on its pins

            self._pin = Pin(pin, pull_up=True, bounce_time=BOUNCE_S, pin_factory=factory())
            self._pin.when_pressed = lambda: self._presses.put(None)

    def wait(self, timeout_s: float) -> bool:
        """Wait for it to be pressed."""
        with suppress(Empty):
            self._presses.get(timeout=timeout_s)
            return True
        return False

    def close(self) -> None:
        """Let go of the pin."""
        with suppress(AnnunciatorLostError), told_of_pins():
            self._pin.close()


class KeyButton:
    """A `Button` that is an input device."""

    def __init__(self, path: str) -> None:
        """Open and grab it; fails as a keyboard wedge does."""
        self._device = InputDevice(path)
        self._received = b""

    def wait(self, timeout_s: float) -> bool:
        """Wait for any of its keys."""
        self._received += self._device.receive(timeout_s)
        whole = len(self._received) // EVENT.size * EVENT.size
        events, self._received = self._received[:whole], self._received[whole:]
        return any(kind == EV_KEY and value == PRESSED for _, _, kind, _, value in EVENT.iter_unpack(events))

    def close(self) -> None:
        """Let go of the keys."""
        self._device.close()
