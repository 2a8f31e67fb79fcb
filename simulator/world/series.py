"""Many worlds tried, shared out over processes, with a bar that tells how far they are.

Each world is one process's from beginning to end; nothing is shared but a counter of the station-days that have passed.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

from simulator.world.faults import DAY_S, HOUR_S
from simulator.world.trial import Job, Trial, try_job

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_EVERY_S: Final = 0.5
BAR: Final = "{l_bar}{bar}| {n:.0f}/{total:.0f} [{elapsed}<{remaining}, {rate_fmt}]"


class _Passed:
    """The station-days that have passed, in whatever process."""

    counter: Any = None

    @classmethod
    def begin(cls, counter: Any) -> None:
        cls.counter = counter

    @classmethod
    def add(cls, days: float) -> None:
        with cls.counter.get_lock():
            cls.counter.value += days


def try_all(jobs: Sequence[Job], processes: int) -> list[Trial]:
    """Try every world, in the order given."""
    total = sum(job.scenario.stations * job.scenario.lasts_h * HOUR_S / DAY_S for job in jobs if job.part == 0)
    with tqdm(total=total, unit="station-day", bar_format=BAR, disable=None) as bar:
        if processes == 1:
            return [try_job(job, bar.update) for job in jobs]
        context = multiprocessing.get_context("spawn")
        counter = context.Value("d", 0.0)
        with ProcessPoolExecutor(processes, context, _Passed.begin, (counter,)) as pool:
            waiting = {pool.submit(_try, job) for job in jobs}
            trials = list(waiting)
            while waiting:
                _, waiting = wait(waiting, timeout=LOOK_EVERY_S)
                bar.update(counter.value - bar.n)
        return sorted((trial.result() for trial in trials), key=lambda trial: (trial.seed, trial.part))


def _try(job: Job) -> Trial:
    return try_job(job, _Passed.add)
