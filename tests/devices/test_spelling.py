"""One card has one token, whichever reader reads it and however its number is spelled, there and at the hub."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from devices.card import EM4100, ISO14443A, Card
from devices.em4100 import Frames
from devices.errors import ReaderUnusableError
from devices.spelling import read_spelling
from hub.typed.card_number import read_card_number
from simulator.em4100 import frame_of
from simulator.wedge import spell
from station.token import token_of

SITE_KEY = bytes(range(32))
CARD_125 = bytes.fromhex("62E3086CED")  # the data sheet's
HUB_FORMATS = {
    ("hex", False): "hex",
    ("hex", True): "hex-reversed",
    ("dec", False): "decimal",
    ("dec", True): "decimal-reversed",
    ("wg2", False): "wiegand26",
}


def spelling_of(digits: str, size: int, number: bytes, *, is_reversed: bool):
    """As a reader of that card must be told, with the bytes that its spelling leaves out."""
    prefix = number[: len(number) - size].hex()
    return read_spelling(f"digits={digits}&order={'reversed' if is_reversed else 'straight'}&prefix={prefix}")


def token(card: Card) -> str:
    return token_of(SITE_KEY, card.technology, card.number)


SPELLINGS_125 = [
    ("hex10", 5, False), ("hex10", 5, True), ("hex8", 4, False), ("hex6", 3, False), ("dec13", 5, False),
    ("dec13", 5, True), ("dec10", 4, False), ("dec10", 4, True), ("dec8", 3, False), ("wg26", 3, False),
]  # fmt: skip
SPELLINGS_13 = [
    ("hex8", 4, False), ("hex8", 4, True), ("dec10", 4, False), ("dec10", 4, True), ("hex14", 7, False),
    ("hex14", 7, True), ("dec17", 7, False), ("dec17", 7, True), ("hex20", 10, False), ("hex20", 10, True),
]  # fmt: skip


@pytest.mark.parametrize(("digits", "size", "is_reversed"), SPELLINGS_125)
@given(number=st.binary(min_size=5, max_size=5))
def test_a_125_khz_card_has_one_token_for_both_readers_and_the_hub(digits, size, is_reversed, number):
    assume(number.count(number[0]) < 5)
    spelling = spelling_of(digits, size, number, is_reversed=is_reversed)
    text = spell(number, spelling)
    (by_serial,) = Frames().feed(frame_of(number), 0.0)

    by_wedge = spelling.read(text)

    assert by_wedge == by_serial
    at_hub = {read_card_number(number.hex(), EM4100, "hex")}
    if digits != "dec8" and not (digits == "dec13" and int(text) < 1 << 32):  # to the hub those are of ten digits
        at_hub.add(read_card_number(text, EM4100, HUB_FORMATS[digits[:3], is_reversed], spelling.prefix.hex()))
    assert {token_of(SITE_KEY, EM4100, each) for each in at_hub} == {token(by_wedge)} == {token(by_serial)}


@pytest.mark.parametrize(("digits", "size", "is_reversed"), SPELLINGS_13)
@given(seed=st.binary(min_size=10, max_size=10))
def test_a_13_mhz_card_has_one_token_for_reader_wedge_and_hub(digits, size, is_reversed, seed):
    number = b"\x04" + seed[: size - 2] + b"\x55"
    text = spell(number, spelling := spelling_of(digits, size, number, is_reversed=is_reversed))
    by_antenna = Card(ISO14443A, number, "classic")

    by_wedge = spelling.read(text)

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
