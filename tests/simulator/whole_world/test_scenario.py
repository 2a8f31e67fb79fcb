"""Scenario files, and the command that plays them."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.__main__ import main
from simulator.world.faults import plan_faults
from simulator.world.scenario import FaultKind, Rate, Scenario, ScenarioError, read_scenario
from tests.patience import PATIENCE_S, eventually

SHORT = """
stations = 1
begins_at = 2026-03-05T07:30:00+08:00
lasts_h = 1.0
settles_h = 0.5
[faults]
cut = { per_day = 24, least_s = 60, most_s = 600 }
"""


def file_of(tmp_path, text):
    file = tmp_path / "scenario.toml"
    file.write_text(text)
    return file


def test_a_scenario_is_read_as_it_is_written(tmp_path):
    scenario = read_scenario(file_of(tmp_path, SHORT))

    assert (scenario.stations, scenario.lasts_h) == (1, 1.0)
    assert scenario.faults == ((FaultKind.CUT, Rate(24, 60, 600)),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("station = 3", "station is no key"),
        ("stations = 'three'", "stations is 'three'; wanted is int"),
        ("stations = 0", "to be above 0"),
        ("kiosks = 3", "wanted is 1 or 2"),
        ("begins_at = 2026-03-05T07:00:00", "with its offset"),
        ("[faults]\nflood = { per_day = 1 }", "flood"),
        ("[faults]\ncut = { per_year = 1 }", "per_year"),
        ("[faults]\ncut = { per_day = -1 }", "faults.cut"),
        ("[faults]\ncut = { per_day = 'often' }", "faults.cut"),
        ("faults = 3", "scenario.toml"),
        ("= 3", "scenario.toml"),
    ],
)
def test_a_file_that_cannot_be_played_is_told(tmp_path, text, told):
    with pytest.raises(ScenarioError, match=told):
        read_scenario(file_of(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ScenarioError, match=r"none\.toml"):
        read_scenario(tmp_path / "none.toml")


def test_faults_follow_from_the_seed_and_are_over_in_time():
    scenario = Scenario(lasts_h=2.0, faults=((FaultKind.CUT, Rate(100)), (FaultKind.HUB_KILL, Rate(100))))

    faults = plan_faults(scenario, 4, ["a", "b"], first_s=60)

    assert (
        faults == plan_faults(scenario, 4, ["a", "b"], first_s=60) != plan_faults(scenario, 5, ["a", "b"], first_s=60)
    )
    assert {fault.kiosk for fault in faults} == {"", "a", "b"}
    assert all(fault.at_s >= 60 and fault.at_s + fault.lasts_s <= 60 + 7200 for fault in faults)


def test_the_command_plays_and_reports(tmp_path, capsys):
    report = tmp_path / "report.json"

    status = main(["scenario", str(file_of(tmp_path, SHORT)), "--seed", "3", "--seeds", "2", "--report", str(report)])

    assert status == 0
    assert [(told["seed"], told["holds"]) for told in json.loads(report.read_text())] == [(3, True), (4, True)]
    assert "2 seeds" in capsys.readouterr().out


def test_the_command_fails_where_a_rule_is_broken(tmp_path, capsys):
    careless = f"beeps_early = true\n{SHORT}power = {{ per_day = 600 }}\n"

    status = main(["scenario", str(file_of(tmp_path, careless)), "--seed", "8", "--seeds", "2"])

    assert status == 1
    assert '"shortest_failing"' in capsys.readouterr().out


def test_the_command_says_what_is_wrong_with_a_file(tmp_path, capsys):
    assert main(["scenario", str(tmp_path / "none.toml")]) == 78
    assert "none.toml" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--seeds", "--processes"])
def test_nothing_is_not_played(option, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["scenario", str(file_of(tmp_path, SHORT)), option, "0"])

    assert stop.value.code == 2
    assert "wanted is a whole number from 1" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_told_before_the_play(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["scenario", str(file_of(tmp_path, SHORT)), "--report", str(tmp_path / "none" / "r.json")])

    told = capsys.readouterr()
    assert "none/r.json: No such file or directory" in told.err
    assert told.out == ""


@pytest.mark.parametrize(("signal_sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_no_process_outlives_one_that_is_stopped(signal_sent, status, tmp_path):
    year = file_of(tmp_path, SHORT.replace("1.0", "9000.0"))
    command = subprocess.Popen(
        [sys.executable, "-m", "simulator", "scenario", year, "--seeds", "2", "--processes", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    with command:
        assert eventually(lambda: len(workers_of(command.pid)) == 2)
        workers = workers_of(command.pid)

        command.send_signal(signal_sent)
        told, _ = command.communicate(timeout=PATIENCE_S)

    assert command.returncode == status
    assert ("stopped: 0 of 2 worlds" in told) == (signal_sent is signal.SIGINT)
    assert eventually(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def workers_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if "spawn_main" in command_of(child)]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""
