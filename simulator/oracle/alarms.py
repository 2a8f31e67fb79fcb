"""Holds what was told of the stations against what the board showed: none missing, none false, none of the past.

`alarms` has the `classes` that each station ever showed (`dark` while no hub ran), how the `hub` stood, the `channels`
with whom they are told of, what was `told`, what people have `done` about it, and `doubts`: when the database was put
back, or lost its power, after which something may be told twice. What should have been told `due_alarms` reckons.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from simulator.oracle.due_alarms import CITY, LEVELS, MINUTE_MS, AlarmCourse, DueAlarm, courses_of
from simulator.oracle.stretches import Stretch, laid_out, spelled, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_DOWN: Final = {"state": "down"}
TOLERANCE_MS: Final = 2_500
GROUPED_MS: Final = 10 * MINUTE_MS  # what waits for a channel that was called often
AT_ONCE: Final = 8
MOST_CALLS: Final = 10
RECOVERY_MS: Final = MINUTE_MS  # of a hub whose database took nothing


def alarms_are_told(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is to be told is, in time, once, to whom it concerns; and nothing else."""
    alarms = evidence.get("alarms")
    if alarms is None:
        return
    rough, calls = _rough(alarms), calls_of(evidence)
    yield from _quiet_enough(calls)
    yield from _in_time(alarms, calls, rough)
    told: dict[tuple[str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for one in alarms["told"]:
        told[one["station"], one["lack"] == "unwatched"].append(one)
    for key, course in courses_of(alarms):
        yield from _compared(course, told[key], alarms["channels"], rough, calls)


def _rough(alarms: Mapping[str, Any]) -> list[Stretch]:
    """While the database took nothing, or from when it was not what it was until a hub had begun with it."""
    until_ms = alarms["until_ms"]
    hub = [*laid_out(alarms["hub"], 0, until_ms, {"state": "down"})]
    found = [one.stretch for one in hub if one.figures["state"] == "hampered"]
    for at_ms in alarms["doubts"]:
        begun = [
            one.stretch.since_ms for one in hub if one.figures != {"state": "down"} and one.stretch.until_ms > at_ms
        ]
        found.append(Stretch(at_ms, max(at_ms, min(begun, default=until_ms))))
    return [Stretch(one.since_ms - RECOVERY_MS, one.until_ms + RECOVERY_MS) for one in found]


def _compared(
    course: AlarmCourse,
    told: Sequence[Mapping[str, Any]],
    channels: Iterable[Mapping[str, Any]],
    rough: Sequence[Stretch],
    calls: Mapping[str, Sequence[int]],
) -> Iterator[str]:
    """Where what was told is not what was due; what the world made doubtful is left out, to the end of its spell."""
    spoilt = [Stretch(both.since_ms, spell.until_ms) for spell in course.spells for both in within([spell], rough)]
    doubtful = [*rough, *spoilt]
    places = [
        (channel["name"], channel["level"])
        for channel in channels
        if course.station in channel["stations"] or (course.station == CITY and channel["level"] == max(LEVELS))
    ]
    left = [one for one in told if not _within(one["made_ms"], doubtful)]
    spared: set[str] = set()  # whom a raise may have passed by, as what lacked came back at that moment
    for due in course.due:
        if _within(due.at_ms, doubtful):
            continue
        for name in (name for name, level in places if level == due.level):
            found = next((one for one in left if _is(one, name, due)), None)
            if found is not None:
                left.remove(found)
                spared.discard(name)
            elif due.what == "ended":
                if name not in spared:
                    yield _missing(due, name)
            elif (
                0
                <= _over_ms(course, due, spoilt) - due.at_ms
                <= (TOLERANCE_MS + (GROUPED_MS if _is_busy(calls[name], due.at_ms) else 0))
            ):
                spared.add(name)
            else:
                yield _missing(due, name)
    for one in left:
        said = f"{one['what']} {one['lack']} was told to {one['channel']}"
        yield f"{_spelled(one['station'], one['made_ms'])}: {said} for nothing"


def _over_ms(course: AlarmCourse, due: DueAlarm, spoilt: Iterable[Stretch]) -> int:
    """When what is due is no longer so, or open to doubt."""
    ends = [one.since_ms for one in spoilt if one.since_ms >= due.at_ms]
    ends += [spell.until_ms for spell in course.spells if spell.until_ms >= due.at_ms]
    ends += [other.at_ms for other in course.due if other.what == "ended" and other.at_ms >= due.at_ms]
    ends += [at_ms for at_ms in course.closed_ms if at_ms >= due.at_ms]
    ends += [other.at_ms for other in course.due if other.what == "raised" and other.at_ms > due.at_ms]
    return min(ends)


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


def _quiet_enough(calls: Mapping[str, Sequence[int]]) -> Iterator[str]:
    """No channel's people are called more than ten times in any ten minutes, and once in ten on average (EEMUA 191)."""
    for channel, moments in calls.items():
        if most_in_ten_minutes(moments) > MOST_CALLS:
            yield f"alarms, {channel} was called {most_in_ten_minutes(moments)} times in ten minutes"
        if moments and len(moments) > MOST_CALLS + (moments[-1] - moments[0]) / GROUPED_MS:
            yield f"alarms, {channel} was called {len(moments)} times, more than once in ten minutes"


def _is_busy(calls: Sequence[int], at_ms: int) -> bool:
    """Whether a channel may have been called so often before that what is told then waits for more."""
    return bisect_right(calls, at_ms) - bisect_left(calls, at_ms - AT_ONCE * GROUPED_MS) >= AT_ONCE - 1


def _in_time(alarms: Mapping[str, Any], calls: Mapping[str, Sequence[int]], rough: Sequence[Stretch]) -> Iterator[str]:
    """Whatever is told goes at once, or within ten minutes where its channel was called often; or when a hub runs."""
    down = [one.stretch for one in laid_out(alarms["hub"], 0, alarms["until_ms"], _DOWN) if one.figures == _DOWN]
    for one in alarms["told"]:
        waited = Stretch(one["made_ms"], one["at_ms"] + 1)
        held_ms = sum(both.until_ms - both.since_ms for both in within([waited], [*down, *rough]))
        most_ms = GROUPED_MS if _is_busy(calls[one["channel"]], one["made_ms"]) else 0
        if one["at_ms"] - one["made_ms"] - held_ms > most_ms + TOLERANCE_MS:
            said = f"{one['what']} {one['lack']} waited for {(one['at_ms'] - one['made_ms']) // 1000} s"
            yield f"{_spelled(one['station'], one['made_ms'])}: {said} before {one['channel']} was told"


def _missing(due: DueAlarm, channel: str) -> str:
    return f"{_spelled(due.station, due.at_ms)}: {due.what} {due.lack} was not told to {channel}"


def _is(one: Mapping[str, Any], channel: str, due: DueAlarm) -> bool:
    return (one["channel"], one["what"], one["lack"]) == (channel, due.what, due.lack) and (
        abs(one["made_ms"] - due.at_ms) <= TOLERANCE_MS
    )


def _within(at_ms: int, stretches: Iterable[Stretch]) -> bool:
    return any(one.since_ms <= at_ms <= one.until_ms + TOLERANCE_MS for one in stretches)


def _spelled(station: str, at_ms: int) -> str:
    return f"alarms, {station or 'the city'} from {spelled(Stretch(at_ms, at_ms))}"
