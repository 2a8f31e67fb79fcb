"""The rules of settling, searched: no beep lost, none doubled, all settled in the end; and each control is caught."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from simulator.model.moves import moves
from simulator.model.properties import DOUBLED, LOST, UNSETTLED
from simulator.model.search import TooManyStatesError, search, walk
from simulator.model.world import ModelRules, WorldExtent, first_state

RULES = ModelRules()
RESTART = WorldExtent(taps=2, starts=2, cuts=1)
SMALL_WORLDS = {
    "a bad line": replace(RESTART, up=2),
    "a bad line, new connections": WorldExtent(taps=2, reconnects=1, up=2, down=2),
    "a hub put back": replace(RESTART, backups=1, restores=1),
    "days pass": WorldExtent(taps=1, days=3, keep=2, backups=1, restores=1),
    "days pass over an older epoch": replace(RESTART, restores=1, days=2, keep=2),
    "put back twice": WorldExtent(taps=1, days=2, keep=2, backups=1, restores=2),
    "two cards from one image": WorldExtent(taps=2, images=1, swaps=1, backups=1, restores=1),
    "a card destroyed": replace(RESTART, losses=1, backups=1, restores=1),
    "a full card": replace(RESTART, backups=1, restores=1, only_newest=True, fills=1),
    "two hubs at once": WorldExtent(taps=2, backups=1, copies=1, days=1),
}
LARGER = WorldExtent(taps=9, starts=6, cuts=5, reconnects=4, up=3, down=3, batch=2, backups=4)
LARGE_WORLDS = {
    "restores": replace(LARGER, restores=4, images=2, swaps=2, losses=1),
    "days": replace(LARGER, restores=4, days=8, keep=3, images=1, swaps=1),
    "full cards": replace(LARGER, restores=3, only_newest=True, fills=4),
    "two hubs": replace(LARGER, restores=1, copies=2),
}
WALKS = 25
STEPS = 400
NOT_HELD = "a hub settled what it does not hold"


@pytest.mark.parametrize("bounds", SMALL_WORLDS.values(), ids=SMALL_WORLDS)
def test_no_way_through_a_small_world_breaks_a_promise(bounds):
    searched = search(bounds, RULES)

    assert searched.finding is None, str(searched.finding)
    assert searched.states > 5_000, "the world is not empty"


@pytest.mark.parametrize("bounds", LARGE_WORLDS.values(), ids=LARGE_WORLDS)
def test_no_walk_through_a_large_world_breaks_a_promise(bounds):
    for seed in range(WALKS):
        finding = walk(bounds, RULES, Random(seed), STEPS)

        assert finding is None, f"seed {seed}: {finding}"


CONTROLS = {
    "beeping before the commit": ({"commits_before_beep": False}, RESTART, LOST),
    "settling before the commit": ({"commits_before_settled": False}, WorldExtent(taps=1), NOT_HELD),
    "obeying what another session was told": ({"own_session_only": False}, WorldExtent(taps=1, reconnects=1, restores=1), UNSETTLED),
    "forgetting at the broker's word": ({"keeps_until_settled": False}, RESTART, LOST),
    "going on with an epoch": ({"new_epoch_at_start": False}, WorldExtent(taps=3, starts=2, cuts=1, images=1, swaps=1), UNSETTLED),
    "naming records anew": ({"keeps_names": False}, RESTART, DOUBLED),
    "naming only what is not settled": ({"asks_in_turn": False}, replace(RESTART, restores=1), UNSETTLED),
    "counting days from before the hub stored": (
        {"ages_from_storing": False}, WorldExtent(taps=1, days=2, keep=2, backups=1, restores=1), LOST
    ),
    "counting days on after a hub was put back": (
        {"restoring_ages_anew": False}, WorldExtent(taps=1, days=3, keep=2, backups=2, restores=3), LOST
    ),
    "counting from another card's first record": (
        {"counts_from_message": False}, WorldExtent(taps=1, starts=2, images=1, swaps=1, backups=1, restores=1, days=1), UNSETTLED
    ),
}  # fmt: skip


@pytest.mark.parametrize(("broken", "bounds", "rule"), CONTROLS.values(), ids=CONTROLS)
def test_a_broken_rule_is_found_out(broken, bounds, rule):
    searched = search(bounds, ModelRules(**broken))

    assert searched.finding is not None
    assert searched.finding.rule == rule
    assert searched.finding.trace[0] == "card 0 starts"


@pytest.mark.parametrize("broken", ["commits_before_beep", "keeps_until_settled", "keeps_names", "asks_in_turn"])
def test_walks_find_broken_rules_too(broken):
    rules = ModelRules(**{broken: False})

    findings = [walk(LARGE_WORLDS["restores"], rules, Random(seed), STEPS) for seed in range(WALKS)]

    assert any(findings)


def test_the_order_of_n_hurries_things_and_guards_no_record():
    searched = search(WorldExtent(taps=1, restores=1, days=2, keep=2, down=2), ModelRules(no_lower_n=False))

    assert searched.finding is None, str(searched.finding)


def test_a_search_that_would_never_end_is_given_up():
    with pytest.raises(TooManyStatesError):
        search(LARGER, RULES, most=1_000)


def test_the_first_thing_that_can_happen_is_a_start():
    deeds = [deed for deed, _ in moves(first_state(RESTART), RESTART, RULES)]

    assert deeds == [("card", 0, "starts")]
