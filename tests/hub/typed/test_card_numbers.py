"""One card is one number, however a list spells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.typed.card_number import EM4100, ISO14443A, read_card_number
from hub.typed.cells import CellError

EM_CARD = bytes.fromhex("62E3086CED")  # the data sheet's example in every usual spelling


@pytest.mark.parametrize(
    ("cell", "number_format", "prefix"),
    [
        ("62E3086CED", "hex", ""),
        ("62:e3:08:6c:ed", "hex", ""),
        ("ED6C08E362", "hex-reversed", ""),
        (str(int("62E3086CED", 16)), "decimal", ""),
        ("3808980205", "decimal", "62"),
        ("3983280355", "decimal-reversed", "62"),
        ("008,27885", "wiegand26", "62E3"),
        ("008，27885", "wiegand26", "62e3"),
    ],
)
def test_all_spellings_of_one_em_card_are_one_number(cell: str, number_format: str, prefix: str) -> None:
    assert read_card_number(cell, EM4100, number_format, prefix) == EM_CARD


@pytest.mark.parametrize(("cell", "number_format"), [("3808980205", "decimal"), ("008,27885", "wiegand26")])
def test_bytes_that_a_spelling_leaves_out_are_not_guessed(cell: str, number_format: str) -> None:
    with pytest.raises(CellError, match="卡号前缀"):
        read_card_number(cell, EM4100, number_format)


@given(number=st.binary(min_size=5, max_size=5).map(lambda rest: b"\x04\x01" + rest))
def test_every_spelling_of_a_seven_byte_number_is_the_same(number: bytes) -> None:
    spelled = [
        (number.hex(), "hex"),
        (number.hex("-").upper(), "hex"),
        (number[::-1].hex(" "), "hex-reversed"),
        (str(int.from_bytes(number, "big")), "decimal"),
    ]

    assert {read_card_number(cell, ISO14443A, number_format) for cell, number_format in spelled} == {number}


@given(
    cell=st.text(alphabet="0123456789abcdefABCDEF:,-. +Ee例", max_size=30),
    number_format=st.sampled_from(["hex", "decimal", "wiegand26", "hex-reversed"]),
)
def test_any_text_is_a_number_or_a_fault_that_does_not_repeat_it(cell: str, number_format: str) -> None:
    for technology in (ISO14443A, EM4100):
        try:
            told = "", read_card_number(cell, technology, number_format)
        except CellError as exc:
            told = str(exc), bytes(5)
        assert len(cell) < 10 or cell not in told[0]  # shorter ones may be an example in a message
        assert len(told[1]) in {4, 5, 7, 10}
