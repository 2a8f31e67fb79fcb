"""One card has one token, whichever reader reads it and however its number is spelled, there and at the hub."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from devices.card import EM4100, ISO14443A, Card
from devices.em4100 import Frames
from devices.errors import ReaderUnusableError
from devices.spelling import read_spelling
from hub.importing.card_number import read_card_number
from simulator.em4100 import frame_of
from station.token import token_of

SITE_KEY = bytes(range(32))
CARD_125 = bytes.fromhex("62E3086CED")  # the data sheet's
SIZES = {
    "hex6": 3, "hex8": 4, "hex10": 5, "hex14": 7, "hex20": 10, "dec8": 3, "dec10": 4, "dec13": 5, "dec17": 7, "wg26": 3,
}  # fmt: skip
HUB_FORMATS = {
    ("hex", False): "hex",
    ("hex", True): "hex-reversed",
    ("dec", False): "decimal",
    ("dec", True): "decimal-reversed",
    ("wg2", False): "wiegand26",
}


def spelled(number: bytes, digits: str, *, is_reversed: bool = False) -> tuple[str, bytes]:
    """What a reader types, and the first bytes that it leaves out."""
    size = SIZES[digits]
    prefix, rest = number[: len(number) - size], number[len(number) - size :]
    value = int.from_bytes(rest, "little" if is_reversed else "big")
    if digits.startswith("hex"):
        return f"{value:0{2 * size}X}", prefix
    if digits == "wg26":
        return f"{value >> 16:03},{value & 0xFFFF:05}", prefix
    return f"{value:0{digits[3:]}}", prefix


def spelling_of(digits: str, *, is_reversed: bool, prefix: bytes):
    return read_spelling(f"digits={digits}&order={'reversed' if is_reversed else 'straight'}&prefix={prefix.hex()}")


def token(card: Card) -> str:
    return token_of(SITE_KEY, card.technology, card.number)


SPELLINGS_125 = [
    ("hex10", False), ("hex10", True), ("hex8", False), ("hex6", False), ("dec13", False), ("dec13", True),
    ("dec10", False), ("dec10", True), ("dec8", False), ("wg26", False),
]  # fmt: skip
SPELLINGS_13 = {
    4: [("hex8", False), ("hex8", True), ("dec10", False), ("dec10", True)],
    7: [("hex14", False), ("hex14", True), ("dec17", False), ("dec17", True)],
    10: [("hex20", False), ("hex20", True)],
}


@pytest.mark.parametrize(("digits", "is_reversed"), SPELLINGS_125)
@given(number=st.binary(min_size=5, max_size=5))
def test_a_125_khz_card_has_one_token_for_both_readers_and_the_hub(digits, is_reversed, number):
    assume(number.count(number[0]) < 5)
    text, prefix = spelled(number, digits, is_reversed=is_reversed)
    (by_serial,) = Frames().feed(frame_of(number), 0.0)

    by_wedge = spelling_of(digits, is_reversed=is_reversed, prefix=prefix).read(text)

    assert by_wedge == by_serial
    at_hub = {read_card_number(number.hex(), EM4100, "hex")}
    if digits != "dec8" and not (digits == "dec13" and int(text) < 1 << 32):  # to the hub those are of ten digits
        at_hub.add(read_card_number(text, EM4100, HUB_FORMATS[digits[:3], is_reversed], prefix.hex()))
    assert {token_of(SITE_KEY, EM4100, each) for each in at_hub} == {token(by_wedge)} == {token(by_serial)}


@pytest.mark.parametrize(
    ("size", "digits", "is_reversed"), [(size, *each) for size, all_ in SPELLINGS_13.items() for each in all_]
)
@given(seed=st.binary(min_size=10, max_size=10))
def test_a_13_mhz_card_has_one_token_for_reader_wedge_and_hub(size, digits, is_reversed, seed):
    number = b"\x04" + seed[: size - 2] + b"\x55"
    text, _ = spelled(number, digits, is_reversed=is_reversed)
    by_antenna = Card(ISO14443A, number, "classic")

    by_wedge = spelling_of(digits, is_reversed=is_reversed, prefix=b"").read(text)

    assert by_wedge is not None
    assert (by_wedge.technology, by_wedge.number) == (by_antenna.technology, by_antenna.number)
    at_hub = read_card_number(text, ISO14443A, HUB_FORMATS[digits[:3], is_reversed])
    assert token_of(SITE_KEY, ISO14443A, at_hub) == token(by_wedge)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("digits=hex10", "62E3086CED"),
        ("digits=hex10&order=reversed", "ED6C08E362"),
        ("digits=hex8&prefix=62", "E3086CED"),
        ("digits=dec10&prefix=62", "3808980205"),
        ("digits=dec10&prefix=62&order=reversed", "3983280355"),
        ("digits=wg26&prefix=62E3", "008,27885"),
        ("digits=dec13", "0424715775213"),
    ],
)
def test_the_data_sheets_card_in_all_its_spellings(query, text):
    assert read_spelling(query).read(text) == Card(EM4100, CARD_125, "other")


@given(
    st.text(alphabet="0123456789ABCDEF,?", max_size=20), st.sampled_from(["hex10", "dec13", "dec10", "hex8", "wg26"])
)
def test_any_text_is_a_card_or_none(text, digits):
    prefix = {"wg26": "62E3"}.get(digits, "")

    card = read_spelling(f"digits={digits}&prefix={prefix}").read(text)

    assert card is None or len(card.number) in (4, 5)


@pytest.mark.parametrize("text", ["9999999999", "123456789", "12345678901", "12345678AB", ""])
def test_what_is_no_number_of_four_bytes_is_none(text):
    assert read_spelling("digits=dec10").read(text) is None


@pytest.mark.parametrize("text", ["256,00001", "001,65536", "00112345", "1,2"])
def test_what_is_no_wiegand_number_is_none(text):
    assert read_spelling("digits=wg26&prefix=62E3").read(text) is None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "wanted is digits=hex6|hex8"),
        ("digits=dec9", "wanted is digits="),
        ("digits=dec10&colour=red", "wanted is digits="),
        ("digits=dec10&order=backwards", "wanted is straight or reversed"),
        ("digits=dec10&prefix=6", "two a byte"),
        ("digits=wg26", "spells 3 bytes, and prefix tells 0"),
        ("digits=dec10&prefix=62E3", "wanted are 4, 5, 7, 10 together"),
    ],
)
def test_a_spelling_that_cannot_be_is_refused_with_what_is_wanted(query, wanted):
    with pytest.raises(ReaderUnusableError) as caught:
        read_spelling(query)

    assert wanted in str(caught.value)
