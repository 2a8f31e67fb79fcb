"""No `kill -9` takes back what was settled: the hub's whole way in a process that is killed while kiosks pour.

Hundreds of kills: `python -m tests.hub.whole.killed 500`.
"""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.broker
SEED = 20260305


def killed(times: int, *options: str) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.hub.whole.killed", str(times), "--seed", str(SEED), *options]
    done = subprocess.run(command, check=False, capture_output=True, timeout=540, text=True)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(600)
def test_fifteen_kills_while_records_pour_in_lose_nothing_settled_and_double_nothing():
    found = killed(15)

    assert (found["lost"], found["doubled"]) == (0, 0), found
    assert found["settled"] == found["sent"] > 500, "all came in the end"


@pytest.mark.timeout(600)
def test_a_hub_that_settles_before_it_commits_loses_what_it_settled():
    for times in (6, 15, 40):  # some may strike before anything was settled, on a busy machine most
        found = killed(times, "--settles-first")
        if found["lost"] > 0:
            break

    assert found["lost"] > 0, found
