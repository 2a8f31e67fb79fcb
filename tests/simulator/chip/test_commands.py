"""What the chip answers to each command of its manual (UM0701-02, chapter 7), right or wrong."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.frames import ACK, SYNTAX_ERROR
from simulator.chip.pn532 import Pn532Chip
from tests.simulator.chip.host import WAKE_UP, Host, framed

NUMBER = bytes.fromhex("04A1B2C3D4E580")
CLASSIC = bytes.fromhex("A1B2C3D4")
KEY = bytes.fromhex("FFFFFFFFFFFF")
EMPTY_SOON = "0501 00 01"  # RFConfiguration: one retry
FIRST_CARD, TWO_CARDS = "0100", "0200"
NTAG_TOLD = "01004400" + "07" + NUMBER.hex()
CLASSIC_TOLD = "00040804" + CLASSIC.hex()


@pytest.fixture
def chip():
    return Pn532Chip()


@pytest.fixture
def host(chip):
    return Host(chip)


@pytest.mark.parametrize(
    ("code", "parameters"),
    [
        (0x00, ""), (0x00, "03"), (0x00, "0500"), (0x02, "00"), (0x04, "00"), (0x06, ""), (0x06, "63"), (0x08, ""),
        (0x08, "6302"), (0x0C, "00"), (0x0E, "80"), (0x10, ""), (0x10, "09"), (0x10, "ff"), (0x10, "0400"), (0x12, ""),
        (0x14, ""), (0x14, "00"), (0x14, "05"), (0x16, ""), (0x32, ""), (0x32, "01"), (0x32, "0100ff"), (0x32, "05ff"),
        (0x32, "03"), (0x32, "ff"), (0x40, ""), (0x44, ""), (0x46, "00"), (0x4A, ""), (0x4A, "01"), (0x4A, "0000"),
        (0x4A, "0300"), (0x4A, "0105"), (0x4A, "0101"), (0x4A, "0204"), (0x4E, "01"), (0x50, "01"), (0x52, ""),
        (0x54, ""), (0x54, "0101"), (0x56, "0300"), (0x56, "000001"), (0x58, ""), (0x60, "0101"), (0x60, "000110"),
        (0x60, "011010"), (0x60, "010199"), (0x8A, "00"), (0x8C, "00"), (0xEF, ""),
    ],
)  # fmt: skip
def test_parameters_that_a_command_cannot_have_are_a_syntax_error(chip, host, code, parameters):
    chip.put(Ntag213(NUMBER))

    assert host.ask(code, parameters) == "syntax"
    assert host.ask(0x02) == "32010607"


@pytest.mark.parametrize(
    ("code", "parameters", "said"),
    [
        (0x00, "00 6c69626e6663", "006c69626e6663"), (0x00, "01", "00"), (0x00, "02", "00"), (0x00, "0400", "80"),
        (0x00, "0700", "00"), (0x04, "", "00000000"), (0x06, "6302 6303", "8080"), (0x08, "633d07", ""),
        (0x0C, "", "3f0600"), (0x0E, "8100", ""), (0x12, "14", ""), (0x14, "01 14 01", ""), (0x16, "f0", "00"),
        (0x32, "0101", ""), (0x40, "01 3000", "27"), (0x42, "26", "01"), (0x44, "00", "00"), (0x4E, "01 00 00", "27"),
        (0x50, "01 00", "27"), (0x52, "00", "00"), (0x54, "01", "27"), (0x86, "", "25"), (0x88, "", "25"),
        (0x8A, "", "0000"), (0x8E, "00", "25"), (0x90, "00", "25"), (0x92, "00", "27"), (0x94, "00", "25"),
    ],
)  # fmt: skip
def test_without_a_card_each_command_says_what_the_manual_has(host, code, parameters, said):
    assert host.ask(code, parameters) == said


@pytest.mark.parametrize(
    ("code", "parameters"),
    [(0x00, "05 00 00 00"), (0x58, "00"), (0x8C, "00" * 37), (0x4A, FIRST_CARD), (0x56, "000000"), (0x60, "ff0110")],
)
def test_what_goes_on_for_ever_ends_with_the_hosts_ack_or_its_next_command(chip, host, code, parameters):
    assert host.ask(code, parameters, within_s=5) is None
    assert chip.is_searching

    chip.receive(ACK)

    assert not chip.is_searching
    assert host.ask(code, parameters) is None
    assert host.ask(0x02) == "32010607"


def test_a_search_without_end_waits_for_its_card(chip, host):
    assert host.ask(0x4A, FIRST_CARD, within_s=5) is None

    chip.put(Ntag213(NUMBER))

    assert [reply.frame[7:-2].hex() for reply in chip.try_again()] == ["01" + NTAG_TOLD]
    assert chip.try_again() == []


def test_a_search_with_retries_ends_empty(host):
    host.ask(0x32, EMPTY_SOON)

    assert host.ask(0x4A, FIRST_CARD, within_s=0.01) == "00"


@pytest.mark.parametrize(("code", "parameters", "said"), [(0x56, "000000", "01"), (0x46, "010200", "01")])
def test_a_device_to_talk_to_never_comes(host, code, parameters, said):
    host.ask(0x32, EMPTY_SOON.replace("01", "00", 1))
    host.ask(0x32, "05 00 00 00")

    assert host.ask(code, parameters, within_s=1) == said


def test_polling_by_itself_finds_each_kind_of_card_and_ends_without_one(chip, host):
    assert host.ask(0x60, "01 01 10 20", within_s=0.2) is None
    assert host.ask(0x60, "01 01 10 20", within_s=1) == "00"

    chip.put(Ntag213(NUMBER))
    assert host.ask(0x60, "01 01 20", within_s=1) == "00"
    assert host.ask(0x60, "01 01 20 10", within_s=1) == "01100c" + NTAG_TOLD

    phone = Phone(Random(1))
    chip.put(phone)
    phone_told = "01000420" + "04" + phone.number.hex() + phone.ats.hex()
    assert host.ask(0x60, "01 01 00", within_s=1) == "01200e" + phone_told.replace(
        phone_told[10:18], phone.number.hex()
    )


def test_two_cards_are_both_listed_and_spoken_to_by_turns(chip, host):
    chip.put(Ntag213(NUMBER), MifareClassic(CLASSIC, KEY))

    assert host.ask(0x4A, FIRST_CARD) == "01" + NTAG_TOLD
    host.ask(0x32, "0100")
    assert host.ask(0x4A, TWO_CARDS) == "02" + NTAG_TOLD + "02" + CLASSIC_TOLD
    assert host.ask(0x04) == "000102" + "01000000" + "02000000" + "00"
    assert host.ask(0x40, "01 60") == "000004040201000f03"
    assert host.ask(0x40, "02 6004" + KEY.hex() + CLASSIC.hex()) == "00"
    assert host.ask(0x54, "01") == "00"
    assert host.ask(0x42, "60") == "000004040201000f03"


def test_a_card_put_to_sleep_leaves_the_search_to_the_next(chip, host):
    host.ask(0x32, EMPTY_SOON)
    chip.put(Ntag213(NUMBER), MifareClassic(CLASSIC))
    host.ask(0x4A, FIRST_CARD)

    assert host.ask(0x44, "00") == "00"

    assert host.ask(0x4A, FIRST_CARD) == "0101" + CLASSIC_TOLD
    assert host.ask(0x52, "00") == "00"
    assert host.ask(0x4A, FIRST_CARD, within_s=1) == "00"
    assert host.ask(0x32, "0100") == ""
    assert host.ask(0x4A, FIRST_CARD) == "01" + NTAG_TOLD


def test_a_card_is_found_by_its_number(chip, host):
    host.ask(0x32, EMPTY_SOON)
    chip.put(Ntag213(NUMBER), MifareClassic(CLASSIC))

    assert host.ask(0x4A, FIRST_CARD + CLASSIC.hex()) == "0101" + CLASSIC_TOLD
    assert host.ask(0x4A, FIRST_CARD + "88" + NUMBER.hex(), within_s=1) == "01" + NTAG_TOLD
    assert host.ask(0x4A, FIRST_CARD + "88" + "00" * 7, within_s=1) == "00"


def test_a_cards_no_is_an_error_and_its_yes_has_no_content(chip, host):
    chip.put(Ntag213(NUMBER))
    host.ask(0x4A, FIRST_CARD)

    assert host.ask(0x40, "01 a2 04 61626364") == "00"
    assert host.ask(0x40, "01 30 04") == "0061626364" + host.ask(0x40, "01 30 04")[10:]
    assert host.ask(0x40, "01 30 f0") == "13"
    assert host.ask(0x40, "01 30 04") == "00" + host.ask(0x40, "01 30 04")[2:]


def test_a_classic_opens_to_its_key_alone(chip, host):
    chip.put(MifareClassic(CLASSIC, KEY))
    host.ask(0x4A, FIRST_CARD)

    assert host.ask(0x40, "01 30 04") == "13"
    assert host.ask(0x40, "01 6004" + "000000000000" + CLASSIC.hex()) == "14"
    assert host.ask(0x40, "01 6104" + KEY.hex() + CLASSIC.hex()) == "00"
    assert host.ask(0x40, "01 a004" + "ab" * 16) == "00"
    assert host.ask(0x40, "01 3004") == "00" + "ab" * 16
    assert host.ask(0x40, "01 3007") == "00" + "00" * 6 + "ff078069" + KEY.hex()
    assert host.ask(0x40, "01 3008") == "13"


def test_a_classic_of_which_nobody_has_the_key_stays_shut(chip, host):
    chip.put(MifareClassic(CLASSIC))
    host.ask(0x4A, FIRST_CARD)

    assert host.ask(0x40, "01 6004" + KEY.hex() + CLASSIC.hex()) == "14"


def test_parameters_decide_whether_a_phone_is_activated(chip, host):
    phone = Phone(Random(1))
    chip.put(phone)

    with_ats = host.ask(0x4A, FIRST_CARD)
    host.ask(0x12, "00")
    without = host.ask(0x4A, FIRST_CARD, within_s=1)

    assert with_ats == without + phone.ats.hex()
    assert host.ask(0x40, "01 e080") == "00" + phone.ats.hex()
    host.ask(0x12, "14")
    host.ask(0x4A, FIRST_CARD, within_s=1)
    assert host.ask(0x40, "01 00a40400") == "006a82"
    assert host.ask(0x00, "06") == "00"
    assert host.ask(0x4E, "01 02 02") == "00"
    chip.take()
    assert host.ask(0x00, "06") == "01"
    assert host.ask(0x40, "01 00a40400") == "01"


def test_frames_lose_preamble_and_postamble_where_the_host_says_so(chip, host):
    host.ask(0x12, "54")

    replies = chip.receive(framed(0x02, b"") + framed(0xEF, b""))

    whole = bytes.fromhex("0000ff06fad50332010607e800")
    assert [reply.frame for reply in replies] == [ACK[1:-1], whole[1:-1], ACK[1:-1], SYNTAX_ERROR[1:-1]]


@pytest.mark.parametrize(
    ("card", "steps"),
    [
        (Ntag213(NUMBER), [("26", "4400"), ("9320", "8804a1b29f"), ("9570", None)]),
        (Ntag213(NUMBER), [("26", "4400"), ("933088", "04a1b29f"), ("937088 04a1b29f ae4b", "04da17")]),
        (MifareClassic(CLASSIC), [("26", "0400"), ("9320", "a1b2c3d404"), ("9370a1b2c3d40477fb", "08b6dd")]),
        (MifareClassic(NUMBER), [("52", "4400")]),
        (Phone(Random(1)), [("26", "0400"), ("26", None), ("26", "0400")]),
    ],
)
def test_raw_requests_are_answered_by_the_card_itself(chip, host, card, steps):
    chip.put(card)
    host.ask(0x32, "0101")
    host.ask(0x08, "630200 630300")

    said = []
    for sent, _ in steps:
        host.ask(0x08, "633d07" if len(bytes.fromhex(sent)) == 1 else "633d00")
        said.append(host.ask(0x42, sent))

    assert said == ["01" if answer is None else "00" + answer for _, answer in steps]


def test_two_cards_that_answer_at_once_collide(chip, host):
    chip.put(Ntag213(NUMBER), MifareClassic(CLASSIC))
    host.ask(0x32, "0101")
    host.ask(0x08, "630200 630300 633d07")

    assert host.ask(0x42, "26") == "06"


def test_an_ntag_is_as_it_was_delivered(chip, host):
    chip.put(Ntag213(NUMBER))
    host.ask(0x4A, FIRST_CARD)

    assert host.ask(0x40, "01 30 28") == "00" + "000000bd 040000ff 00050000 00000000".replace(" ", "")


@pytest.mark.parametrize("wake_up", ["55000055", "5555000000", "00" * 5, "55"])
def test_any_five_rising_edges_wake_the_chip(chip, wake_up):
    assert chip.receive(bytes.fromhex(wake_up) + framed(0x02, b""))


def test_fewer_edges_do_not_wake_it_and_what_wakes_it_is_not_heard(chip):
    assert chip.receive(b"\x00\x00\xff") == []
    assert chip.receive(framed(0x02, b"")) == []
    assert chip.receive(framed(0x02, b""))


def test_in_the_low_battery_mode_no_card_is_found(chip):
    host = Host(chip, is_ready=False)
    chip.put(Ntag213(NUMBER))

    assert host.ask(0x4A, FIRST_CARD, within_s=1) is None
    assert not chip.field_is_on
    host.ask(0x14, "01")
    assert host.ask(0x4A, FIRST_CARD) == "01" + NTAG_TOLD


@st.composite
def chunks(draw):
    """What a host may send: frames of any command and any length, and noise."""
    frame = st.builds(framed, st.integers(0, 255), st.binary(max_size=264))
    short = st.builds(framed, st.sampled_from([0x00, 0x32, 0x40, 0x42, 0x4A, 0x60, 0x8C]), st.binary(max_size=14))
    return draw(st.lists(st.one_of(frame, short, st.binary(max_size=40), st.just(ACK), st.just(WAKE_UP)), max_size=12))


@given(chunks(), st.sampled_from(["none", "ntag", "classic", "phone", "two"]), st.sampled_from([9_600, 115_200]))
def test_nothing_that_a_host_sends_ends_the_chip(sent, lying, speed):
    chip = Pn532Chip()
    cards = {
        "ntag": [Ntag213(NUMBER)],
        "classic": [MifareClassic(CLASSIC, KEY)],
        "phone": [Phone(Random(1))],
        "two": [Ntag213(NUMBER), Phone(Random(2))],
    }
    chip.put(*cards.get(lying, []))
    Host(chip)

    for chunk in sent:
        chip.receive(chunk, speed=speed)
        chip.try_again()

    chip.power()
    assert Host(chip).ask(0x02) == "32010607"
