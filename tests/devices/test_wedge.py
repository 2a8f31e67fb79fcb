"""Keyboard wedges: scans out of key presses, and the driver against an emulated wedge."""

from __future__ import annotations

import logging
import os
import struct
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.announced import NAMED_ONCE_GONE_S
from devices.card import EM4100
from devices.errors import ReaderLostError, ReaderUnusableError
from devices.keys import CHARACTERS, ENTER, EV_SYN, EVENT, GAP_S, SYN_DROPPED, KeyScans
from devices.spelling import read_spelling
from devices.wedge import open_reader
from simulator.wedge import WedgePort, key_event
from tests.devices.reader_contract import ReaderContract, Rig
from tests.patience import eventually

NUMBER = bytes.fromhex("62E3086CED")
OTHER_NUMBER = bytes.fromhex("0100A1B2C3")
KEYS = {character: code for code, character in reversed(CHARACTERS.items())} | {"\n": ENTER, "#": 1}
KEYPAD = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73, "\n": 96}


class TestTheDriverOnAPipe(ReaderContract):
    TECHNOLOGY = EM4100
    NUMBER = NUMBER
    OTHER_NUMBER = OTHER_NUMBER

    @pytest.fixture
    def rig(self):
        with closing(WedgePort()) as port, closing(open_reader(f"{port.path}?digits=hex10", "wedge:")) as reader:
            yield Rig(reader, lambda number: port.put(number.hex().upper()), port.take, port.unplug, NAMED_ONCE_GONE_S)


class Hands:
    """Typing at moments of one's own choice."""

    def __init__(self, query: str = "digits=dec10", keys: dict[str, int] = KEYS) -> None:
        self.scans = KeyScans(read_spelling(query), "wedge:/dev/input/by-id/x")
        self.keys = keys
        self.now_s = 1000.0

    def type(self, text: str, gap_s: float = 0.005) -> list[str]:
        """Type, and give the numbers, in hex, that were made out."""
        events = b""
        for character in text:
            self.now_s += gap_s
            events += key_event(self.now_s, self.keys[character], 1) + key_event(self.now_s, self.keys[character], 0)
        return self.feed(events)

    def feed(self, events: bytes) -> list[str]:
        return [card.number.hex() for card in self.scans.feed(events, self.now_s)]

    def rest(self, seconds: float = 2 * GAP_S) -> list[str]:
        self.now_s += seconds
        return self.feed(b"")


def test_a_scan_ends_by_enter():
    assert Hands().type("0001193046\n") == ["00123456"]


def test_a_scan_without_enter_ends_by_a_pause():
    hands = Hands()

    assert hands.type("0001193046") == []
    assert hands.rest() == ["00123456"]
    assert hands.type("\n") == []


def test_two_scans_without_enter_are_told_apart_by_the_stamps_however_late_one_looks():
    hands = Hands()
    events = b"".join(
        key_event(1000 + scan + n / 1000, KEYS[character], 1)
        for scan, text in enumerate(["0001193046", "0001193047"])
        for n, character in enumerate(text)
    )
    hands.now_s = 1010.0

    assert hands.feed(events) + hands.rest() == ["00123456", "00123457"]


def test_a_scan_broken_off_spoils_nothing_after_a_pause():
    hands = Hands()
    hands.type("00011")

    assert hands.type("") == []
    hands.now_s += 2 * GAP_S
    assert hands.type("0001193046\n") == ["00123456"]


def test_a_scan_in_the_middle_of_another_makes_no_card_and_spoils_nothing():
    hands = Hands()

    assert hands.type("000110001193046\n") == []
    assert hands.type("0001193046\n") == ["00123456"]


def test_a_human_hand_makes_no_card():
    hands = Hands()

    assert hands.type("0001193046\n", gap_s=0.15) == []


def test_a_key_that_no_number_has_spoils_its_scan_alone():
    assert Hands().type("00011#93046\n0001193046\n") == ["00123456"]


def test_the_keypad_types_the_same():
    assert Hands(keys=KEYPAD).type("0001193046\n") == ["00123456"]


def test_shift_and_repeats_make_no_other_digit():
    hands = Hands("digits=hex8")
    events = b"".join(
        key_event(1000.0, 42, 1) + key_event(1000.0, KEYS[c], 1) + key_event(1000.0, KEYS[c], 2) for c in "A1B2C3D4\n"
    )

    assert hands.feed(events) == ["a1b2c3d4"]


