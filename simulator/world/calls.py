"""How often those were called who are told of alarms: of each level the channel that was called most.

EEMUA 191 has an operator take one alarm in 10 minutes on average, and 10 in 10 minutes at the most; the oracle holds
every channel to it.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from simulator.oracle.alarm_calls import most_in_ten_minutes
from simulator.world.trial import Trial

_LEVELS = {"city": "the city", "D-": "a district", "lead": "a lead"}


def call_lines(trials: Sequence[Trial], lasts_h: float) -> Iterator[str]:
    """One line a level; and the city's once more, as if all worlds were one city with one operator."""
    for prefix, said in _LEVELS.items():
        yield _line(
            said, [moments for one in trials for name, moments in one.calls.items() if name.startswith(prefix)], lasts_h
        )
    of_seeds = {trial.seed: [one.calls["city"] for one in trials if one.seed == trial.seed] for trial in trials}
    if len(of_seeds) < len(trials):
        yield _line(
            "the cities of all worlds together", [sorted(chain(*calls)) for calls in of_seeds.values()], lasts_h
        )


def _line(said: str, channels: Sequence[Sequence[int]], lasts_h: float) -> str:
    calls = max(map(len, channels), default=0)
    most = max(map(most_in_ten_minutes, channels), default=0)
    often = f"one in {60 * lasts_h / calls:.0f} minutes" if calls else "none"
    return f"alarms to {said}: at most {calls} calls, {often} on average, {most} in any ten minutes"
