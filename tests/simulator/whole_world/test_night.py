"""A city that is open from the evening until two in the morning: real kiosks and a real hub, judged by the oracle."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import simulator
from simulator.opening import KINDS, ZONE, HostHours
from simulator.people import plan_day
from simulator.world.registry import small_city
from simulator.world.scenario import read_scenario
from simulator.world.trial import Job, play

SMALL = read_scenario(Path(simulator.__file__).parent / "scenarios" / "small.toml")
EVENING = datetime(2026, 3, 5, 17, tzinfo=ZONE)
NIGHT = replace(SMALL, begins_at=EVENING, lasts_h=10.5)
"""From before they open until after what is still granted to those who stay past the closing."""


@pytest.fixture(autouse=True)
def nights(monkeypatch):
    for kind, host in KINDS.items():
        monkeypatch.setitem(KINDS, kind, HostHours(host.host, ((0, 2 * 60), (18 * 60, 24 * 60)), 7))


@pytest.mark.parametrize("seed", [2, 3, 6])
def test_of_a_night_board_coverage_and_alarms_say_what_happened(seed):
    trial = play(Job(replace(NIGHT, faults=()), seed))

    assert trial.broken == []
    assert trial.beeps > 10


@pytest.mark.parametrize("seed", [4, 10])
def test_of_a_night_in_which_everything_goes_wrong_no_beep_is_lost(seed):
    assert play(Job(NIGHT, seed)).broken == []


def test_people_serve_a_night_as_one():
    acts = plan_day(small_city(3, 2), EVENING.date())

    assert acts
    assert not [act for act in acts if act.person.startswith("v") and act.at < EVENING.replace(hour=16)]
    assert [act for act in acts if act.at.date() > EVENING.date()]
