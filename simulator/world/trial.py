"""One world tried and judged; where it fails, the shortest beginning of its faults that fails as well."""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from simulator.city import SimCity
from simulator.oracle.alarm_calls import calls_of
from simulator.oracle.board import shown_ms
from simulator.oracle.judge import judge
from simulator.oracle.presence import judged_ms
from simulator.quiet import quiet
from simulator.world.registry import shared_out, small_city
from simulator.world.scenario import Scenario
from simulator.world.world import WHOLE, Excerpt, World

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  kiosks sync what the hub told them; here that costs nothing
MOST_SHOWN: Final = 10
MINUTE_MS: Final = 60_000
COLLECT_AFTER: Final = 1_000_000
LONGEST_SHORTENED_H: Final = 48.0  # each halving plays it again


class Job(NamedTuple):
    """One world to be tried: a seed, and which part of its city where that is too large for one."""

    scenario: Scenario
    seed: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one world.

    Attributes:
        broken: the rules that do not hold, in words.
        faults: those that were played.
        calls: by channel, when somebody was told of alarms.
        shortest: where it fails, how many of the first faults are enough to fail; None where nobody tried.
    """

    seed: int
    part: int
    broken: list[str]
    faults: list[dict[str, Any]]
    beeps: int
    records: int
    minutes_watched: int
    minutes_shown: int
    calls: dict[str, list[int]]
    shortest: int | None = None

    def plain(self) -> dict[str, Any]:
        """As a report has it."""
        told: dict[str, Any] = {
            "seed": self.seed,
            "part": self.part,
            "holds": not self.broken,
            "beeps": self.beeps,
            "records": self.records,
            "minutes_watched": self.minutes_watched,
            "minutes_shown": self.minutes_shown,
            "faults": len(self.faults),
            "calls": {channel: len(moments) for channel, moments in self.calls.items()},
        }
        if self.broken:
            told |= {"broken": self.broken[:MOST_SHOWN], "rules_broken": len(self.broken)}
        if self.shortest is not None:
            told["shortest_failing"] = self.faults[: self.shortest]
        return told


def jobs_of(scenario: Scenario, seeds: Iterable[int]) -> list[Job]:
    """The worlds in which these seeds are played."""
    return [Job(scenario, seed, part) for seed in seeds for part in range(len(_parts(scenario, seed)))]


def try_job(job: Job, passed: Callable[[float], object] = lambda _days: None) -> Trial:
    """Play a world and judge it; where it fails, and is small, find out how little is enough.

    Args:
        job: which world.
        passed: called with the station-days that have passed.
    """
    trial = play(job, passed=passed)
    if not trial.broken or job.scenario.lasts_h > LONGEST_SHORTENED_H:
        return trial
    return replace(trial, shortest=_shortest_failing(job, len(trial.faults)))


def _shortest_failing(job: Job, failing: int) -> int:
    """Halve the faults as long as it fails; the answer fails for sure, and is the shortest where more never mend."""
    holding = -1
    while failing - holding > 1:
        middle = (failing + holding) // 2
        if play(job, Excerpt(faults=middle)).broken:
            failing = middle
        else:
            holding = middle
    return failing


def play(job: Job, cut: Excerpt = WHOLE, passed: Callable[[float], object] = lambda _days: None) -> Trial:
    """Play a world, all of it or only its beginning, and judge it."""
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    city = _parts(job.scenario, job.seed)[job.part]
    with (
        quiet(logging.ERROR),
        _seldom_collecting(),
        TemporaryDirectory(dir=place) as folder,
        closing(World(job.scenario, job.seed, Path(folder), cut, city)) as world,
    ):
        world.passed = passed
        return _judged(job, [fault.plain() for fault in world.faults], world.run())


def _parts(scenario: Scenario, seed: int) -> list[SimCity]:
    return shared_out(small_city(seed, scenario.stations, scenario.kiosks), scenario.together)


def _judged(job: Job, faults: list[dict[str, Any]], evidence: Iterable[Mapping[str, Any]]) -> Trial:
    broken: list[str] = []
    calls: dict[str, list[int]] = {}
    beeps = records = watched_ms = on_the_wall_ms = 0
    for part in evidence:
        calls |= calls_of(part)
        broken += judge(part)
        beeps += len(part.get("beeps", ()))
        records += len(part.get("records", ()))
        watched_ms += sum(map(judged_ms, part.get("days", ())))
        on_the_wall_ms += sum(map(shown_ms, part.get("walls", ())))
    return Trial(
        job.seed, job.part, broken, faults, beeps, records, watched_ms // MINUTE_MS, on_the_wall_ms // MINUTE_MS, calls
    )


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A world makes few cycles and lets go of little; looking for garbage as often as by default takes a fifteenth."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
