"""The faults of one run, in order of time, drawn from the scenario's rates and the seed.

A run with fewer of them is the same run up to the first that is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from simulator.world.scenario import OF_THE_HUB, FaultKind, Scenario

DAY_S = 86_400.0
HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that goes wrong, from `at_s` for `lasts_s`; `kiosk` is empty where it is the hub's or the broker's."""

    at_s: float
    kind: FaultKind
    kiosk: str
    lasts_s: float
    share: float

    def plain(self) -> dict[str, str | float]:
        """As a report has it."""
        return {"at_s": round(self.at_s), "kind": self.kind.value, "kiosk": self.kiosk, "lasts_s": round(self.lasts_s)}


def plan_faults(scenario: Scenario, seed: int, kiosks: Sequence[str], *, first_s: float) -> list[Fault]:
    """All faults of a run; each is over when people stop coming."""
    last_s = first_s + scenario.lasts_h * HOUR_S
    found = []
    for kind, rate in scenario.faults:
        for kiosk in ("",) if kind in OF_THE_HUB else kiosks:
            rng = Random(f"{seed} {kind} {kiosk}")
            for _ in range(_drawn(rate.per_day * scenario.lasts_h * HOUR_S / DAY_S, rng)):
                lasts_s = min(rng.uniform(rate.least_s, rate.most_s), last_s - first_s)
                found.append(Fault(rng.uniform(first_s, last_s - lasts_s), kind, kiosk, lasts_s, rate.share))
    return sorted(found)


def _drawn(mean: float, rng: Random) -> int:
    return int(mean) + (rng.random() < mean % 1)
