"""Which card numbers may stand for a person."""

from __future__ import annotations

import pytest

from devices.card import Card, CardRefusal, judge, kind_of


def card(number: str, technology="iso14443a") -> Card:
    return Card(technology, bytes.fromhex(number), "other")


@pytest.mark.parametrize("number", ["04A1B2C3D4E580", "A1B2C3D4", "08A1B2C3D4E580", "04A1B2C3D4E5F60718293A"[:20]])
def test_a_number_of_a_cards_own_is_taken(number):
    assert judge(card(number)) is None


def test_a_number_beginning_with_08_is_random_only_where_it_is_short():
    assert judge(card("08A1B2C3")) is CardRefusal.RANDOM_NUMBER
    assert judge(card("08A1B2C3D4E580")) is None


@pytest.mark.parametrize("number", ["0FA1B2C3", "FFA1B2C3", "88A1B2C3", "01020304", "DEADBEEF", "00" * 7, "FF" * 10])
def test_a_number_that_other_cards_carry_too_is_refused(number):
    assert judge(card(number)) is CardRefusal.NOT_UNIQUE


@pytest.mark.parametrize("length", [0, 3, 5, 8, 11])
def test_a_number_of_impossible_length_makes_no_card(length):
    with pytest.raises(ValueError, match="4 or 7 or 10"):
        Card("iso14443a", bytes(length), "other")


@pytest.mark.parametrize("number", ["62E3086CED", "08A1B2C3D4", "0FA1B2C3D4", "88A1B2C3D4"])
def test_what_a_first_byte_means_on_13_mhz_it_does_not_mean_on_125_khz(number):
    assert judge(card(number, "em4100")) is None


def test_a_blank_125_khz_card_is_refused():
    assert judge(card("0000000000", "em4100")) is CardRefusal.NOT_UNIQUE


@pytest.mark.parametrize("length", [0, 4, 6, 7, 10])
def test_a_125_khz_number_has_five_bytes(length):
    with pytest.raises(ValueError, match=f"of em4100 has 5 bytes, not {length}"):
        Card("em4100", bytes(length), "other")


def test_a_card_does_not_show_its_number():
    shown = repr(card("04A1B2C3D4E580"))

    assert "a1b2" not in shown.lower()
    assert "xa1" not in shown


@pytest.mark.parametrize(
    ("sak", "kind"),
    [(0x00, "type2"), (0x08, "classic"), (0x18, "classic"), (0x20, "type4"), (0x28, "type4"), (0x40, "other")],
)
def test_sak_tells_the_kind(sak, kind):
    assert kind_of(sak) == kind
