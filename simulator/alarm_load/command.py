"""`zaigang-sim load`: a city's year of alarms, by operator and week, held to what EEMUA 191 says a person can take."""

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from simulator.alarm_load.operators import WEEK_MS, Load, Operator, operators_of
from simulator.alarm_load.raised import raised
from simulator.alarm_load.shown import Days, WatchedStation
from simulator.alarm_load.stretches_out import away
from simulator.arguments import count, file_to_write
from simulator.city import SimCity
from simulator.opening import Opening
from simulator.oracle.alarm_calls import most_in_ten_minutes
from simulator.oracle.stretches import Stretch, length, united
from simulator.world.registry import shared_out, small_city
from simulator.world.scenario import Scenario, ScenarioError, read_scenario
from station.alarms import Level
from station.milliseconds import ms_of

EXAMPLE = "zaigang-sim load simulator/scenarios/year.toml --stations 1000"
BAD_FILE: Final = 78  # EX_CONFIG of sysexits.h
SAID: Final = {Level.LEAD: "a lead", Level.OVERSEER: "a county or authority", Level.CITY: "the city"}
MOST_SAID: Final = 10
SAY_EVERY_S: Final = 60.0


def add_arguments(parser: ArgumentParser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("file", type=Path, help="whose faults, in TOML")
    parser.add_argument("--stations", type=count, help="instead of the file's")
    parser.add_argument("--days", type=count, default=365, metavar="COUNT", help="how many; a year where not given")
    parser.add_argument("--report", type=file_to_write, metavar="FILE", help="write each operator's figures, as JSON")


def run(args: Namespace) -> int:
    """Let the days pass; status 0 only where nobody is told more than a person can take."""
    try:
        scenario = read_scenario(args.file)
    except ScenarioError as exc:
        print(f"zaigang-sim load: {exc}", file=sys.stderr)
        return BAD_FILE
    city = small_city(scenario.seed, args.stations or scenario.stations)
    operators, loads = play(scenario, city, args.days)
    print(*lines(operators, loads), sep="\n")
    over = [line for load in loads for line in load.over()]
    print(f"{len(over)} limits of EEMUA 191 are not kept", *over[:MOST_SAID], sep="\n")
    if args.report is not None:
        told = [asdict(load) | {"level": load.level.name.lower()} for load in loads]
        args.report.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(bool(over))


def play(scenario: Scenario, city: SimCity, days: int) -> tuple[list[Operator], list[Load]]:
    """All operators of a city and what each had to take in so many days."""
    first, told_s = scenario.begins_at.date(), time.monotonic()
    gone = away(scenario, city, first, days)
    shown: dict[str, WatchedStation] = {}
    for part in shared_out(city, scenario.together):
        lived = Days(part, gone)
        for n in range(days):
            lived.live(first + timedelta(days=n))
        shown |= lived.shown()
        if time.monotonic() - told_s > SAY_EVERY_S:
            told_s = time.monotonic()
            print(f"{len(shown)} of {len(city.stations)} stations", file=sys.stderr, flush=True)
    operators = operators_of(city, raised(shown, gone.hub, {one.code: one.district for one in city.stations}))
    open_ms = {one.name: _open_ms(one, city, first, days) for one in operators}
    return operators, [one.load(open_ms[one.name]) for one in operators]


def lines(operators: Sequence[Operator], loads: Sequence[Load]) -> Iterator[str]:
    """The worst of each level, over all and in their worst week."""
    for level, said in SAID.items():
        own = [load for load in loads if load.level is level]
        if not own:
            continue
        yield (
            f"{said} ({len(own)} of them), at most: {max(one.calls_in_ten for one in own):.3f} calls and "
            f"{max(one.alarms_in_ten for one in own):.3f} alarms in ten minutes on average, "
            f"{max(one.most_calls for one in own)} calls and {max(one.most_alarms for one in own)} alarms in any ten, "
            f"{max(one.flooded for one in own):.2%} of the time in a flood, standing "
            f"{max(one.standing for one in own):.1f} on average and {max(one.most_standing for one in own)} at most"
        )
        weeks = [week for one in operators if one.level is level for week in _weeks(one)]
        calls, most, name, number = max(weeks, default=(0, 0, "", 0))
        yield f"  the worst week: {name}, week {number}: {calls} calls, {most} alarms in any ten minutes"


def _weeks(one: Operator) -> Iterator[tuple[int, int, str, int]]:
    """Of each week the calls, the most alarms in any ten minutes, whose, and which it is."""
    calls = Counter(at_ms // WEEK_MS for at_ms in one.calls_ms)
    for week, together in groupby(one.alarms_ms, lambda at_ms: at_ms // WEEK_MS):
        yield calls[week], most_in_ten_minutes([*together]), one.name, week - min(calls) + 1


def _open_ms(one: Operator, city: SimCity, first: date, days: int) -> int:
    """For how long any of their stations was open."""
    openings = {
        station.opening for station in city.stations
        if one.level is Level.CITY or one.name in {f"lead {station.code}", station.district, station.kind}
    }  # fmt: skip
    return length(united(stretch for opening in openings for stretch in _open(opening, first, days)))


@cache
def _open(opening: Opening, first: date, days: int) -> list[Stretch]:
    return [
        Stretch(ms_of(opens_at), ms_of(closes_at))
        for n in range(days) for opens_at, closes_at in opening.on(first + timedelta(days=n))
    ]  # fmt: skip
