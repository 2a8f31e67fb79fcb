"""From cards held to the chip to appearances on the plate, over a line that tears frames: how many taps are seen."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from random import Random

import pytest

from devices.attended import AttendedReader
from devices.card import CardRefusal, judge
from devices.pacing import PACE_S
from devices.plate import Appeared, Plate
from devices.pn532 import Pn532Reader
from simulator.chip.air import AirCard
from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.faults import LostFrames, TornFrames
from simulator.chip.frames import ACK
from simulator.chip.line_in_memory import MemoryLine
from simulator.chip.pn532 import Pn532Chip
from tests.devices.reader_contract import NUMBER
from tests.devices.virtual_time import VirtualTime

TAPS = 40
TAP_S = 0.6


@dataclass
class Kiosk:
    """A reader with its plate, as an agent drives them, in virtual time."""

    chip: Pn532Chip
    time: VirtualTime = field(default_factory=VirtualTime)
    seed: int = 0

    def __post_init__(self) -> None:
        self.reader = AttendedReader(
            "memory:",
            open_reader=lambda url: Pn532Reader(
                MemoryLine(self.chip, elapse=self.time.sleep), url, monotonic=self.time.monotonic, sleep=self.time.sleep
            ),
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            rng=Random(self.seed),
        )

    def watch(self, seconds: float) -> list[tuple[float, Appeared]]:
        plate = Plate()
        appeared = []
        until_s = self.time.monotonic() + seconds
        while self.time.monotonic() < until_s:
            card = self.reader.poll(PACE_S)
            if self.reader.health.state == "up":
                now_s = self.time.monotonic()
                appeared += [(now_s, c) for c in plate.look(card, now_s) if isinstance(c, Appeared)]
        return appeared

    def hold(self, card: AirCard, from_s: float, seconds: float) -> None:
        self.time.at(from_s, lambda: self.chip.put(card))
        self.time.at(from_s + seconds, self.chip.take)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("torn", [0.0, 0.01, 0.05])
def test_taps_are_seen_over_a_line_that_tears_frames(torn, seed):
    kiosk = Kiosk(Pn532Chip(garble=TornFrames(torn, Random(seed))), seed=seed)
    begins = [3.0 + 1.5 * tap for tap in range(TAPS)]
    for begin in begins:
        kiosk.hold(Ntag213(NUMBER), begin, TAP_S)

    appeared = [at for at, _ in kiosk.watch(begins[-1] + 3)]

    seen = [sum(begin <= at < begin + 1.5 for at in appeared) for begin in begins]
    assert sum(map(bool, seen)) >= 38, f"seed {seed}: {seen}"
    assert max(seen) == 1, f"seed {seed}: {seen}"


def test_taps_are_seen_over_a_line_that_loses_one_answer_in_twenty():
    held, seen, twice = 0, 0, 0
    for seed in range(10):
        kiosk = Kiosk(Pn532Chip(garble=LostFrames(0.05, Random(seed))), seed=seed)
        begins = [10.0 + 1.5 * tap for tap in range(TAPS)]
        for begin in begins:
            kiosk.hold(Ntag213(NUMBER), begin, TAP_S)
        appeared = [at for at, _ in kiosk.watch(begins[-1] + 3)]
        counts = [sum(begin <= at < begin + 1.5 for at in appeared) for begin in begins]
        held, seen, twice = held + TAPS, seen + sum(map(bool, counts)), twice + sum(count > 1 for count in counts)

    assert seen >= 0.98 * held, f"{seen} of {held}"
    assert twice == 0


@pytest.mark.parametrize("chip_takes_s", [0.005, 0.06, 0.3])
def test_a_chip_that_is_slow_to_search_is_waited_for(chip_takes_s):
    """How long an empty search takes, is the chip's own: another revision, a USB adapter, retries."""
    time = VirtualTime()
    line = SlowLine(Pn532Chip(), chip_takes_s, time)
    reader = Pn532Reader(line, "memory:", monotonic=time.monotonic, sleep=time.sleep)

    for _ in range(100):
        reader.poll(0)

    assert line.given_up == 0


