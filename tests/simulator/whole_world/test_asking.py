"""The hub asks kiosks for this and that while people come and power fails: no tap suffers by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import simulator
from hub.asking.asked import CommandOutcome
from simulator.world.scenario import FaultKind, Rate, read_scenario
from simulator.world.trial import Job, play
from simulator.world.world import WHOLE, World

SMALL = read_scenario(Path(simulator.__file__).parent / "scenarios" / "small.toml")
ASKED = (FaultKind.ASK, Rate(20))


@pytest.mark.parametrize("seed", [1, 4])
def test_no_beep_is_lost_and_none_counts_twice_while_kiosks_are_asked_and_begin_anew(seed: int) -> None:
    trial = play(Job(replace(SMALL, faults=(*SMALL.faults, ASKED)), seed))

    assert trial.broken == []
    assert sum(fault["kind"] == "ask" for fault in trial.faults) > 3


def test_where_nothing_else_goes_wrong_each_kiosk_answers_all_that_it_is_asked(tmp_path: Path) -> None:
    world = World(replace(SMALL, faults=(ASKED,)), 2, tmp_path, WHOLE)
    list(world.run())
    outcomes = Counter(world.asking.outcomes())
    world.close()

    assert outcomes[CommandOutcome.DONE] > 4
    assert set(outcomes) == {CommandOutcome.DONE, CommandOutcome.REFUSED}
