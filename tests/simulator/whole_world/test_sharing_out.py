"""A large city shared out over worlds and processes."""

from dataclasses import replace
from datetime import datetime

from simulator.opening import ZONE
from simulator.world.registry import shared_out, small_city
from simulator.world.scenario import Scenario
from simulator.world.series import try_all
from simulator.world.trial import jobs_of

MORNING = Scenario(
    stations=12, together=6, begins_at=datetime(2026, 3, 5, 7, 30, tzinfo=ZONE), lasts_h=0.5, settles_h=0.3,
    heartbeat_s=600.0, tend_s=600.0,
)  # fmt: skip


def test_people_who_go_to_two_stations_have_both_in_one_world():
    parts = shared_out(small_city(3, 60), 15)

    homes = [{station.code for station in part.stations} for part in parts]
    assert sum(map(len, homes)) == len(set().union(*homes)) == 60
    assert len(parts) == 4
    assert any(volunteer.also for part in parts for volunteer in part.volunteers)
    for part, codes in zip(parts, homes, strict=True):
        assert {v.station for v in part.volunteers} | {v.also for v in part.volunteers} - {""} <= codes


def test_two_processes_say_what_one_says():
    jobs = jobs_of(MORNING, [5])

    alone, shared = list(try_all(jobs, 1)), list(try_all(jobs, 2))

    assert len(alone) == 2
    assert alone == sorted(shared, key=lambda trial: trial.part)
    assert not any(trial.broken for trial in alone)


def test_a_small_city_is_one_world():
    assert len(jobs_of(replace(MORNING, stations=3), [1, 2])) == 2
