"""Lights and a buzzer on the pins of a Raspberry Pi, from the Zero to the 5, through gpiozero and lgpio."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from devices.errors import AnnunciatorLostError
from devices.own_directory import own_directory
from devices.signals import Signal


def lgpio_factory() -> Any:
    """What speaks to the pins; gpiozero's other ways do not know the Pi 5, or need root."""
    with own_directory():
        from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 -- loaded where a kiosk has something on its pins

    return LGPIOFactory()


class GpioLights:
    """Three `Lights`, each on a pin."""

    def __init__(
        self, pins: Mapping[str, int], *, is_low_active: bool = False, factory: Callable[[], Any] = lgpio_factory
    ) -> None:
        """Claim the pins, by colour.

        Raises:
            AnnunciatorLostError: they are not there, not free, or not ours.
        """
        self.colours = frozenset(pins)
        self._outputs = open_outputs(tuple(pins.values()), is_low_active=is_low_active, factory=factory)
        self._by_colour = dict(zip(pins, self._outputs, strict=True))

    def switch(self, lit: frozenset[str]) -> None:
        """Let those shine, and no others."""
        with told_of_pins():
            for colour, output in self._by_colour.items():
                output.value = colour in lit

    def close(self) -> None:
        """All dark, and the pins free."""
        with suppress(AnnunciatorLostError):
            self.switch(frozenset())
        for output in self._outputs:
            output.close()


class GpioBuzzer:
    """A buzzer with a sound of its own, on one pin: an `Instrument` that gives each signal its rhythm."""

    def __init__(self, pin: int, *, is_low_active: bool = False, factory: Callable[[], Any] = lgpio_factory) -> None:
        """Claim the pin; fails as `GpioLights` does."""
        (self._output,) = open_outputs((pin,), is_low_active=is_low_active, factory=factory)

    def perform(self, signal: Signal, is_over: Callable[[float], bool]) -> None:
        """Sound and pause by turns."""
        with told_of_pins():
            try:
                for number, length_ms in enumerate(signal.value.beeps_ms):
                    self._output.value = number % 2 == 0
                    if is_over(length_ms / 1000):
                        return
            finally:
                self._output.value = False

    def close(self) -> None:
        """Silence."""
        self._output.close()


def open_outputs(pins: tuple[int, ...], *, is_low_active: bool, factory: Callable[[], Any]) -> list[Any]:
    """Claim pins, all off, through one factory.

    Raises:
        AnnunciatorLostError: not all of them are to be had; none is held then.
    """
    opened: list[Any] = []
    with told_of_pins():
        from gpiozero import DigitalOutputDevice  # noqa: PLC0415 -- as above

        made = factory()
        try:
            opened.extend(DigitalOutputDevice(pin, active_high=not is_low_active, pin_factory=made) for pin in pins)
        except BaseException:
            for output in opened:
                output.close()
            raise
    return opened


@contextmanager
def told_of_pins() -> Iterator[None]:
    """Say in our own words why pins cannot be had: raises `AnnunciatorLostError`."""
    try:
        yield
    except ModuleNotFoundError as exc:
        raise AnnunciatorLostError(
            f"{exc.name} is not installed; wanted is: pip install '.[kiosk]' in Zaigang's folder, "
            "or apt install python3-lgpio"
        ) from exc
    except FileNotFoundError as exc:
        raise AnnunciatorLostError(f"no pins are to be had on this machine: {exc.filename or exc}") from exc
    except Exception as exc:  # gpiozero and lgpio have roots of their own, and raise others' as well
        raise AnnunciatorLostError(f"the pins cannot be used: {exc or type(exc).__name__}") from exc
