"""The real driver over the emulated chip: in memory, and on a pseudo-terminal."""

from __future__ import annotations

import logging
from contextlib import closing
from random import Random

import pytest
from nfc.clf import pn532 as nfcpy

from devices.catalogue import open_reader
from devices.errors import CardLeftError, ReaderLostError, ReaderUnusableError
from devices.pn532 import Pn532Reader
from devices.serial_line import SerialLine
from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.faults import TornFrames
from simulator.chip.firmware import POWER_ON_SPEED, SPEEDS
from simulator.chip.frames import answer
from simulator.chip.line_in_memory import MemoryLine
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from tests.devices.reader_contract import NUMBER, PATIENCE_S, ReaderContract, Rig
from tests.devices.virtual_time import VirtualTime
from tests.patience import eventually


class TestTheDriverOverMemory(ReaderContract):
    @pytest.fixture
    def rig(self):
        chip = Pn532Chip()
        line = MemoryLine(chip)
        with closing(Pn532Reader(line, "memory:")) as reader:
            yield Rig(reader, lambda number: chip.put(Ntag213(number)), chip.take, line.cut)


@pytest.fixture
def patient(monkeypatch):
    """A chip in a thread of this process may be kept waiting, as no chip in a reader is."""
    monkeypatch.setattr("devices.serial_line.SHORTEST_WAIT_S", 1.0)


class TestTheDriverOnATerminal(ReaderContract):
    @pytest.fixture
    def rig(self, patient):
        chip = Pn532Chip()
        with closing(PtyPort(chip)) as port, closing(open_reader(f"pn532:{port.path}")) as reader:
            yield Rig(reader, lambda number: chip.put(Ntag213(number)), chip.take, port.unplug)


class TestTheDriverOnABadTerminal(ReaderContract):
    @pytest.fixture
    def rig(self, patient):
        chip = Pn532Chip(garble=TornFrames(0.03, Random(41)))
        with closing(PtyPort(chip)) as port, closing(open_reader(f"pn532:{port.path}")) as reader:
            yield Rig(reader, lambda number: chip.put(Ntag213(number)), chip.take, port.unplug)


@pytest.fixture
def reader(chip):
    return Pn532Reader(MemoryLine(chip), "memory:")


def leave_at(speed, line):
    line.baudrate = 115_200
    line.write(bytes(10))
    nfcpy.Chipset(line, logger=logging.getLogger("nfc")).set_serial_baudrate(speed)


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed != POWER_ON_SPEED])
def test_a_chip_left_at_another_speed_is_found_and_set_back(chip, speed):
    leave_at(speed, MemoryLine(chip))
    left_at = chip.speed

    reader = Pn532Reader(MemoryLine(chip), "memory:")
    chip.put(Ntag213(NUMBER))

    assert left_at == speed
    assert chip.speed == 115_200
    assert reader.poll(0) is not None


@pytest.mark.parametrize("speed", [9_600, 921_600, 1_288_000])
def test_a_chip_left_at_another_speed_is_found_on_a_terminal_too(chip, port, patient, speed):
    with closing(SerialLine(port.path)) as line:
        leave_at(speed, line)
        assert eventually(lambda: chip.speed == speed)

    with closing(open_reader(f"pn532:{port.path}")) as reader:
        chip.put(Ntag213(NUMBER))
        card = reader.poll(PATIENCE_S)

    assert chip.speed == 115_200
    assert card is not None


def test_closing_sends_the_chip_nothing(chip, reader):
    chip.put(Ntag213(NUMBER))
    reader.poll(0)

    reader.close()

    assert Pn532Reader(MemoryLine(chip), "memory:").poll(0) is not None
    assert chip.speed == 115_200


def test_a_second_agent_on_one_reader_is_refused_with_a_sentence(port):
    with closing(open_reader(f"pn532:{port.path}")), pytest.raises(ReaderUnusableError, match="held by another"):
        open_reader(f"pn532:{port.path}")


