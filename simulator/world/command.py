"""`zaigang-sim scenario`: plays whole worlds on virtual time, seed after seed, and lets the oracle judge."""

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from simulator.arguments import count, file_to_write
from simulator.world.calls import call_lines
from simulator.world.faults import DAY_S, HOUR_S
from simulator.world.scenario import Scenario, ScenarioError, check, read_scenario
from simulator.world.series import try_all
from simulator.world.trial import Trial, jobs_of

BAD_FILE = 78  # EX_CONFIG of sysexits.h
STOPPED = 130  # as a shell has it for SIGINT
EXAMPLE = "zaigang-sim scenario simulator/scenarios/small.toml --seeds 20"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("file", type=Path, help="the scenario, in TOML")
    parser.add_argument("--seed", type=int, help="instead of the file's")
    parser.add_argument("--seeds", type=count, default=1, metavar="COUNT", help="so many, one after the other")
    parser.add_argument("--stations", type=int, help="instead of the file's")
    parser.add_argument("--days", type=float, help="how long people come, instead of the file's lasts_h")
    parser.add_argument("--processes", type=count, default=1, metavar="COUNT", help="so many worlds at once")
    parser.add_argument("--report", type=file_to_write, metavar="FILE", help="write what came of each world, as JSON")


def run(args: Namespace) -> int:
    """Play; status 0 only where every rule held in every world. Stopped, it tells of those that had ended."""
    try:
        scenario = _asked_for(args, read_scenario(args.file))
    except ScenarioError as exc:
        print(f"zaigang-sim scenario: {exc}", file=sys.stderr)
        return BAD_FILE
    began_s = time.monotonic()
    jobs = jobs_of(scenario, range(scenario.seed, scenario.seed + args.seeds))
    print(f"seed {scenario.seed}: {scenario.stations} stations, {scenario.lasts_h / 24:g} days, {len(jobs)} worlds")
    trials: list[Trial] = []
    is_stopped = False
    try:
        for trial in try_all(jobs, args.processes):
            trials.append(trial)
            if trial.broken:
                print(json.dumps(trial.plain(), indent=1, ensure_ascii=False), flush=True)
    except KeyboardInterrupt:
        is_stopped = True
        print(f"stopped: {len(trials)} of {len(jobs)} worlds were played to their end")
    trials.sort(key=lambda trial: (trial.seed, trial.part))
    _tell(trials)
    print(*call_lines(trials, scenario.lasts_h), sep="\n")
    if not is_stopped:
        print(f"{_station_days(scenario, args.seeds) / (time.monotonic() - began_s):.1f} station-days a second")
    if args.report is not None:
        args.report.write_text(json.dumps([trial.plain() for trial in trials], indent=1, ensure_ascii=False) + "\n")
    return STOPPED if is_stopped else int(any(trial.broken for trial in trials))


def _asked_for(args: Namespace, scenario: Scenario) -> Scenario:
    asked = {
        "seed": args.seed,
        "stations": args.stations,
        "lasts_h": None if args.days is None else args.days * DAY_S / HOUR_S,
    }
    return check(args.file, replace(scenario, **{name: value for name, value in asked.items() if value is not None}))


def _tell(trials: list[Trial]) -> None:
    seeds = len({trial.seed for trial in trials})
    faults, beeps = sum(len(trial.faults) for trial in trials), sum(trial.beeps for trial in trials)
    minutes, shown = sum(trial.minutes_watched for trial in trials), sum(trial.minutes_shown for trial in trials)
    failed = sum(bool(trial.broken) for trial in trials)
    print(
        f"{seeds} seeds, {faults} faults, {beeps} beeps, {minutes} watched minutes, {shown} on the board: "
        f"{failed} failed"
    )


def _station_days(scenario: Scenario, seeds: int) -> float:
    return seeds * scenario.stations * scenario.lasts_h * HOUR_S / DAY_S
