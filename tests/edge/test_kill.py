"""No `kill -9` takes a beep away: real agents, killed at random moments while people tap.

A thousand kills: `python -m tests.edge.killed 1000`.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SEED = 20260305

pytestmark = pytest.mark.timeout(600)


def killed(times, *options):
    command = [sys.executable, "-m", "tests.edge.killed", str(times), "--seed", str(SEED), *options]
    ran = subprocess.run(command, check=False, capture_output=True, timeout=500, text=True)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


def test_a_hundred_kills_lose_no_beep_and_double_none():
    found = killed(100)

    assert (found["lost"], found["doubled"], found["set_aside"]) == (0, 0, 0), found
    assert found["beeps"] > 100, "people tapped"


def test_a_kiosk_that_beeps_before_it_commits_loses_beeps():
    found = killed(16, "--beeps-first")

    assert found["lost"] > 0, found
