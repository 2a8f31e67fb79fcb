"""Lights on pins and on a serial line: what shines for each signal. Pins are gpiozero's own mock, the line a terminal."""

from __future__ import annotations

import os
import select
import termios
import tty
from contextlib import contextmanager

import pytest
from gpiozero.pins.mock import MockFactory

from devices.errors import AnnunciatorLostError
from devices.gpio import GpioBuzzer, GpioLights
from devices.lamps import RGB, STEADY_S, TOWER, LampInstrument, mixed
from devices.signals import Signal
from devices.tower import TowerLights

PINS = {"red": 17, "green": 27, "blue": 22}


@pytest.mark.parametrize("colours", [RGB, TOWER])
def test_no_two_signals_look_alike_on_either_lamp(colours):
    looks = {(mixed(colours, signal.value.lamp), signal.value.flashes) for signal in Signal}

    assert len(looks) == len(Signal)


@pytest.fixture
def factory():
    made = MockFactory()
    yield made
    made.reset()


class Watch:
    """What shines while a signal is given, in virtual time."""

    def __init__(self, look) -> None:
        self.look = look
        self.seen: list[tuple[object, float]] = []

    def is_over(self, wait_s: float) -> bool:
        self.seen.append((self.look(), wait_s))
        return False


def lit(factory, pins=PINS, high=True) -> frozenset[str]:
    return frozenset(colour for colour, pin in pins.items() if bool(factory.pin(pin).state) is high)


def test_a_steady_colour_is_mixed_on_the_pins_and_goes_dark(factory):
    lamp = LampInstrument(GpioLights(PINS, factory=lambda: factory))
    watch = Watch(lambda: lit(factory))

    lamp.perform(Signal.LEFT, watch.is_over)
    lamp.perform(Signal.ALREADY_RECORDED, watch.is_over)

    assert watch.seen == [(frozenset({"blue"}), STEADY_S), (frozenset(PINS), STEADY_S)]
    assert lit(factory) == frozenset()


def test_flashes_can_be_counted(factory):
    lamp = LampInstrument(GpioLights(PINS, factory=lambda: factory))
    watch = Watch(lambda: lit(factory))

    lamp.perform(Signal.TROUBLE, watch.is_over)

    assert [shines for shines, _ in watch.seen] == [frozenset({"red"}), frozenset()] * 3


def test_a_board_that_lights_by_a_low_pin(factory):
    lamp = LampInstrument(GpioLights(PINS, is_low_active=True, factory=lambda: factory))
    watch = Watch(lambda: lit(factory, high=False))
    assert lit(factory, high=False) == frozenset()

    lamp.perform(Signal.ARRIVED, watch.is_over)

    assert watch.seen == [(frozenset({"green"}), STEADY_S)]


def test_a_signal_that_another_replaces_stops_there(factory):
    lamp = LampInstrument(GpioLights(PINS, factory=lambda: factory))

    lamp.perform(Signal.REFUSED, lambda _: True)
    lamp.perform(Signal.ARRIVED, lambda _: True)

    assert lit(factory) == frozenset({"green"})
    lamp.close()


def test_a_buzzer_gives_the_rhythm(factory):
    buzzer = GpioBuzzer(18, factory=lambda: factory)
    watch = Watch(lambda: bool(factory.pin(18).state))

    buzzer.perform(Signal.LEFT, watch.is_over)

    assert watch.seen == [(True, 0.12), (False, 0.08), (True, 0.12)]
    assert not factory.pin(18).state


def test_a_buzzer_cut_short_is_silent(factory):
    buzzer = GpioBuzzer(18, factory=lambda: factory)

    buzzer.perform(Signal.CHIME, lambda _: True)

    assert not factory.pin(18).state


def test_a_pin_in_use_is_told_and_the_others_are_let_go(factory):
    other = GpioBuzzer(27, factory=lambda: factory)

    with pytest.raises(AnnunciatorLostError, match="pins cannot be used"):
        GpioLights(PINS, factory=lambda: factory)

    GpioBuzzer(17, factory=lambda: factory).close()
    other.close()


def no_lgpio():
    raise ModuleNotFoundError("No module named 'lgpio'", name="lgpio")


def no_chip():
    raise FileNotFoundError(2, "No such file or directory", "/dev/gpiochip0")


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        (no_lgpio, "lgpio is not installed; wanted is"),
        (no_chip, "no pins are to be had on this machine: /dev/gpiochip0"),
    ],
)
def test_a_machine_without_pins_is_told_what_is_missing(factory, told):
    with pytest.raises(AnnunciatorLostError, match=told):
        GpioLights(PINS, factory=factory)


class Terminal:
    """A tower light's end of the line."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)

    def heard(self) -> bytes:
        heard = b""
        while select.select([self.master], [], [], 0)[0]:
            heard += os.read(self.master, 100)
        return heard

    def unplug(self) -> None:
        os.close(self.master)


@contextmanager
def tower():
    terminal = Terminal()
    try:
        yield terminal
    finally:
        os.close(terminal.slave)


def test_a_tower_light_is_told_by_single_bytes_at_its_speed():
    with tower() as terminal:
        lamp = LampInstrument(TowerLights(terminal.path))
        assert terminal.heard() == b"\x28\x21\x22\x24"  # buzzer off, then all dark
        assert termios.tcgetattr(terminal.slave)[5] == termios.B9600
        watch = Watch(terminal.heard)

        lamp.perform(Signal.LEFT, watch.is_over)

        assert watch.seen == [(b"\x21\x12\x14", STEADY_S)]
        lamp.close()
        assert terminal.heard() == b"\x21\x22\x24" * 2
        terminal.unplug()


def test_a_tower_light_that_was_pulled_out_is_told():
    with tower() as terminal:
        lights = TowerLights(terminal.path)
        terminal.unplug()

        with pytest.raises(AnnunciatorLostError, match="takes nothing"):
            lights.switch(frozenset({"red"}))
        lights.close()


def test_a_tower_light_that_is_not_there_is_told(tmp_path):
    with pytest.raises(AnnunciatorLostError, match="cannot be opened"):
        TowerLights(str(tmp_path / "none"))
