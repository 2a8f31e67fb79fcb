"""One seed tried and judged; where it fails, the shortest beginning of its faults that fails as well."""

from __future__ import annotations

import logging
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from simulator.oracle.judge import judge
from simulator.oracle.presence import judged_ms
from simulator.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.world.scenario import Scenario

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  kiosks sync what the hub told them; here that costs nothing
MOST_SHOWN: Final = 10
MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one seed.

    Attributes:
        broken: the rules that do not hold, in words.
        faults: those that were played.
        shortest: where it fails, how many of the first faults are enough to fail.
    """

    seed: int
    broken: list[str]
    faults: list[dict[str, Any]]
    beeps: int
    records: int
    minutes_watched: int
    shortest: int | None = None

    def plain(self) -> dict[str, Any]:
        """As a report has it."""
        told: dict[str, Any] = {
            "seed": self.seed,
            "holds": not self.broken,
            "beeps": self.beeps,
            "records": self.records,
            "minutes_watched": self.minutes_watched,
            "faults": len(self.faults),
        }
        if self.broken:
            told |= {"broken": self.broken[:MOST_SHOWN], "shortest_failing": self.faults[: self.shortest]}
        return told


def try_seed(scenario: Scenario, seed: int) -> Trial:
    """Play a seed and judge it; where it fails, find out how little is enough."""
    trial = play(scenario, seed)
    if not trial.broken:
        return trial
    return Trial(
        seed, trial.broken, trial.faults, trial.beeps, trial.records, trial.minutes_watched,
        shortest=_shortest_failing(scenario, seed, len(trial.faults)),
    )  # fmt: skip


def _shortest_failing(scenario: Scenario, seed: int, failing: int) -> int:
    """Halve the faults as long as it fails; the answer fails for sure, and is the shortest where more never mend."""
    holding = -1
    while failing - holding > 1:
        middle = (failing + holding) // 2
        if play(scenario, seed, middle).broken:
            failing = middle
        else:
            holding = middle
    return failing


def play(scenario: Scenario, seed: int, faults: int | None = None) -> Trial:
    """Play a seed with all of its faults or only the first ones, and judge it."""
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    with (
        _quiet(),
        TemporaryDirectory(dir=place) as folder,
        closing(World(scenario, seed, Path(folder), faults)) as world,
    ):
        return _judged(seed, [fault.plain() for fault in world.faults], world.run())


def _judged(seed: int, faults: list[dict[str, Any]], evidence: Iterable[Mapping[str, Any]]) -> Trial:
    broken: list[str] = []
    beeps = records = watched_ms = 0
    for part in evidence:
        broken += judge(part)
        beeps += len(part.get("beeps", ()))
        records += len(part.get("records", ()))
        watched_ms += sum(map(judged_ms, part.get("days", ())))
    return Trial(seed, broken, faults, beeps, records, watched_ms // MINUTE_MS)


@contextmanager
def _quiet() -> Iterator[None]:
    """Agents and hub complain of the faults that are played; here that is no news."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)