def test_a_chip_that_hangs_is_there_but_lost(chip, reader):
    chip.is_mute = True

    with pytest.raises(ReaderLostError) as caught:
        reader.poll(0)

    assert caught.value.is_there


def test_a_chip_that_lost_its_power_is_lost_and_found_when_opened_again(chip, reader):
    chip.put(Ntag213(NUMBER))

    chip.power()

    with pytest.raises(ReaderLostError):
        reader.poll(0)
    assert Pn532Reader(MemoryLine(chip), "memory:").poll(0) is not None


def test_a_terminal_without_a_chip_is_there_but_lost(chip, port):
    chip.is_mute = True

    with pytest.raises(ReaderLostError, match="no PN532 answers") as caught:
        open_reader(f"pn532:{port.path}")

    assert caught.value.is_there


@pytest.mark.parametrize(
    ("firmware", "name"),
    [
        ("33020707", "is a PN533; a PN532 is wanted"),
        ("0402", "is a PN531; a PN532 is wanted"),
        ("0102", "is no PN532, but says 01 02 of itself"),
        ("", "is no PN532, but says nothing of itself"),
        ("44010607", "is no PN532, but says 44 01 06 07 of itself"),
    ],
)
def test_another_chip_is_refused_by_its_name_or_its_bytes(firmware, name):
    class OtherLine(MemoryLine):
        def read(self, timeout):
            frame = super().read(timeout)
            return bytearray(answer(0x02, bytes.fromhex(firmware))) if frame[5:7] == b"\xd5\x03" else frame

    with pytest.raises(ReaderUnusableError, match=name):
        Pn532Reader(OtherLine(Pn532Chip()), "memory:")


def test_a_card_that_slips_away_is_told_apart_from_an_empty_field(chip, reader):
    card = Ntag213(NUMBER)
    card.slips_away = True
    chip.put(card)

    with pytest.raises(CardLeftError):
        reader.poll(0)

    card.slips_away = False
    assert reader.poll(0) is not None


def test_kinds_are_told_by_sak_even_where_the_number_looks_like_another_maker(chip, reader):
    cards = [Ntag213(NUMBER), MifareClassic(bytes.fromhex("04B2C3D4")), Phone(Random(1))]
    kinds = []

    for card in cards:
        chip.put(card)
        kinds.append(reader.poll(0).kind)

    assert kinds == ["type2", "classic", "type4"]


def test_a_phone_shows_another_number_at_every_poll(chip, reader):
    chip.put(Phone(Random(1)))

    numbers = {reader.poll(0).number for _ in range(5)}

    assert len(numbers) == 5
    assert {number[0] for number in numbers} == {0x08}


def test_a_field_with_nothing_in_it_is_off_between_polls(chip, reader):
    reader.poll(0)

    assert not chip.field_is_on


def test_no_card_number_is_logged_at_any_level(chip, reader, caplog):
    caplog.set_level(1)
    chip.put(Ntag213(NUMBER))

    card = reader.poll(0)

    assert NUMBER.hex() not in (caplog.text + repr(card)).lower()


def test_a_reader_once_lost_stays_lost_even_where_its_chip_answers_again(chip, reader):
    chip.is_mute = True
    with pytest.raises(ReaderLostError):
        reader.poll(0)

    chip.is_mute = False

    with pytest.raises(ReaderLostError):
        reader.poll(0)


def test_torn_frames_that_were_made_good_are_not_logged(caplog):
    caplog.set_level(1)
    chip = Pn532Chip(garble=TornFrames(0.05, Random(3)))
    reader = Pn532Reader(MemoryLine(chip), "memory:", sleep=lambda _: None)

    for _ in range(20):
        reader.poll(0)

    assert caplog.records == []


def test_a_poll_shorter_than_the_pace_looks_once():
    time = VirtualTime()
    chip = Pn532Chip()
    reader = Pn532Reader(MemoryLine(chip), "memory:", monotonic=time.monotonic, sleep=time.sleep)
    reader.poll(0)

    time.at(0.03, lambda: chip.put(Ntag213(NUMBER)))

    assert reader.poll(0.02) is None
    assert reader.poll(0.02) is not None
