"""What is plugged into a kiosk and wired to its pins, for its settings and for the printed card. Pure.

The hub knows no hardware; what a kiosk takes is its own to say (`devices.signal_catalogue`), and a test holds the two
together.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from hub.errors import HubError
from hub.saying import say

READER: Final = "pn532:/dev/ttyUSB0"  # one adapter in one plug
LAMP: Final = "gpio:red=17,green=27,blue=22"
SOUND: Final = "gpio:18"
"""As the card draws it: people are answered by every kiosk for which nobody wished otherwise."""
HEADER: Final = {
    2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21, 25: 22, 11: 23,
    8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40,
}  # fmt: skip
"""A Raspberry Pi's 40 pins as they are counted on the board, by BCM number."""
POWER: Final = 1  # of the 40 too; modules live on the 3.3 V that the pins give
GROUND: Final = 9
_LAMP: Final = re.compile(r"|gpio:[a-z0-9=,]+|tower:/.+", re.ASCII)
_SOUND: Final = re.compile(r"|gpio:\d+(,active=low)?|aplay:[A-Za-z0-9][A-Za-z0-9_:=,.-]*", re.ASCII)
RGB: Final = frozenset({"red", "green", "blue"})
TOWER: Final = frozenset({"red", "yellow", "green"})


class WiringError(HubError):
    """No kiosk takes it; the text says what is wanted."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """By their URLs (docs/readers.md); no lamp and no sound are empty."""

    reader: str = READER
    lamp: str = LAMP
    sound: str = SOUND


@dataclass(frozen=True, slots=True)
class WiredPin:
    """One pin, and what is on it.

    Attributes:
        part: `red`, `yellow`, `green`, `blue`, or `sound`.
        pin: of the 40.
    """

    part: str
    pin: int


class Sounding(Enum):
    """What is heard of a kiosk."""

    NOT = ""
    BUZZER = "buzzer"
    LOUDSPEAKER = "loudspeaker"


class FittedAnswers(NamedTuple):
    """By what a kiosk answers: the colours of its lights, none where it has no lamp, and its sound."""

    colours: frozenset[str]
    sound: Sounding


def answering_of(fitted: Fitted) -> FittedAnswers:
    """How it answers, of what a kiosk takes."""
    colours = frozenset[str]() if not fitted.lamp else TOWER if re.search("tower:|yellow=", fitted.lamp) else RGB
    loudspeaker = Sounding.LOUDSPEAKER if fitted.sound.startswith("aplay:") else Sounding.BUZZER
    return FittedAnswers(colours, loudspeaker if fitted.sound else Sounding.NOT)


def wires_of(fitted: Fitted) -> tuple[WiredPin, ...]:
    """What is on the pins; none where lamp and sound are elsewhere, or nowhere.

    Raises:
        WiringError: one of them is none that a kiosk takes.
    """
    lamp, sound = fitted.lamp, fitted.sound
    wires = [*_of_lamp(lamp), *_of_sound(sound)]
    if len({wire.pin for wire in wires}) != len(wires):
        found = "--lamp {lamp} --sound {sound}: two things on one pin; wanted is a pin of its own for each"
        raise WiringError(say(found, lamp=lamp, sound=sound))
    return tuple(wires)


def _of_lamp(url: str) -> list[WiredPin]:
    pins = [part.partition("=")[::2] for part in url.removeprefix("gpio:").split(",") if part != "active=low"]
    is_on_pins = url.startswith("gpio:")
    names = [name for name, _ in pins]
    if not _LAMP.fullmatch(url) or (is_on_pins and (set(names) not in (RGB, TOWER) or len(names) != len(set(names)))):
        raise _wrong_lamp(url)
    if not is_on_pins:
        return []
    try:
        return [WiredPin(name, HEADER[int(number)]) for name, number in pins]
    except (ValueError, KeyError) as exc:
        raise _wrong_lamp(url) from exc


def _of_sound(url: str) -> list[WiredPin]:
    number = url.removeprefix("gpio:").removesuffix(",active=low")
    if not _SOUND.fullmatch(url) or (url.startswith("gpio:") and int(number) not in HEADER):
        wanted = "--sound {url}: no sound that a kiosk takes; wanted is gpio:18, aplay:default, or '' for none"
        raise WiringError(say(wanted, url=url))
    return [WiredPin("sound", HEADER[int(number)])] if url.startswith("gpio:") else []


def _wrong_lamp(url: str) -> WiringError:
    wanted = (
        "--lamp {url}: no lamp that a kiosk takes; wanted is gpio:red=17,green=27,blue=22, "
        "gpio:red=17,yellow=27,green=22, tower:/dev/serial/by-id/..., or '' for none"
    )
    return WiringError(say(wanted, url=url))
