"""Readers that never say that a card left, in virtual time."""

from __future__ import annotations

import pytest

from devices.announced import AnnouncedReader
from devices.card import EM4100, Card
from devices.errors import ReaderLostError
from devices.pacing import PACE_S
from devices.plate import Appeared, Left, Plate
from tests.devices.virtual_time import VirtualTime

ANNA = Card(EM4100, bytes.fromhex("62E3086CED"), "other")
BORIS = Card(EM4100, bytes.fromhex("62E3086CEE"), "other")
GONE_AFTER_S = 0.4
CARDS = {b"a": ANNA, b"b": BORIS}


class Line:
    """A line in virtual time; one letter is one card."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.waiting = b""
        self.is_cut = False

    def say(self, letters: bytes) -> None:
        self.waiting += letters

    def receive(self, wait_s: float) -> bytes:
        until_s = self.time.monotonic() + wait_s
        while not self.waiting and self.time.monotonic() < until_s:
            self.time.sleep(min(0.01, until_s - self.time.monotonic()))
        if self.is_cut:
            raise ReaderLostError("cut", is_there=False)
        said, self.waiting = self.waiting[:8], self.waiting[8:]
        return said

    def close(self) -> None:
        self.is_cut = True


class Letters:
    patience_s = float("inf")

    def feed(self, chunk: bytes, mono_s: float) -> list[Card]:
        return [CARDS[bytes([letter])] for letter in chunk]


@pytest.fixture
def time():
    return VirtualTime()


@pytest.fixture
def line(time):
    return Line(time)


@pytest.fixture
def reader(time, line):
    return AnnouncedReader(line, Letters(), "x:", gone_after_s=GONE_AFTER_S, monotonic=time.monotonic)


def watch(reader: AnnouncedReader, time: VirtualTime, seconds: float) -> list[Appeared | Left]:
    plate = Plate()
    until_s = time.monotonic() + seconds
    changes: list[Appeared | Left] = []
    while time.monotonic() < until_s:
        changes += plate.look(reader.poll(0.06), time.monotonic())
    return changes


def test_a_card_that_is_repeated_is_one_appearance_and_leaves_by_silence(reader, time, line):
    for n in range(100):
        time.at(1.0 + n * 0.1, lambda: line.say(b"a"))

    assert watch(reader, time, 10.9) == [Appeared(ANNA)]
    assert watch(reader, time, 2) == [Appeared(ANNA), Left(ANNA)]


def test_a_few_frames_that_did_not_check_are_no_leaving(reader, time, line):
    for at in (1.0, 1.1, 1.45, 1.8):
        time.at(at, lambda: line.say(b"a"))

    assert watch(reader, time, 5) == [Appeared(ANNA), Left(ANNA)]


def test_a_card_that_is_named_once_appears_and_leaves(reader, time, line):
    time.at(1.0, lambda: line.say(b"a"))
    time.at(3.0, lambda: line.say(b"a"))

    assert watch(reader, time, 5) == [Appeared(ANNA), Left(ANNA)] * 2


def test_cards_that_came_while_nobody_polled_are_told_one_after_the_other(reader, line):
    line.say(b"aaabbbbbbbbbbbbbbbbbba")

    assert [reader.poll(0) for _ in range(3)] == [ANNA, BORIS, ANNA]


def test_another_card_does_not_wait_for_the_pace(reader, time, line):
    line.say(b"a")
    reader.poll(0)
    time.at(0.01, lambda: line.say(b"b"))

    assert reader.poll(1.0) == BORIS
    assert time.monotonic() < PACE_S


def test_a_card_that_was_heard_of_long_ago_by_now_is_told_all_the_same(reader, time, line):
    line.say(b"a")
    time.sleep(30)  # the disk was slow

    assert reader.poll(0) == ANNA


def test_a_line_that_never_rests_does_not_keep_the_reader_for_ever(reader, line):
    line.say(b"a")
    reader.poll(0)
    line.say(b"a" * 100_000)

    assert reader.poll(0) == ANNA


def test_a_closed_reader_is_lost(reader):
    reader.close()

    with pytest.raises(ReaderLostError, match="closed"):
        reader.poll(0)
