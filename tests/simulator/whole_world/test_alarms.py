"""What is told of six stations on a morning on which the hub is started anew again and again, and broken keepers and boards."""

from dataclasses import replace
from pathlib import Path

import simulator
from simulator.world.scenario import read_scenario
from simulator.world.trial import Job, play

ALARMS = read_scenario(Path(simulator.__file__).parent / "scenarios" / "alarms.toml")
SILENCES = read_scenario(Path(simulator.__file__).parent / "scenarios" / "silences.toml")


def told_wrongly(scenario, seed=1):
    return [rule for rule in play(Job(scenario, seed)).broken if rule.startswith("alarms, ")]


def test_everybody_is_told_what_concerns_them_in_time_and_once():
    assert play(Job(ALARMS, 1)).broken == []


def test_a_keeper_that_forgets_what_it_should_raise_is_caught():
    wrong = told_wrongly(replace(ALARMS, forgets_alarms=True))

    assert any("raised" in rule and "was not told to" in rule for rule in wrong)


def test_a_keeper_that_raises_again_after_a_restart_is_caught():
    wrong = told_wrongly(replace(ALARMS, repeats_alarms=True))

    assert any("raised" in rule and "for nothing" in rule for rule in wrong)


def test_a_keeper_that_ends_nothing_is_caught():
    wrong = told_wrongly(replace(ALARMS, keeps_alarms=True))

    assert any("ended" in rule and "was not told to" in rule for rule in wrong)


def test_a_keeper_that_heeds_nobody_who_does_something_is_caught():
    wrong = [rule for rule in play(Job(replace(ALARMS, ignores_handling=True), 2)).broken if "escalated" in rule]

    assert any("for nothing" in rule for rule in wrong)


def test_a_keeper_that_stays_still_where_people_are_recorded_at_a_silent_kiosk_is_caught():
    wrong = told_wrongly(replace(ALARMS, trusts_last_taps=True))

    assert any("raised unwatched was not told to" in rule for rule in wrong)


def test_alarms_of_people_who_are_there_are_caught_whatever_the_board_shows():
    wrong = told_wrongly(replace(ALARMS, forgets_taps=True))

    assert any("by what people tapped" in rule for rule in wrong)


def test_stations_of_a_district_whose_line_is_cut_are_told_of_as_one():
    assert play(Job(SILENCES, 4)).broken == []


def test_a_keeper_that_forgets_who_is_left_of_those_is_caught():
    wrong = told_wrongly(replace(SILENCES, forgets_stragglers=True), 4)

    assert any("escalated unwatched was not told" in rule for rule in wrong)
