"""Names as a kiosk may show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.register.masking import mask_name


@pytest.mark.parametrize(
    ("full_name", "masked"),
    [
        ("例甲", "例*"),
        ("例甲子", "例*子"),
        ("欧阳例子", "欧*子"),
        ("例", "例*"),
        ("  例 甲 子 ", "例*子"),
        ("例买提·虚构", "例*构"),
        ("Li Invented", "L*d"),
        ("", ""),
        (" ", ""),
    ],
)
def test_surname_and_last_character_are_left(full_name: str, masked: str) -> None:
    assert mask_name(full_name) == masked


@given(full_name=st.text(alphabet="例甲乙丙丁戊己庚", min_size=2, max_size=30))
def test_no_more_than_two_characters_of_a_name_are_left(full_name: str) -> None:
    masked = mask_name(full_name)

    assert masked[0] == full_name[0]
    assert len(masked) <= 3