class SlowLine(MemoryLine):
    """A line whose answers to a search come so much later."""

    def __init__(self, chip: Pn532Chip, later_s: float, time: VirtualTime) -> None:
        super().__init__(chip, elapse=time.sleep)
        self._later_s = later_s
        self._time = time
        self._searching = False
        self.given_up = 0

    def write(self, frame: bytes) -> None:
        self.given_up += self._searching and frame == ACK
        self._searching = frame[5:7] == b"\xd4\x4a"
        super().write(frame)

    def read(self, timeout: float) -> bytearray:
        frame = super().read(timeout)
        if frame[5:7] == b"\xd5\x4b":
            if timeout < self._later_s * 1000:
                self._time.sleep(timeout / 1000)
                raise TimeoutError(errno.ETIMEDOUT, "no answer")
            self._time.sleep(self._later_s)
            self._searching = False
        return frame


def test_two_cards_held_at_once_are_two_appearances():
    kiosk = Kiosk(Pn532Chip())
    kiosk.time.at(1.0, lambda: kiosk.chip.put(Ntag213(NUMBER), MifareClassic(bytes.fromhex("A1B2C3D4"))))
    kiosk.time.at(1.6, kiosk.chip.take)

    appeared = kiosk.watch(5)

    assert sorted(change.card.number.hex() for _, change in appeared) == ["04a1b2c3d4e580", "a1b2c3d4"]


def test_a_card_beside_a_phone_is_seen():
    kiosk = Kiosk(Pn532Chip())
    kiosk.time.at(1.0, lambda: kiosk.chip.put(Phone(Random(3)), Ntag213(NUMBER)))
    kiosk.time.at(3.0, kiosk.chip.take)

    appeared = kiosk.watch(5)

    assert [judge(change.card) for _, change in appeared].count(None) == 1
    assert len(appeared) == 2


def test_a_card_left_on_the_plate_for_an_hour_is_one_tap():
    kiosk = Kiosk(Pn532Chip())
    kiosk.chip.put(Ntag213(NUMBER))

    appeared = kiosk.watch(3600)

    assert len(appeared) == 1


def test_a_classic_card_is_one_tap():
    kiosk = Kiosk(Pn532Chip())
    kiosk.hold(MifareClassic(bytes.fromhex("A1B2C3D4")), 1.0, 1.5)

    appeared = kiosk.watch(5)

    assert [change.card.number.hex() for _, change in appeared] == ["a1b2c3d4"]


def test_a_phone_is_one_appearance_and_is_refused():
    kiosk = Kiosk(Pn532Chip())
    kiosk.hold(Phone(Random(5)), 1.0, 1.0)

    appeared = kiosk.watch(5)

    assert [judge(change.card) for _, change in appeared] == [CardRefusal.RANDOM_NUMBER]


def test_a_brown_out_under_a_card_is_no_second_tap_and_over_within_seconds():
    kiosk = Kiosk(Pn532Chip())
    kiosk.chip.put(Ntag213(NUMBER))
    kiosk.time.at(5.0, kiosk.chip.power)
    states = []
    kiosk.time.at(9.0, lambda: states.append(kiosk.reader.health.state))

    appeared = kiosk.watch(20)

    assert len(appeared) == 1
    assert states == ["up"]


@pytest.mark.parametrize("seed", range(20))
def test_after_a_hang_or_a_brown_out_it_is_blind_within_seconds_and_back_within_a_minute(seed):
    rng = Random(seed)
    kiosk = Kiosk(Pn532Chip(garble=TornFrames(0.01, rng)), seed=seed)
    fails_at, back_at = 10 + rng.random(), 15 + rng.random() * 120
    kiosk.time.at(fails_at, lambda: setattr(kiosk.chip, "is_mute", True))
    kiosk.time.at(back_at, lambda: setattr(kiosk.chip, "is_mute", False))
    kiosk.time.at(back_at, kiosk.chip.power)
    states = []
    for at in (fails_at - 1, fails_at + 4, back_at + 30):
        kiosk.time.at(at, lambda: states.append(kiosk.reader.health.state))

    kiosk.watch(back_at + 35)

    assert states == ["up", "blind", "up"], f"seed {seed}"
