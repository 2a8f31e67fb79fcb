"""Lamp and sound in threads of their own: no tap waits for them, and none of them ends a kiosk."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import pytest

from devices import performer
from devices.ensemble import Ensemble
from devices.errors import AnnunciatorLostError
from devices.performer import Performer
from devices.signals import Lines, Signal
from tests.patience import eventually

LINES = Lines("", "")


class Slow:
    """An instrument that takes a minute for each signal."""

    def __init__(self) -> None:
        self.begun: list[Signal] = []
        self.cut_short: list[Signal] = []
        self.fault: Exception | None = None
        self.is_closed = False

    def perform(self, signal, is_over):
        if self.fault:
            raise self.fault
        self.begun.append(signal)
        if is_over(60.0):
            self.cut_short.append(signal)

    def close(self):
        self.is_closed = True


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def impatient(monkeypatch):
    """What failed is tried again with the next signal."""
    monkeypatch.setattr(performer, "TRY_AGAIN_S", 0.0)


@pytest.fixture
def lamp(slow, impatient):
    with closing(Performer("lamp", lambda: slow)) as lamp:
        yield lamp


def test_a_signal_does_not_hold_up_who_gives_it_and_the_next_one_begins_at_once(lamp, slow):
    began_s = time.monotonic()
    lamp.show(Signal.ARRIVED, LINES)
    assert eventually(lambda: slow.begun == [Signal.ARRIVED])

    lamp.show(Signal.LEFT, LINES)

    assert eventually(lambda: slow.begun == [Signal.ARRIVED, Signal.LEFT])
    assert slow.cut_short == [Signal.ARRIVED]
    assert time.monotonic() - began_s < 30


def test_closing_ends_what_goes_on_and_goes_dark(slow):
    lamp = Performer("lamp", lambda: slow)
    lamp.show(Signal.ARRIVED, LINES)
    assert eventually(lambda: slow.begun)

    lamp.close()

    assert slow.is_closed
    assert "lamp" not in {thread.name for thread in threading.enumerate()}


def test_what_is_missing_is_told_and_found_when_it_is_there(slow, impatient):
    is_there = threading.Event()

    def open_it():
        if not is_there.is_set():
            raise AnnunciatorLostError("not plugged in")
        return slow

    with closing(Performer("lamp", open_it)) as lamp:
        assert eventually(lambda: trouble_of(lamp) == "lamp: not plugged in")

        is_there.set()

        assert eventually(lambda: trouble_of(lamp) == "")
        assert slow.begun


def test_what_is_missing_is_not_tried_at_every_tap():
    tries = []

    def open_it():
        tries.append(1)
        raise AnnunciatorLostError("not plugged in")

    with closing(Performer("lamp", open_it)) as lamp:
        for _ in range(50):
            trouble_of(lamp)
        assert eventually(lambda: trouble_of(lamp))

    assert len(tries) < 5


@pytest.mark.parametrize(
    ("fault", "told"),
    [(AnnunciatorLostError("burnt out"), "lamp: burnt out"), (ZeroDivisionError(), "ZeroDivisionError")],
)
def test_a_fault_is_told_and_ends_nothing(lamp, slow, fault, told):
    slow.fault = fault
    assert eventually(lambda: told in trouble_of(lamp))
    assert slow.is_closed

    slow.fault = None

    assert eventually(lambda: trouble_of(lamp) == "")


def trouble_of(annunciator) -> str:
    try:
        annunciator.show(Signal.ARRIVED, LINES)
    except AnnunciatorLostError as exc:
        return str(exc)
    return ""


class Fake:
    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.shown: list[Signal] = []
        self.is_closed = False

    def show(self, signal, lines):
        if self.fault:
            raise AnnunciatorLostError(self.fault)
        self.shown.append(signal)

    def close(self):
        self.is_closed = True


def test_one_that_fails_keeps_no_other_from_answering():
    parts = [Fake("lamp: gone"), Fake(), Fake("sound: gone")]
    ensemble = Ensemble(parts)

    assert trouble_of(ensemble) == "lamp: gone; sound: gone"
    assert parts[1].shown == [Signal.ARRIVED]
    ensemble.close()
    assert all(part.is_closed for part in parts)
