"""Many polls in, one appearance a card out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.card import Card
from devices.plate import Appeared, Left, Plate

ANNA = Card("iso14443a", bytes.fromhex("04A1B2C3D4E580"), "type2")
BORIS = Card("iso14443a", bytes.fromhex("A1B2C3D4"), "classic")
PACE_S = 0.1


def look(plate: Plate, cards: list[Card | None], from_s: float = 0.0) -> list[Appeared | Left]:
    return [change for n, card in enumerate(cards) for change in plate.look(card, from_s + n * PACE_S)]


def phone(n: int) -> Card:
    return Card("iso14443a", bytes([0x08, 0, 0, n]), "type4")


def test_a_card_that_stays_appears_once():
    assert look(Plate(), [ANNA] * 50) == [Appeared(ANNA)]


def test_a_card_is_gone_after_three_polls_without_it():
    plate = Plate()

    assert look(plate, [ANNA, None, None]) == [Appeared(ANNA)]
    assert look(plate, [None], 0.3) == [Left(ANNA)]


def test_two_missed_polls_are_no_second_appearance():
    assert look(Plate(), [ANNA, None, None, ANNA, None, None, ANNA]) == [Appeared(ANNA)]


def test_a_card_that_went_and_came_appears_again():
    assert look(Plate(), [ANNA, None, None, None, ANNA]) == [Appeared(ANNA), Left(ANNA), Appeared(ANNA)]


def test_another_card_appears_at_once_and_the_first_leaves_later():
    assert look(Plate(), [ANNA, BORIS, BORIS, BORIS]) == [Appeared(ANNA), Appeared(BORIS), Left(ANNA)]


def test_two_cards_that_take_turns_in_one_wallet_are_two_appearances():
    assert look(Plate(), [ANNA, BORIS] * 20) == [Appeared(ANNA), Appeared(BORIS)]


def test_a_phone_is_one_appearance_whatever_it_calls_itself():
    changes = look(Plate(), [phone(n) for n in range(30)])

    assert changes == [Appeared(phone(0))]


def test_it_tells_how_long_a_card_has_been_held():
    plate = Plate()
    look(plate, [None, ANNA, ANNA, None, ANNA])

    assert plate.held_s(ANNA, 2.1) == 2.0
    assert plate.held_s(BORIS, 2.1) == 0.0


def test_a_plate_is_occupied_until_its_card_is_gone():
    plate = Plate()

    assert not plate.is_occupied
    look(plate, [ANNA, None, None])
    assert plate.is_occupied
    look(plate, [None], 0.3)
    assert not plate.is_occupied


@pytest.mark.parametrize("away_s", [8.0, 3600.0])
def test_a_card_left_lying_while_the_reader_was_away_is_the_same_appearance(away_s):
    plate = Plate()
    look(plate, [ANNA] * 5)

    assert look(plate, [ANNA] * 5, away_s) == []
    assert look(plate, [None] * 5, away_s + 1) == [Left(ANNA)]


def test_a_card_taken_while_the_reader_was_away_is_seen_to_be_gone():
    plate = Plate()
    look(plate, [ANNA])

    assert look(plate, [None] * 3, 60.0) == [Left(ANNA)]
    assert look(plate, [ANNA], 60.3) == [Appeared(ANNA)]


def test_time_that_nobody_watched_is_no_holding():
    plate = Plate()
    look(plate, [ANNA] * 6)

    assert plate.held_s(ANNA, 60.0) == pytest.approx(0.5)
    look(plate, [ANNA], 60.0)
    assert plate.held_s(ANNA, 60.5) == pytest.approx(1.0)


@given(st.lists(st.sampled_from([None, ANNA, BORIS])))
def test_every_card_appears_and_leaves_by_turns(cards):
    changes = look(Plate(), cards)

    for card in (ANNA, BORIS):
        turns = [type(change) for change in changes if change.card == card]
        assert turns == [Appeared, Left] * (len(turns) // 2) + [Appeared] * (len(turns) % 2)
