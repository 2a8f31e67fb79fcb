"""Buttons: on gpiozero's own mock of a pin, and as a keyboard on a pipe."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from gpiozero.pins.mock import MockFactory

from devices.buttons import check_button_url, open_button, pin_of
from devices.errors import AnnunciatorLostError, ReaderLostError, SignalUnusableError
from devices.keys import ENTER
from simulator.wedge import Pipe, key_event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A_MOMENT_S = 0.05


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


def test_a_pin_that_is_tied_to_ground_is_one_press_however_long(factory: MockFactory) -> None:
    with closing(open_button("gpio:21", lambda: factory)) as button:
        assert not button.wait(0)

        factory.pin(21).drive_low()

        assert button.wait(A_MOMENT_S)
        assert not button.wait(A_MOMENT_S)
        factory.pin(21).drive_high()
        assert not button.wait(A_MOMENT_S)


def test_a_press_while_nobody_waits_is_told_at_the_next_wait(factory: MockFactory) -> None:
    with closing(open_button("gpio:21", lambda: factory)) as button:
        factory.pin(21).drive_low()
        factory.pin(21).drive_high()

        assert button.wait(0)


def test_without_pins_it_says_so() -> None:
    def no_pins() -> object:
        raise FileNotFoundError(2, "No such file", "/dev/gpiochip0")

    with pytest.raises(AnnunciatorLostError, match="no pins are to be had on this machine"):
        open_button("gpio:21", no_pins)


def test_any_key_of_a_button_that_is_a_keyboard_is_a_press(tmp_path: Path) -> None:
    with closing(Pipe(str(tmp_path / "event0"))) as pipe, closing(open_button(f"key:{pipe.path}")) as button:
        press, release = key_event(1.0, ENTER, 1), key_event(1.1, ENTER, 0)

        pipe.write(press[:10])
        assert not button.wait(A_MOMENT_S)
        pipe.write(press[10:])
        assert button.wait(A_MOMENT_S)
        pipe.write(release)
        assert not button.wait(A_MOMENT_S)


def test_a_keyboard_that_is_not_there_is_lost(tmp_path: object) -> None:
    with pytest.raises(ReaderLostError, match="is not there"):
        open_button(f"key:{tmp_path}/none")


@pytest.mark.parametrize("url", ["gpio:28", "gpio:", "gpio:21,active=low", "key:relative", "keyboard:/dev/x", "21"])
def test_a_url_that_is_no_buttons_is_refused_with_what_is_wanted(url: str) -> None:
    with pytest.raises(SignalUnusableError, match=r"wanted is gpio:21 .*key:/dev/input"):
        check_button_url(url)


def test_only_a_buttons_pin_is_told() -> None:
    assert (pin_of("gpio:21"), pin_of("key:/dev/input/event0"), pin_of("")) == (21, None, None)
