"""No `kill -9` takes a beep away: a kiosk's whole tap path in a process that is killed at random moments.

A thousand kills: `python -m tests.edge.killed 1000`.
"""

from __future__ import annotations

import json
import subprocess
import sys

SEED = 20260305


def killed(times, *options):
    command = [sys.executable, "-m", "tests.edge.killed", str(times), "--seed", str(SEED), *options]
    return json.loads(subprocess.run(command, check=False, capture_output=True, timeout=100, text=True).stdout)


def test_a_hundred_kills_lose_no_beep_and_double_none():
    found = killed(100)

    assert (found["lost"], found["doubled"], found["set_aside"]) == (0, 0, 0), found
    assert found["beeps"] > 300, "people tapped"
    assert found["silent"] > 0, "some kills came between commit and beep"


def test_a_kiosk_that_beeps_before_it_commits_loses_beeps():
    found = killed(20, "--beeps-first")

    assert found["lost"] > 0, found
