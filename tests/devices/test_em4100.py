"""Serial readers of 125 kHz cards: frames out of noise, and the driver against an emulated reader."""

from __future__ import annotations

import time
from contextlib import closing
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from devices.announced import REPEATED_GONE_S
from devices.attended import AttendedReader
from devices.card import EM4100, Card
from devices.em4100 import Frames, open_reader
from devices.errors import ReaderLostError, ReaderUnusableError
from simulator.chip.faults import TornFrames
from simulator.em4100 import Em4100Port, frame_of
from tests.devices.reader_contract import ReaderContract, Rig
from tests.patience import eventually

NUMBER = bytes.fromhex("62E3086CED")  # the data sheet's card
OTHER_NUMBER = bytes.fromhex("0100A1B2C3")
CARD = Card(EM4100, NUMBER, "other")


class TestTheDriverOnATerminal(ReaderContract):
    TECHNOLOGY = EM4100
    NUMBER = NUMBER
    OTHER_NUMBER = OTHER_NUMBER

    @pytest.fixture
    def rig(self):
        with closing(Em4100Port()) as port, closing(open_reader(port.path, "em4100:")) as reader:
            yield Rig(reader, port.put, port.take, port.unplug, REPEATED_GONE_S)


def fed(*chunks: bytes) -> list[Card]:
    frames = Frames()
    return [card for chunk in chunks for card in frames.feed(chunk, 0.0)]


def test_the_data_sheets_frame_is_its_card():
    assert fed(b"\x0262E3086CED08\x03") == [CARD]


def test_the_other_family_ends_its_lines():
    assert fed(frame_of(NUMBER, line_end=b"\r\n")) == [CARD]


@pytest.mark.parametrize(
    "noise",
    [
        b"\x0262E3086CED09\x03",  # wrong checksum
        b"\x0262E3086CED\x03",
        b"\x0262E3086CED0800\x03",
        b"\x0262E3086CEG08\x03",
        b"\x02 2E3086CED08\x03",
        b"\x02" + b"0" * 500,
        b"\x03\x03\x00\xff",
        b"\x0262E308",
    ],
)
def test_what_does_not_check_is_passed_over_and_spoils_no_other(noise):
    assert fed(noise) == []
    assert fed(noise + frame_of(NUMBER)) == [CARD]


@given(st.lists(st.binary(min_size=5, max_size=5), max_size=5), st.lists(st.integers(1, 30), min_size=1))
def test_cards_come_out_however_their_frames_were_chopped(numbers, sizes):
    whole, chunks = b"".join(map(frame_of, numbers)), []
    while whole:
        sizes.append(sizes.pop(0))
        chunks.append(whole[: sizes[-1]])
        whole = whole[sizes[-1] :]

    assert [card.number for card in fed(*chunks)] == numbers


@given(st.binary(), st.integers(1, 13), st.integers(0, 255))
def test_one_wrong_byte_makes_no_other_card(noise, at, byte):
    frame = bytearray(frame_of(NUMBER))
    assume(bytes([byte]).upper() != bytes([frame[at]]))
    frame[at] = byte

    assert [card for card in fed(noise + b"\x03" + frame) if card.number != NUMBER] == fed(noise + b"\x03")


@pytest.fixture
def port():
    with closing(Em4100Port()) as port:
        yield port


def test_a_line_that_tears_frames_reads_the_card_all_the_same():
    with (
        closing(Em4100Port(garble=TornFrames(0.5, Random(4)))) as port,
        closing(open_reader(port.path, "em4100:")) as reader,
    ):
        port.put(NUMBER)

        assert reader.poll(60.0) == CARD


def test_noise_before_a_card_does_not_matter(port):
    with closing(open_reader(port.path, "em4100:")) as reader:
        port.say(b"\x00\xff\x02\x02noise\x03")
        port.put(NUMBER)

        assert reader.poll(60.0) == CARD


def test_a_card_that_lies_there_at_the_start_is_read(port):
    port.put(NUMBER)

    with closing(open_reader(port.path, "em4100:")) as reader:
        assert reader.poll(60.0) == CARD


def test_unplugged_and_plugged_in_again_it_reads_without_help(port):
    attended = AttendedReader(
        port.path, open_reader=lambda url: open_reader(url, url), monotonic=time.monotonic, sleep=time.sleep,
        rng=Random(7),
    )  # fmt: skip
    with closing(attended):
        attended.poll(0.05)
        assert attended.health.state == "up"
        port.unplug()
        assert eventually(lambda: attended.poll(0.05) is None and attended.health.state == "down")

        port.plug()
        port.put(NUMBER)

        assert eventually(lambda: attended.poll(0.05) == CARD)


def test_nothing_there_is_lost_and_a_file_is_unusable(tmp_path):
    with pytest.raises(ReaderLostError):
        open_reader(str(tmp_path / "none"), "em4100:")
    (tmp_path / "file").write_text("")
    with pytest.raises(ReaderUnusableError, match="no serial port"):
        open_reader(str(tmp_path / "file"), "em4100:")


def test_no_card_number_is_logged_at_any_level(port, caplog):
    caplog.set_level(1)
    with closing(open_reader(port.path, "em4100:")) as reader:
        port.put(NUMBER)
        card = reader.poll(60.0)

    assert NUMBER.hex() not in (caplog.text + repr(card)).lower()
