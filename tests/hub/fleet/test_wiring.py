"""Lamp and sound that the hub lets a kiosk have, and the pins that its printed card names, are those that kiosks take."""

from __future__ import annotations

import pytest

from devices.errors import SignalUnusableError
from devices.signal_catalogue import check_signal_urls
from hub.fleet.wiring import HEADER, LAMP, SOUND, Fitted, WiredPin, WiringError, wires_of

GOOD = [
    (LAMP, SOUND), ("", ""), ("gpio:red=17,yellow=27,green=22,active=low", "gpio:18,active=low"),
    ("tower:/dev/serial/by-id/usb-EXAMPLE", "aplay:plughw:1,0"),
]  # fmt: skip
BAD = [
    ("gpio:red=17,green=27", ""), ("gpio:red=17,green=27,blue=28", ""), ("gpio:red=17,green=27,blue=x", ""),
    ("gpio:red=17,red=18,green=27,blue=22", ""), ("lamp", ""), ("gpio:", ""), ("", "gpio:99"), ("", "beep"),
    ("gpio:red=17,green=27,blue=22", "gpio:22"), ("gpio:red=17,green=17,blue=22", ""),
]  # fmt: skip


@pytest.mark.parametrize(("lamp", "sound"), GOOD)
def test_what_a_kiosk_takes_the_hub_gives(lamp: str, sound: str) -> None:
    check_signal_urls(lamp, sound)

    wires_of(Fitted(lamp=lamp, sound=sound))


@pytest.mark.parametrize(("lamp", "sound"), BAD)
def test_what_no_kiosk_takes_is_refused_before_it_is_carried_there(lamp: str, sound: str) -> None:
    with pytest.raises(SignalUnusableError):
        check_signal_urls(lamp, sound)
    with pytest.raises(WiringError):
        wires_of(Fitted(lamp=lamp, sound=sound))


def test_the_pins_are_those_on_the_board() -> None:
    assert wires_of(Fitted()) == (
        WiredPin("red", 11),
        WiredPin("green", 13),
        WiredPin("blue", 15),
        WiredPin("sound", 12),
    )
    power_and_ground = {1, 2, 4, 6, 9, 14, 17, 20, 25, 30, 34, 39}
    assert set(HEADER.values()) | power_and_ground == set(range(1, 41))
    assert len(HEADER) == 28
