"""`zaigang-sim reader`, as somebody at its standard input uses it."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from devices.attended import AttendedReader
from devices.card import Card, CardRefusal, judge
from devices.catalogue import open_reader

WITHIN_S = 60.0
READER = [sys.executable, "-m", "simulator", "reader"]


class Player:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.path = process.stdout.readline().strip()

    def order(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


def run_reader(*options: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*READER, *options], input=given, capture_output=True, text=True, timeout=WITHIN_S, check=True
    )


@contextmanager
def played_reader(*options: str):
    with subprocess.Popen(
        [*READER, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Player(process)
        finally:
            process.kill()


def attend(path: str, url: str = "pn532:{}"):
    return closing(
        AttendedReader(
            url.format(path), open_reader=open_reader, monotonic=time.monotonic, sleep=time.sleep, rng=Random(1)
        )
    )


def poll_until(reader: AttendedReader, is_wanted) -> Card | None:
    deadline_s = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline_s:
        card = reader.poll(0.1)
        if is_wanted(card):
            return card
    raise AssertionError(f"not within {WITHIN_S} s: {reader.health}")


def test_the_orders_of_a_whole_day_reach_the_real_driver():
    with played_reader() as player, attend(player.path) as reader:
        player.order("put ntag213 04A1B2C3D4E580")
        ntag = poll_until(reader, lambda card: card is not None)
        player.order("take")
        poll_until(reader, lambda card: card is None)
        player.order("put classic A1B2C3D4")
        classic = poll_until(reader, lambda card: card is not None)
        player.order("take")
        poll_until(reader, lambda card: card is None)
        player.order("put ntag213 04A1B2C3D4E581")
        player.order("add classic 01B2C3D4 FFFFFFFFFFFF")
        beside = {poll_until(reader, lambda card: card is not None).number.hex() for _ in range(10)}
        player.order("put phone")
        poll_until(reader, lambda card: card is not None and judge(card) is CardRefusal.RANDOM_NUMBER)
        player.order("unplug")
        poll_until(reader, lambda _: reader.health.state == "down")
        player.order("power")
        poll_until(reader, lambda card: card is not None)
        player.order("quit")

        assert player.process.wait(WITHIN_S) == 0
        assert ntag is not None
        assert classic is not None
        assert "01b2c3d4" in beside
        assert (ntag.number.hex(), classic.number.hex()) == ("04a1b2c3d4e580", "a1b2c3d4")


def test_after_power_while_plugged_in_the_reader_recovers():
    with played_reader() as player, attend(player.path) as reader:
        poll_until(reader, lambda _: reader.health.state == "up")
        player.order("power")
        poll_until(reader, lambda _: reader.health.state == "blind")
        player.order("put classic A1B2C3D4")

        assert poll_until(reader, lambda card: card is not None)


KINDS = [
    (["--kind", "em4100"], "em4100:{}"),
    (["--kind", "wedge"], "wedge:{}?digits=hex10"),
    (["--kind", "wedge", "--spelling", "digits=dec10&prefix=62&order=reversed"],
     "wedge:{}?digits=dec10&prefix=62&order=reversed"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "url"), KINDS)
def test_the_other_kinds_obey_the_same_orders(options, url):
    with played_reader(*options) as player, attend(player.path, url) as reader:
        poll_until(reader, lambda _: reader.health.state == "up")
        player.order("put em4100 62E3086CED")
        card = poll_until(reader, lambda card: card is not None)
        player.order("take")
        poll_until(reader, lambda card: card is None)
        player.order("unplug")
        poll_until(reader, lambda _: reader.health.state == "down")
        player.order("power")
        poll_until(reader, lambda _: reader.health.state == "up")
        player.order("put em4100 62E3086CEE")
        other = poll_until(reader, lambda card: card is not None)
        player.order("quit")

        assert player.process.wait(WITHIN_S) == 0
        assert [card.number.hex(), other.number.hex()] == ["62e3086ced", "62e3086cee"]


def test_a_wedge_says_what_stands_in_for_it():
    said = run_reader("--kind", "wedge").stderr

    assert ("uinput" in said) is Path("/dev/uinput").exists()
    assert said.count("\n") == 1


def test_a_spelling_that_cannot_be_ends_with_what_is_wanted():
    command = [*READER, "--kind", "wedge", "--spelling", "dec10"]

    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert "wanted is digits=" in ended.stderr


@pytest.mark.parametrize(
    ("kind", "line", "sentence"),
    [
        ("em4100", "put ntag213 04A1B2C3D4E580", "put em4100 NUMBER"),
        ("em4100", "put em4100 04A1B2C3", "5 bytes, not 4"),
        ("wedge", "put phone", "no such card"),
        ("wedge", "put em4100 04A1B2C3", "numbers of 5 bytes"),
    ],
)
def test_a_card_that_a_kind_cannot_read_is_refused(kind, line, sentence):
    ended = run_reader("--kind", kind, given=f"{line}\n")

    assert "not obeyed: " in ended.stderr
    assert sentence in ended.stderr


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("put ntag213 04A1", "an NTAG213 has a number of 7 bytes, not 2"),
        ("put ntag213 04-A1", "written in hex"),
        ("put classic A1B2C3D4E5", "4 or 7 bytes, not 5"),
        ("put classic A1B2C3D4 FFFF", "keys of 6 bytes, not 2"),
        ("put ntag213 04A1B2C3D4E580 FFFFFFFFFFFF", "no such card"),
        ("add felica 0102", "no such card"),
        ("put", "no such card"),
        ("put felica 0102", "no such card"),
        ("dance", "'dance'"),
    ],
)
def test_a_line_that_cannot_be_obeyed_is_answered_and_passed_over(line, sentence):
    ended = run_reader(given=f"{line}\n\nquit\n")

    assert len(ended.stderr.splitlines()) == 1
    assert sentence in ended.stderr


def test_the_end_of_the_input_ends_it_and_its_path_came_first():
    ended = run_reader()

    assert ended.stdout.startswith("/dev/")
