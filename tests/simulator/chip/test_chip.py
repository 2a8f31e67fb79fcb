"""The chip and its cards against nfcpy's own, unmodified driver and tag code."""

from __future__ import annotations

import logging
from random import Random

import nfc
import nfc.clf
import nfc.tag
import pytest
from nfc.clf import pn532

from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.faults import TornFrames
from simulator.chip.frames import ACK, SYNTAX_ERROR
from simulator.chip.line_in_memory import MemoryLine
from simulator.chip.pn532 import Pn532Chip

NUMBER = bytes.fromhex("04A1B2C3D4E580")
WAKE_UP = bytes(10)
SAM_NORMAL = bytes.fromhex("0000ff03fdd414011700")
GET_FIRMWARE_VERSION = bytes.fromhex("0000ff02fed4022a00")
UNKNOWN_COMMAND = bytes.fromhex("0000ff02fed4ef3d00")
SET_FASTEST_SPEED = bytes.fromhex("0000ff03fdd410081400")


@pytest.fixture
def chip():
    chip = Pn532Chip()
    chip.receive(WAKE_UP + SAM_NORMAL)
    return chip


@pytest.fixture
def frontend(chip):
    frontend = nfc.ContactlessFrontend()
    frontend.device = pn532.Device(
        pn532.Chipset(MemoryLine(chip), logger=logging.getLogger("nfc")), logging.getLogger("nfc")
    )
    return frontend


def sense(frontend):
    return frontend.sense(nfc.clf.RemoteTarget("106A"))


def test_nfcpy_reads_the_text_written_on_an_ntag213(chip, frontend):
    chip.put(Ntag213(NUMBER, text="在岗"))

    tag = nfc.tag.activate(frontend, sense(frontend))

    assert tag.product == "NXP NTAG213"
    assert [record.text for record in tag.ndef.records] == ["在岗"]


def test_nfcpy_writes_to_an_ntag213_what_the_next_reading_gives_back(chip, frontend):
    chip.put(Ntag213(NUMBER))
    tag = nfc.tag.activate(frontend, sense(frontend))

    tag.write(20, b"abcd")

    assert tag.read(20)[:4] == b"abcd"


def test_a_classic_card_has_a_number_and_no_content(chip, frontend):
    chip.put(MifareClassic(bytes.fromhex("A1B2C3D4")))

    target = sense(frontend)

    assert (target.sdd_res.hex(), target.sel_res.hex(), target.sens_res.hex()) == ("a1b2c3d4", "08", "0400")
    assert nfc.tag.activate(frontend, target).ndef is None


def test_a_phone_keeps_its_number_while_the_field_is_on_and_changes_it_after():
    phone = Phone(Random(1))
    first = phone.number

    phone.feel_field()

    assert phone.number != first
    assert phone.number[0] == first[0] == 0x08


def test_an_empty_field_is_found_empty(frontend):
    assert sense(frontend) is None


def test_a_card_that_was_taken_says_nothing_more(chip, frontend):
    chip.put(Ntag213(NUMBER))
    sense(frontend)

    chip.take()

    with pytest.raises(nfc.clf.TimeoutError):
        frontend.exchange(b"\x30\x00", 0.01)


def test_nfcpy_closes_the_chip_to_sleep_and_a_preamble_wakes_it(chip, frontend):
    frontend.close()

    assert chip.receive(GET_FIRMWARE_VERSION) == []
    assert chip.receive(WAKE_UP + GET_FIRMWARE_VERSION)


def test_a_command_the_chip_does_not_know_is_a_syntax_error(chip):
    replies = chip.receive(UNKNOWN_COMMAND)

    assert [reply.frame for reply in replies] == [ACK, SYNTAX_ERROR]


def test_a_nack_brings_the_last_answer_again(chip):
    first = chip.receive(GET_FIRMWARE_VERSION)

    again = chip.receive(bytes.fromhex("0000ffff0000"))

    assert [reply.frame for reply in again] == [first[-1].frame]


def test_at_another_speed_the_chip_hears_noise(chip):
    assert chip.receive(GET_FIRMWARE_VERSION, speed=921_600) == []


def test_the_speed_changes_with_the_hosts_ack(chip):
    chip.receive(SET_FASTEST_SPEED)
    before = chip.speed

    chip.receive(ACK)

    assert (before, chip.speed) == (115_200, 1_288_000)


def test_without_power_the_chip_forgets_its_speed(chip):
    chip.receive(SET_FASTEST_SPEED + ACK)

    chip.power()

    assert chip.speed == 115_200


@pytest.mark.parametrize(("card", "length"), [(Ntag213, 4), (MifareClassic, 10)])
def test_a_card_with_an_impossible_number_is_not_made(card, length):
    with pytest.raises(ValueError, match="bytes, not"):
        card(bytes(length))


def test_frames_are_torn_in_the_share_asked_for_and_the_same_way_for_one_seed():
    def torn(seed: int) -> list[bytes]:
        tear = TornFrames(0.05, Random(seed))
        return [tear(ACK) for _ in range(2000)]

    share = sum(frame != ACK for frame in torn(1)) / 2000

    assert 0.03 < share < 0.07
    assert torn(1) == torn(1)
    assert torn(1) != torn(2)
