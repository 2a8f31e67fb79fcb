"""Lamp and sound by their URLs: what can be is opened, the rest refused with what is wanted."""

from __future__ import annotations

from contextlib import closing

import pytest
from gpiozero.pins.mock import MockFactory

from devices.errors import SignalUnusableError
from devices.signal_catalogue import check_signal_urls, open_performers
from devices.signals import Lines, Signal
from tests.patience import eventually


@pytest.mark.parametrize(
    ("lamp", "sound"),
    [
        ("", ""),
        ("gpio:red=17,green=27,blue=22", "aplay:default"),
        ("gpio:red=17,yellow=27,green=22,active=low", "gpio:18,active=low"),
        ("tower:/dev/serial/by-id/usb-Invented", "aplay:plughw:CARD=Device,DEV=0"),
    ],
)
def test_what_can_be_is_taken(lamp, sound):
    check_signal_urls(lamp, sound)


@pytest.mark.parametrize(
    ("lamp", "sound", "words"),
    [
        ("led:17", "", "lamp: 'led:17'; wanted is gpio:red=17"),
        ("gpio:17", "", "wanted is gpio:red=17"),
        ("gpio:red=17,green=27", "", "wanted is gpio:red=17"),
        ("gpio:red=17,green=27,blue=28", "", "wanted is gpio:red=17"),
        ("gpio:red=17,green=27,blue=x", "", "wanted is gpio:red=17"),
        ("gpio:red=17,red=27,blue=22", "", "wanted is gpio:red=17"),
        ("gpio:red=17,green=27,blue=17", "", "a pin of its own"),
        ("gpio:red=17,green=27,blue=22", "gpio:22", "a pin of its own"),
        ("tower:ttyUSB0", "", "tower:/dev/serial/by-id"),
        ("", "gpio:red=17", "sound: 'gpio:red=17'; wanted is aplay:default"),
        ("", "aplay:", "wanted is aplay:default"),
        ("", "aplay:-x", "wanted is aplay:default"),
        ("", "aplay:default; reboot", "wanted is aplay:default"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wanted(lamp, sound, words):
    with pytest.raises(SignalUnusableError) as caught:
        check_signal_urls(lamp, sound)

    assert words in str(caught.value)


def test_nothing_configured_is_nothing_opened(tmp_path):
    assert open_performers("", "", tmp_path) == []


def test_lamp_and_buzzer_answer_together(tmp_path):
    factory = MockFactory()
    lamp, buzzer = open_performers(
        "gpio:red=17,green=27,blue=22", "gpio:18", tmp_path, pin_factory=lambda: factory
    )  # fmt: skip
    with closing(lamp), closing(buzzer):
        for part in (lamp, buzzer):
            part.show(Signal.ARRIVED, Lines("", ""))

        assert eventually(lambda: any(state.state for state in factory.pin(18).states))
        assert eventually(lambda: factory.pin(27).state)
    assert not factory.pin(27).state
