"""nfcpy's driver for the ACR122U over an emulated plug. No real one was tried."""

from __future__ import annotations

import errno
from contextlib import closing, suppress
from random import Random

import pytest
from nfc.clf import acr122

from devices.acr122u import Acr122uReader, Plugged, choose
from devices.errors import ReaderLostError, ReaderUnusableError
from simulator.acr122u import CcidPort
from simulator.chip.cards import MifareClassic, Ntag213, Phone
from tests.devices.reader_contract import NUMBER, ReaderContract, Rig

HERE = [Plugged("1-1.2", 1, 4), Plugged("1-1.3", 1, 5)]


class TestTheDriver(ReaderContract):
    @pytest.fixture
    def rig(self, chip, port):
        with closing(Acr122uReader(port, "acr122u:usb")) as reader:
            yield Rig(reader, lambda number: chip.put(Ntag213(number)), chip.take, port.unplug)


@pytest.fixture
def port(chip):
    return CcidPort(chip)


@pytest.fixture
def reader(port):
    return Acr122uReader(port, "acr122u:usb")


def test_kinds_and_lengths_of_numbers_are_told(chip, reader):
    cards = [Ntag213(NUMBER), MifareClassic(bytes.fromhex("04B2C3D4")), Phone(Random(1))]
    seen = []

    for card in cards:
        chip.put(card)
        seen.append(reader.poll(0))

    assert [card.kind for card in seen] == ["type2", "classic", "type4"]
    assert [len(card.number) for card in seen] == [7, 4, 4]


def test_let_go_of_and_taken_up_again_it_still_reads(chip, port, reader):
    reader.close()

    chip.put(Ntag213(NUMBER))
    assert Acr122uReader(port, "acr122u:usb").poll(0) is not None
    assert port.is_closed


def test_nfcpys_own_good_bye_would_silence_it_until_it_is_replugged(port):
    device = acr122.init(port)
    with suppress(OSError):
        device.close()

    with pytest.raises(ReaderLostError, match="plug it in again") as caught:
        Acr122uReader(port, "acr122u:usb")

    assert caught.value.is_there


def test_its_own_beep_is_switched_off(port, reader):
    assert any(frame.endswith(bytes.fromhex("FF00520000")) for frame in port.said)


def test_one_answer_that_did_not_come_costs_no_card(chip, port, reader, monkeypatch):
    chip.put(Ntag213(NUMBER))
    read, answers = port.read, iter([OSError(errno.EIO, "lost")])

    def losing(timeout=0):
        if fault := next(answers, None):
            read(timeout)
            raise fault
        return read(timeout)

    monkeypatch.setattr(port, "read", losing)

    assert reader.poll(1.0) is not None


def test_a_silent_one_is_there_and_one_pulled_out_is_not(port, reader):
    port.is_mute = True

    with pytest.raises(ReaderLostError) as caught:
        reader.poll(0)
    assert caught.value.is_there

    port.unplug()
    with pytest.raises(ReaderLostError) as caught:
        Acr122uReader(port, "acr122u:usb")
    assert not caught.value.is_there


def test_once_lost_it_stays_lost(port, reader):
    port.is_mute = True
    with pytest.raises(ReaderLostError):
        reader.poll(0)

    port.is_mute = False

    with pytest.raises(ReaderLostError):
        reader.poll(0)


def test_the_only_one_needs_no_port_and_several_do():
    assert choose(HERE[:1], "", "x") == HERE[0]
    assert choose(HERE, "1-1.3", "x") == HERE[1]
    with pytest.raises(ReaderUnusableError, match=r"acr122u:usb:1-1\.2 or acr122u:usb:1-1\.3"):
        choose(HERE, "", "x")
    with pytest.raises(ReaderLostError, match=r"at 2-1"):
        choose(HERE, "2-1", "x")
    with pytest.raises(ReaderLostError, match="here"):
        choose([], "", "x")


def test_no_card_number_is_logged_at_any_level(chip, reader, caplog):
    caplog.set_level(1)
    chip.put(Ntag213(NUMBER))

    card = reader.poll(0)

    assert NUMBER.hex() not in (caplog.text + repr(card)).lower()
