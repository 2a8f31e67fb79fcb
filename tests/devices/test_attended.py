"""A reader that outlives its device, in virtual time."""

from __future__ import annotations

import logging
from random import Random

import pytest

from devices.attended import LONGEST_PAUSE_S, AttendedReader, ReaderHealth
from devices.card import Card
from devices.errors import CardLeftError, DeviceError, ReaderLostError, ReaderUnusableError
from tests.devices.virtual_time import VirtualTime

CARD = Card("iso14443a", bytes.fromhex("04A1B2C3D4E580"), "type2")


class Device:
    """A device that can be pulled out, silenced and put back."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.trouble: DeviceError | None = None
        self.fails_at_poll: DeviceError | None = None
        self.opened_at: list[float] = []
        self.still_open = 0

    def open(self, url: str) -> OpenDevice:
        self.opened_at.append(self.time.monotonic())
        if self.trouble is not None:
            raise self.trouble
        self.still_open += 1
        return OpenDevice(self, url)


class OpenDevice:
    def __init__(self, device: Device, name: str) -> None:
        self.name = name
        self._device = device

    def poll(self, timeout_s: float) -> Card | None:
        if trouble := self._device.trouble or self._device.fails_at_poll:
            raise trouble
        self._device.time.sleep(timeout_s)
        return CARD

    def close(self) -> None:
        self._device.still_open -= 1


GONE = ReaderLostError("it is not there", is_there=False)
SILENT = ReaderLostError("it does not answer", is_there=True)
FORBIDDEN = ReaderUnusableError("it is not ours")


@pytest.fixture
def time():
    return VirtualTime()


@pytest.fixture
def device(time):
    return Device(time)


@pytest.fixture
def attended(time, device):
    return AttendedReader(
        "x:/dev/x", open_reader=device.open, monotonic=time.monotonic, sleep=time.sleep, rng=Random(3)
    )


def poll_for(attended: AttendedReader, time: VirtualTime, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        attended.poll(0.1)


def test_a_reader_is_opened_at_the_first_poll(attended, device):
    assert attended.health.state == "down"

    card = attended.poll(0.1)

    assert card == CARD
    assert attended.health == ReaderHealth("up")
    assert len(device.opened_at) == 1


@pytest.mark.parametrize(("trouble", "state"), [(GONE, "down"), (SILENT, "blind"), (FORBIDDEN, "blind")])
def test_trouble_is_a_state_with_its_reason_and_never_an_error(attended, device, trouble, state):
    device.trouble = trouble

    card = attended.poll(0.1)

    assert card is None
    assert attended.health == ReaderHealth(state, str(trouble))


def test_a_reader_is_back_within_a_minute_however_long_it_was_away(attended, device, time):
    device.trouble = GONE
    poll_for(attended, time, 3600)

    device.trouble = None
    poll_for(attended, time, 60)

    assert attended.health.state == "up"


def test_tries_come_ever_slower_up_to_a_cap(attended, device, time):
    device.trouble = GONE

    poll_for(attended, time, 600)

    pauses = [later - sooner for sooner, later in zip(device.opened_at, device.opened_at[1:], strict=False)]
    assert pauses[0] < 1
    assert max(pauses) <= LONGEST_PAUSE_S + 0.2
    assert min(pauses[10:]) >= LONGEST_PAUSE_S / 2
    assert len(set(pauses[10:])) > 5


def test_a_reader_that_opens_and_then_fails_is_not_tried_in_a_tight_loop(attended, device, time):
    device.fails_at_poll = SILENT

    poll_for(attended, time, 600)

    assert len(device.opened_at) < 120
    assert attended.health.state == "blind"


def test_a_lost_device_is_let_go_before_it_is_opened_again(attended, device, time):
    device.fails_at_poll = SILENT

    poll_for(attended, time, 60)

    assert device.still_open == 0


def test_a_card_that_slipped_away_is_no_trouble(attended, device):
    attended.poll(0.1)
    device.fails_at_poll = CardLeftError("gone")

    card = attended.poll(0.1)

    assert card is None
    assert attended.health.state == "up"


def test_a_poll_of_a_lost_reader_takes_no_longer_than_asked(attended, device, time):
    device.trouble = GONE
    poll_for(attended, time, 30)
    began_s = time.monotonic()

    attended.poll(0.1)

    assert time.monotonic() - began_s == pytest.approx(0.1)


def test_the_first_failure_and_the_recovery_are_logged_and_no_retry(attended, device, time, caplog):
    caplog.set_level(logging.INFO)
    device.trouble = GONE
    poll_for(attended, time, 60)
    device.trouble = None
    poll_for(attended, time, 60)

    assert [record.message for record in caplog.records] == [
        "reader x:/dev/x is down: it is not there",
        "reader x:/dev/x is up",
    ]


def test_closing_lets_go(attended, device):
    attended.poll(0.1)

    attended.close()
    attended.close()

    assert device.still_open == 0
