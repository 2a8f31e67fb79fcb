"""A city that never closes: who does not tap for 6 h is not there any more; real kiosks and a real hub, judged."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import simulator
from hub.register.spelling import spell_limits
from simulator.opening import KINDS, ROUND_THE_CLOCK, ZONE, HostHours
from simulator.people import plan_day
from simulator.world import registry
from simulator.world.registry import small_city
from simulator.world.scenario import read_scenario
from simulator.world.trial import Job, play
from station.duty import Limits

SMALL = read_scenario(Path(simulator.__file__).parent / "scenarios" / "small.toml")
EVENING = datetime(2026, 3, 5, 15, tzinfo=ZONE)
NEVER_CLOSED = replace(SMALL, begins_at=EVENING, lasts_h=16.0, faults=())
"""From a change of turns in the afternoon over the night to the next morning."""


@pytest.fixture(autouse=True)
def never_closes(monkeypatch):
    for kind, host in KINDS.items():
        monkeypatch.setitem(KINDS, kind, HostHours(host.host, ROUND_THE_CLOCK, 7))


@pytest.mark.parametrize("seed", [2])
def test_board_coverage_and_alarms_say_what_happened_round_the_clock(seed):
    trial = play(Job(NEVER_CLOSED, seed))

    assert trial.broken == []
    assert trial.beeps > 10


def test_a_hub_that_takes_people_to_be_there_for_twelve_hours_is_caught(monkeypatch):
    monkeypatch.setattr(registry, "limits_of", lambda _opening: spell_limits(Limits()))

    broken = play(Job(NEVER_CLOSED, 1)).broken

    assert any(rule.startswith("coverage of ") for rule in broken)


def test_people_come_at_all_hours():
    hours = {act.at.hour for act in plan_day(small_city(3, 2), EVENING.date()) if act.person.startswith("v")}

    assert {*range(3)} & hours
    assert {*range(22, 24)} & hours
