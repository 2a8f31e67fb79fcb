"""Text that enters: what is not seen goes, what is meant stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.tidy import bare, decode, tidy, tidy_key, visible

ANY_TEXT = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\u200b\u202e\ufeff\ufe0f\U000e0100\xa0　'\"=０Ａ｀ \t\n\r")),
    max_size=40,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("V\u200b1", "V1"),
        ("\ufeffV1\u2060", "V1"),
        ("\u202e例\u202c乙\u200e丑\u061c", "例乙丑"),
        ("V\u00ad1\ufe0f", "V1"),
        ("　例城　医院\xa0", "例城 医院"),
        ("Ｖ１２", "V12"),
        ("ｈ－０１", "h-01"),
        ('="007147"', "007147"),
        ("\t000042", "000042"),
        ("'000043", "000043"),
        ("＇000043", "000043"),
        ('\'="0"', "0"),
        ("周三 8:00\r\n 周五  9:00 ", "周三 8:00\n周五 9:00"),
    ],
)
def test_a_cell_is_what_was_meant(typed: str, meant: str) -> None:
    assert tidy(typed) == meant


@pytest.mark.parametrize(
    "name", ["买买提·艾力", "䶮䶮", "𠮷野", "例城医院（东院）", "例城“爱心”站，一楼", "Li Ming", "㐂"]
)
def test_a_name_stays_as_it_is_written(name: str) -> None:
    assert tidy(name) == name


@given(text=ANY_TEXT)
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    for tidying in (tidy, tidy_key, visible):
        assert tidying(tidying(text)) == tidying(text)


@given(text=ANY_TEXT)
def test_nothing_is_left_that_nobody_sees(text: str) -> None:
    left = tidy(text)

    # Cf that is drawn: signs of Arabic, Syriac, Kaithi and Egyptian script
    assert not [c for c in left if unicodedata.category(c) in {"Zs", "Zl", "Zp"} and c != " "]
    assert not {c for c in left if unicodedata.category(c) == "Cf"} & set("\u00ad\u200b\u200e\u202e\u2060\u2069\ufeff")


@pytest.mark.parametrize("other", ["7147", "０07147", "00 7147", "007147\u200b", "'7147"])
def test_keys_that_differ_in_zeros_blanks_or_width_are_alike(other: str) -> None:
    assert bare(other) == bare("007147")


def test_keys_that_differ_in_case_are_alike_and_in_a_letter_are_not() -> None:
    assert bare("H-01") == bare("h-1")
    assert bare("H-01") != bare("K-01")
    assert bare("100") != bare("1")
    assert bare("0") != bare("")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_files_mark_is_no_text(encoding: str) -> None:
    assert decode("例城".encode(encoding)) == "例城"
