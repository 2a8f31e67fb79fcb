"""Many worlds tried, shared out over processes, with word of how far they are: a bar, or a line a minute in a log.

Each world is one process's from beginning to end; nothing is shared but a counter of the station-days that have passed.
Processes end with the one that began them, however it ends.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from typing import Any, Final

from tqdm import tqdm

from simulator.leash import take_leash
from simulator.world.faults import DAY_S, HOUR_S
from simulator.world.trial import Job, Trial, try_job

LOOK_EVERY_S: Final = 0.5
TELL_EVERY_S: Final = 60.0
BAR: Final = "{l_bar}{bar}| {n:.0f}/{total:.0f} [{elapsed}<{remaining}, {rate_fmt}]"


class _Lines:
    """How far it is, for a log.

    Attributes:
        n: station-days that have passed.
    """

    def __init__(self, total: float) -> None:
        self.n = 0.0
        self._total, self._began_s = total, time.monotonic()
        self._told_s = self._began_s

    def update(self, days: float) -> None:
        """So many more have passed."""
        self.n += days
        now_s = time.monotonic()
        if now_s - self._told_s >= TELL_EVERY_S:
            self._told_s = now_s
            rate = self.n / (now_s - self._began_s)
            left_min = (self._total - self.n) / max(rate, 1e-9) / 60
            print(
                f"{self.n:.0f} of {self._total:.0f} station-days, {rate:.1f} a second, {left_min:.0f} min left",
                file=sys.stderr, flush=True,
            )  # fmt: skip


class _Passed:
    """The station-days that have passed, in whatever process."""

    counter: Any = None

    @classmethod
    def begin(cls, parent: int, counter: Any) -> None:
        take_leash(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent ends the others
        cls.counter = counter

    @classmethod
    def add(cls, days: float) -> None:
        with cls.counter.get_lock():
            cls.counter.value += days


def try_all(jobs: Sequence[Job], processes: int) -> Iterator[Trial]:
    """Try every world; each trial comes as soon as it has ended."""
    total = sum(job.scenario.stations * job.scenario.lasts_h * HOUR_S / DAY_S for job in jobs if job.part == 0)
    if not sys.stderr.isatty():
        yield from _try_all(jobs, processes, _Lines(total))
        return
    with tqdm(total=total, unit="station-day", bar_format=BAR) as bar:
        yield from _try_all(jobs, processes, bar)


def _try_all(jobs: Sequence[Job], processes: int, told: "_Lines | tqdm[Any]") -> Iterator[Trial]:
    if processes == 1:
        yield from (try_job(job, told.update) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    counter = context.Value("d", 0.0)
    with ProcessPoolExecutor(processes, context, _Passed.begin, (os.getpid(), counter)) as pool:
        try:
            waiting = {pool.submit(_try, job) for job in jobs}
            while waiting:
                done, waiting = wait(waiting, LOOK_EVERY_S, FIRST_COMPLETED)
                told.update(counter.value - told.n)
                yield from (trial.result() for trial in done)
        except BaseException:  # a world may last for minutes, and nobody wants its verdict any more
            for child in multiprocessing.active_children():
                child.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _try(job: Job) -> Trial:
    return try_job(job, _Passed.add)
