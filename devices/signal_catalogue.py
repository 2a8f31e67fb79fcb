"""Which lamp and which sound a kiosk has, by their URLs; checked without touching anything, opened by their threads.

`gpio:red=17,green=27,blue=22` · `gpio:red=17,yellow=27,green=22,active=low` · `tower:/dev/serial/by-id/...` are lamps,
`aplay:default` · `gpio:18` are sounds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, Final

from devices.errors import SignalUnusableError
from devices.gpio import GpioBuzzer, GpioLights, lgpio_factory
from devices.lamps import RGB, TOWER, LampInstrument
from devices.performer import Instrument, Performer
from devices.signals import Signal

SOUNDS: Final = "sounds"
PINS: Final = range(28)  # BCM numbers of the 40 pins
_LAMPS_WANTED: Final = (
    "lamp: {url!r}; wanted is gpio:red=17,green=27,blue=22 or "
    "gpio:red=17,yellow=27,green=22 (pins by BCM number, and active=low where a low "
    "pin lights), or tower:/dev/serial/by-id/..."
)
_SOUNDS_WANTED: Final = (
    "sound: {url!r}; wanted is aplay:default (a device of aplay -L), or gpio:18 for a buzzer "
    "(18,active=low where low sounds)"
)
_ALSA_DEVICE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:=,.-]*")


@dataclass(frozen=True, slots=True)
class Pins:
    """What a `gpio:` URL names; a buzzer's pin goes by the empty name."""

    by_name: dict[str, int]
    is_low_active: bool


def check_signal_urls(lamp: str, sound: str, taken: tuple[int, ...] = ()) -> None:
    """See whether lamp and sound can be what these URLs say; empty ones are none.

    Args:
        lamp: its URL.
        sound: the sound's.
        taken: pins that something else is on.

    Raises:
        SignalUnusableError: says what was found and what is wanted.
    """
    pins = [*taken]
    if lamp.startswith("gpio:"):
        pins += _lamp_pins(lamp).by_name.values()
    elif lamp and not re.fullmatch(r"tower:/.+", lamp):
        raise SignalUnusableError(_LAMPS_WANTED, url=lamp)
    if sound.startswith("gpio:"):
        pins += _buzzer_pin(sound).by_name.values()
    elif sound and not (sound.startswith("aplay:") and _ALSA_DEVICE.fullmatch(sound.removeprefix("aplay:"))):
        raise SignalUnusableError(_SOUNDS_WANTED, url=sound)
    if len(set(pins)) != len(pins):
        raise SignalUnusableError(
            "lamp: {lamp!r}, sound: {sound!r}; wanted is a pin of its own for each, and for a button",
            lamp=lamp,
            sound=sound,
        )


def open_performers(
    lamp: str, sound: str, folder: Path, *, pin_factory: Callable[[], Any] = lgpio_factory
) -> list[Performer]:
    """Lamp and sound, each with its thread; what is not there is told by their first `show`.

    Sound files are kept below `folder`, which is made by others.

    Raises:
        SignalUnusableError: as `check_signal_urls`.
    """
    check_signal_urls(lamp, sound)
    performers = []
    if lamp:
        performers.append(Performer("lamp", lambda: open_lamp(lamp, pin_factory)))
    if sound:
        performers.append(Performer("sound", lambda: open_sound(sound, folder, pin_factory)))
    return performers


def open_lamp(url: str, pin_factory: Callable[[], Any] = lgpio_factory) -> Instrument:
    """Open the lamp of a checked URL.

    Raises:
        AnnunciatorLostError: it is not there.
    """
    if url.startswith("gpio:"):
        pins = _lamp_pins(url)
        return LampInstrument(GpioLights(pins.by_name, is_low_active=pins.is_low_active, factory=pin_factory))
    from devices.tower import TowerLights  # noqa: PLC0415 -- pyserial is loaded where a kiosk has one

    return LampInstrument(TowerLights(url.removeprefix("tower:")))


def open_sound(url: str, folder: Path, pin_factory: Callable[[], Any] = lgpio_factory) -> Instrument:
    """Open the sound of a checked URL; fails as `open_lamp`."""
    if url.startswith("gpio:"):
        pins = _buzzer_pin(url)
        return GpioBuzzer(pins.by_name[""], is_low_active=pins.is_low_active, factory=pin_factory)
    from devices.aplay import AplaySound  # noqa: PLC0415 -- loaded where a kiosk has a loudspeaker

    return AplaySound(url.removeprefix("aplay:"), folder / SOUNDS)


def try_lamp(url: str) -> None:
    """Show a flash of white, for somebody who watches; fails as `open_lamp`."""
    _try(open_lamp(url))


def try_sound(url: str) -> None:
    """Play the chime, for somebody who listens; fails as `open_sound`."""
    with TemporaryDirectory(prefix="zaigang-sound-") as folder:
        _try(open_sound(url, Path(folder)))


def _try(instrument: Instrument) -> None:
    try:
        instrument.perform(Signal.CHIME, Event().wait)  # an event that never comes: each wait is waited out
    finally:
        instrument.close()


def _lamp_pins(url: str) -> Pins:
    pins = _pins(url, _LAMPS_WANTED)
    if frozenset(pins.by_name) not in (RGB, TOWER):
        raise SignalUnusableError(_LAMPS_WANTED, url=url)
    return pins


def _buzzer_pin(url: str) -> Pins:
    pins = _pins(url, _SOUNDS_WANTED)
    if set(pins.by_name) != {""}:
        raise SignalUnusableError(_SOUNDS_WANTED, url=url)
    return pins


def _pins(url: str, wanted: str) -> Pins:
    by_name: dict[str, int] = {}
    is_low_active = False
    for part in url.removeprefix("gpio:").split(","):
        name, value = part.split("=", 1) if "=" in part else ("", part)
        if (name, value) == ("active", "low"):
            is_low_active = True
        elif name in by_name or not value.isascii() or not value.isdigit() or int(value) not in PINS:
            raise SignalUnusableError(wanted, url=url)
        else:
            by_name[name] = int(value)
    return Pins(by_name, is_low_active)