def test_keys_that_the_kernel_lost_spoil_their_scan():
    hands = Hands()
    hands.type("00011")

    assert hands.feed(EVENT.pack(1000, 30000, EV_SYN, SYN_DROPPED, 0)) == []
    assert hands.type("93046\n") == []
    assert hands.type("0001193046\n") == ["00123456"]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=4), st.lists(st.integers(1, 400), min_size=1))
def test_scans_come_out_however_their_events_were_chopped(values, sizes):
    hands = Hands()
    events = b""
    for value in values:
        for character in f"{value:010}\n":
            hands.now_s += 0.005
            events += key_event(hands.now_s, KEYS[character], 1)
    found = []
    while events:
        sizes.append(sizes.pop(0))
        found += hands.feed(events[: sizes[-1]])
        events = events[sizes[-1] :]

    assert found == [f"{value:08x}" for value in values]


@given(st.lists(st.binary(min_size=EVENT.size, max_size=EVENT.size), max_size=20))
def test_any_events_are_taken_in_and_the_scan_after_a_pause_is_read(noise):
    hands = Hands()
    hands.feed(b"".join(noise))
    hands.rest()

    assert hands.type("0001193046\n")[-1:] == ["00123456"]


def test_what_fits_no_spelling_is_told_once_and_without_its_digits(caplog):
    caplog.set_level(logging.INFO)
    hands = Hands("digits=hex10")

    for _ in range(3):
        hands.type("3808980205123\n")

    (record,) = caplog.records
    assert "wedge:/dev/input/by-id/x typed 13 characters that are no card number of digits=hex10" in record.message
    assert "3808980205" not in record.message


@pytest.fixture
def port():
    with closing(WedgePort()) as port:
        yield port


def test_what_was_typed_before_the_agent_came_is_forgotten(port):
    port.put("62E3086CED")

    with closing(open_reader(f"{port.path}?digits=hex10", "wedge:")) as reader:
        assert reader.poll(0.05) is None


def test_two_people_who_scan_while_the_kiosk_is_busy_are_both_seen(port):
    with closing(open_reader(f"{port.path}?digits=hex10", "wedge:")) as reader:
        for number in (NUMBER, OTHER_NUMBER):
            port.put(number.hex().upper())

        assert [reader.poll(0).number for _ in range(2)] == [NUMBER, OTHER_NUMBER]


def test_a_scan_without_enter_is_read_by_the_driver_too(port):
    with closing(open_reader(f"{port.path}?digits=hex10", "wedge:")) as reader:
        port.press([KEYS[character] for character in "62E3086CED"])

        card = reader.poll(60.0)

    assert card is not None
    assert card.number == NUMBER


def test_plugged_in_again_it_has_the_same_path(port):
    path = port.path
    port.unplug()
    with pytest.raises(ReaderLostError, match="not there"):
        open_reader(f"{path}?digits=hex10", "wedge:")

    port.plug()

    assert port.path == path or port.is_keyboard
    with closing(open_reader(f"{port.path}?digits=hex10", "wedge:")) as reader:
        port.put("62E3086CED")
        assert eventually(lambda: reader.poll(0.1) is not None)


def test_a_terminal_and_a_file_are_no_input_devices(tmp_path):
    (tmp_path / "file").write_text("")
    master, slave = os.openpty()
    try:
        for path in (str(tmp_path / "file"), os.ttyname(slave)):
            with pytest.raises(ReaderUnusableError, match="no input device"):
                open_reader(f"{path}?digits=hex10", "wedge:")
    finally:
        os.close(master)
        os.close(slave)


def test_nothing_is_left_of_a_wedge_that_was_closed():
    port = WedgePort()

    port.close()

    assert port.is_keyboard or not Path(port.path).parent.exists()


def test_no_card_number_is_logged_at_any_level(port, caplog):
    caplog.set_level(1)
    with closing(open_reader(f"{port.path}?digits=hex10", "wedge:")) as reader:
        port.put("62E3086CED")
        card = reader.poll(60.0)
        port.put("62E3086CED62E3086CED")
        reader.poll(0.01)

    assert "62e3086c" not in (caplog.text + repr(card)).lower()
    assert str(0x62E3086CED) not in caplog.text


def test_an_event_is_laid_out_as_the_kernel_does():
    assert EVENT.size == (24 if struct.calcsize("@l") == 8 else 16)  # linux/input.h, struct input_event
