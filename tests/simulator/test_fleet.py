"""The fleet as a command of its own, against a hub that was given its city."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from simulator.children import Child
from simulator.city import invent
from simulator.premises import Premises, child_environ
from simulator.stored import read_stored
from simulator.town import enter_city
from station.clock import Clock, boottime_s
from tests.ports import free_port
from tests.simulator.world import moment

FLEET = [sys.executable, "-m", "simulator", "fleet"]


def fleet(*arguments, environ=os.environ):
    return subprocess.run([*FLEET, *arguments], env=environ, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.broker
def test_what_the_fleet_beeps_the_hub_stores(tmp_path):
    premises = Premises(tmp_path, free_port(), free_port())
    clock = Clock(60, moment("07:50") - timedelta(minutes=6), boottime_s())
    environ = child_environ(os.environ, clock)
    enter_city(invent(5, 14), premises, environ)

    with Child("hub", ["hub", "serve", "--config", str(premises.hub_file)], environ, tmp_path / "hub.log"):
        ended = fleet(
            "--stations", "14", "--seed", "5", "--broker", f"127.0.0.1:{premises.broker_port}",
            "--site-key", str(premises.site_key), "--for", "12", environ=environ,
        )  # fmt: skip
        said = re.fullmatch(r"(\d+) taps, (\d+) beeped, 0 answers surprised somebody\n", ended.stdout)

        assert ended.returncode == 0, ended.stderr
        assert said
        assert len(read_stored(premises.database)) == int(said[2]) > 0


def test_the_citys_spreadsheets_can_be_written_alone(tmp_path):
    ended = fleet("--write", str(tmp_path / "city"))

    assert ended.returncode == 0
    assert [line.rsplit("/", 1)[1] for line in ended.stdout.splitlines()] == [
        "城市.csv", "区县.csv", "站点.csv", "终端.csv", "志愿者.csv", "卡.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--stations", "3"], "at least 11"),
        (["--stations", "201"], "at most 200: each has a whole kiosk"),
        (["--stations", "1000000", "--write", "."], "at most 5000"),
        ([], "--site-key is missing"),
        (["--site-key", "/nowhere/site.key"], "cannot be read"),
        (["--broker", "nowhere"], "HOST:PORT"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wanted(arguments, wanted):
    ended = fleet(*arguments)

    assert ended.returncode != 0
    assert wanted in ended.stderr
    assert "Traceback" not in ended.stderr
