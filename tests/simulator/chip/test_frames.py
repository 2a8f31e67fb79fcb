"""The host's frames as the chip reads them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.chip.frames import ACK, Ack, ChipCommand, FrameReader, Nack
from tests.simulator.chip.host import framed

NACK = bytes.fromhex("0000ffff0000")


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=263)), max_size=5), st.integers(1, 50))
def test_commands_are_read_however_they_are_chopped_up(commands, size):
    sent = b"".join(bytes(3) + framed(*each) for each in commands)
    reader = FrameReader()

    frames = [frame for at in range(0, len(sent), size) for frame in reader.take(sent[at : at + size])]

    assert frames == [ChipCommand(*each) for each in commands]


def test_ack_and_nack_are_told_from_each_other_and_from_commands():
    frames = list(FrameReader().take(ACK + NACK + framed(0x02, b"")))

    assert [type(frame) for frame in frames] == [Ack, Nack, ChipCommand]


def test_a_frame_that_does_not_check_is_passed_over_and_the_next_is_read():
    spoilt = bytearray(framed(0x02, b"abc"))
    spoilt[-2] ^= 0x01

    frames = list(FrameReader().take(bytes(spoilt) + framed(0x14, b"\x01")))

    assert frames == [ChipCommand(0x14, b"\x01")]


def test_lengths_that_do_not_agree_are_no_frame():
    spoilt = bytearray(framed(0x02, b"abc"))
    spoilt[4] ^= 0x01

    frames = list(FrameReader().take(bytes(spoilt) + framed(0x14, b"\x01")))

    assert frames == [ChipCommand(0x14, b"\x01")]


@given(st.binary())
def test_noise_never_fails(noise):
    reader = FrameReader()

    list(reader.take(noise))


def test_a_frame_longer_than_any_is_passed_over_at_its_head():
    frames = list(FrameReader().take(b"\x00\x00\xff\xff\xff\x10\x00\xf0" + framed(0x02, b"")))

    assert frames == [ChipCommand(0x02, b"")]
