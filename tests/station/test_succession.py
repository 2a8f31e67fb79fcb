"""Runs in the order they were made: as `started` says, else by time; whatever order they became known in."""

from itertools import permutations

from station.names import Epoch
from station.succession import Begun, in_order

A, B, C, D = (Epoch(letter * 16) for letter in "abcd")


def test_a_run_follows_the_one_that_it_names_though_its_clock_says_otherwise() -> None:
    runs = {A: Begun(C, 0), B: Begun(None, 500), C: Begun(B, 900)}

    assert in_order(runs) == [B, C, A]


def test_where_nothing_is_said_the_earlier_record_is_the_earlier_run() -> None:
    runs = {A: Begun(D, 900), B: Begun(None, 500), C: Begun(None, 100)}

    assert in_order(runs) == [C, B, A]


def test_cards_from_one_image_follow_their_root_each_whole() -> None:
    runs = {A: Begun(None, 0), B: Begun(A, 20), C: Begun(A, 10), D: Begun(C, 30)}

    assert in_order(runs) == [A, C, D, B]


def test_the_order_in_which_runs_became_known_changes_nothing() -> None:
    runs = {A: Begun(None, 0), B: Begun(A, 20), C: Begun(A, 20), D: Begun(B, 5)}

    assert {tuple(in_order(dict(order))) for order in permutations(runs.items())} == {(A, B, D, C)}


def test_a_ring_of_runs_ends() -> None:
    runs = {A: Begun(B, 0), B: Begun(A, 1), C: Begun(C, 2)}

    assert sorted(in_order(runs)) == [A, B, C]
