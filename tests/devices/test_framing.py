"""Frames out of bytes, whole or an error within a gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.framing import GAP_S, FrameBuffer
from simulator.chip.frames import ACK, answer

WAIT_S = 0.5


class Source:
    """Chunks of bytes, and the waits that were granted for them."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)
        self.waits_s: list[float] = []

    def receive(self, wait_s: float) -> bytes:
        self.waits_s.append(wait_s)
        return self.chunks.pop(0) if self.chunks else b""


def test_nothing_is_a_timeout_after_the_wait():
    source = Source()

    with pytest.raises(TimeoutError):
        FrameBuffer(source.receive).read(WAIT_S)

    assert source.waits_s == [WAIT_S]


def test_a_torn_frame_costs_a_gap_and_not_the_wait():
    source = Source(answer(0x4A, bytes(20))[:9])

    with pytest.raises(OSError, match="torn"):
        FrameBuffer(source.receive).read(WAIT_S)

    assert source.waits_s == [WAIT_S, GAP_S]


def test_what_is_no_frame_is_forgotten():
    frames = FrameBuffer(Source(b"\x55" * 8, ACK).receive)

    with pytest.raises(OSError, match="not the start"):
        frames.read(WAIT_S)

    assert frames.read(WAIT_S) == ACK


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1))
def test_frames_come_out_whole_however_they_were_chopped(parameters, sizes):
    whole = ACK + answer(0x00, parameters)
    chunks, at = [], 0
    for size in sizes * len(whole):
        chunks.append(whole[at : at + size])
        at += size
        if at >= len(whole):
            break
    frames = FrameBuffer(Source(*chunks).receive)

    read = [frames.read(WAIT_S), frames.read(WAIT_S)]

    assert read == [ACK, answer(0x00, parameters)]


@given(st.binary(), st.sampled_from([b"", ACK, answer(0x00, b""), answer(0x4A, b"\x01\x02")]))
def test_any_bytes_are_a_frame_or_an_os_error(more, begun):
    noise = begun + more
    frames = FrameBuffer(Source(noise).receive)

    try:
        frame = frames.read(WAIT_S)
    except OSError:
        return

    assert noise.startswith(bytes(frame))
