"""How those whom alarms call are called: not too often, and none of it late.

What waits for a channel that was called often may come with the next call, ten minutes later at most.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.oracle.due_course import MINUTE_MS
from simulator.oracle.stretches import Stretch, laid_out, spelled, within

_DOWN: Final = {"state": "down"}
TOLERANCE_MS: Final = 2_500
GROUPED_MS: Final = 10 * MINUTE_MS  # what waits for a channel that was called often
AT_ONCE: Final = 8
MOST_CALLS: Final = 10


def calls_of(evidence: Mapping[str, Any]) -> dict[str, list[int]]:
    """When each channel was called; what goes at one moment is one call."""
    alarms = evidence.get("alarms", {"channels": (), "told": ()})
    found: dict[str, set[int]] = {channel["name"]: set() for channel in alarms["channels"]}
    for one in alarms["told"]:
        found[one["channel"]].add(one["at_ms"])
    return {channel: sorted(moments) for channel, moments in found.items()}


def most_in_ten_minutes(calls: Sequence[int]) -> int:
    """The most calls that fell into any ten minutes."""
    return max((bisect_right(calls, at_ms + GROUPED_MS) - index for index, at_ms in enumerate(calls)), default=0)


def quiet_enough(calls: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """No channel's people are called more than ten times in any ten minutes, and once in ten on average (EEMUA 191)."""
    for channel, moments in calls.items():
        if most_in_ten_minutes(moments) > MOST_CALLS:
            yield f"alarms, {channel} was called {most_in_ten_minutes(moments)} times in ten minutes"
        if moments and len(moments) > MOST_CALLS + (moments[-1] - moments[0]) / GROUPED_MS:
            yield f"alarms, {channel} was called {len(moments)} times, more than once in ten minutes"


def is_busy(calls: Sequence[int], at_ms: int) -> bool:
    """Whether a channel may have been called so often before that what is told then waits for more."""
    return bisect_right(calls, at_ms) - bisect_left(calls, at_ms - AT_ONCE * GROUPED_MS) >= AT_ONCE - 1


def in_time(alarms: Mapping[str, Any], calls: Mapping[str, Sequence[int]], rough: Sequence[Stretch]) -> Iterator[str]:
    """Whatever is told goes at once, or within ten minutes where its channel was called often; or when a hub runs."""
    down = [one.stretch for one in laid_out(alarms["hub"], 0, alarms["until_ms"], _DOWN) if one.figures == _DOWN]
    for one in alarms["told"]:
        waited = Stretch(one["made_ms"], one["at_ms"] + 1)
        held_ms = sum(both.until_ms - both.since_ms for both in within([waited], [*down, *rough]))
        most_ms = GROUPED_MS if is_busy(calls[one["channel"]], one["made_ms"]) else 0
        if one["at_ms"] - one["made_ms"] - held_ms > most_ms + TOLERANCE_MS:
            said = f"{one['what']} {one['lack']} waited for {(one['at_ms'] - one['made_ms']) // 1000} s"
            yield f"{spelled_alarm(one['station'], one['made_ms'])}: {said} before {one['channel']} was told"


def spelled_alarm(station: str, at_ms: int) -> str:
    """Of which station, and from when."""
    return f"alarms, {station or 'the city'} from {spelled(Stretch(at_ms, at_ms))}"
