"""Holds what was told of the stations against what the board showed: none missing, none false, none of the past.

`alarms` has the `classes` that each station ever showed (`dark` while no hub ran), the same with silence (`watching`),
how the `hub` stood, the `channels` with whom they are told of, what was `told`, what people have `done` about it, and
`doubts`: when the database was put back, or lost its power, after which something may be told twice. What should have
been told `due_alarms` reckons.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.oracle.alarm_calls import (
    GROUPED_MS,
    TOLERANCE_MS,
    calls_of,
    in_time,
    is_busy,
    quiet_enough,
    spelled_alarm,
)
from simulator.oracle.due_alarms import CITY, LEVELS, courses_of
from simulator.oracle.due_course import MINUTE_MS, AlarmCourse, DueAlarm
from simulator.oracle.stretches import Stretch, laid_out, within

RECOVERY_MS: Final = MINUTE_MS  # of a hub whose database took nothing


def alarms_are_told(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is to be told is, in time, once, to whom it concerns; and nothing else."""
    alarms = evidence.get("alarms")
    if alarms is None:
        return
    rough, calls = _rough(alarms), calls_of(evidence)
    yield from quiet_enough(calls)
    yield from in_time(alarms, calls, rough)
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
        if (course.place or course.station) in channel["stations"]
        or (course.station == CITY and channel["level"] == max(LEVELS))
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
                <= (TOLERANCE_MS + (GROUPED_MS if is_busy(calls[name], due.at_ms) else 0))
            ):
                spared.add(name)
            else:
                yield _missing(due, name)
    for one in left:
        said = f"{one['what']} {one['lack']} was told to {one['channel']}"
        yield f"{spelled_alarm(one['station'], one['made_ms'])}: {said} for nothing"


def _over_ms(course: AlarmCourse, due: DueAlarm, spoilt: Iterable[Stretch]) -> int:
    """When what is due is no longer so, or open to doubt."""
    ends = [one.since_ms for one in spoilt if one.since_ms >= due.at_ms]
    ends += [spell.until_ms for spell in course.spells if spell.until_ms >= due.at_ms]
    ends += [other.at_ms for other in course.due if other.what == "ended" and other.at_ms >= due.at_ms]
    ends += [at_ms for at_ms in course.closed_ms if at_ms >= due.at_ms]
    ends += [other.at_ms for other in course.due if other.what == "raised" and other.at_ms > due.at_ms]
    return min(ends)


def _missing(due: DueAlarm, channel: str) -> str:
    return f"{spelled_alarm(due.station, due.at_ms)}: {due.what} {due.lack} was not told to {channel}"


def _is(one: Mapping[str, Any], channel: str, due: DueAlarm) -> bool:
    return (one["channel"], one["what"], one["lack"]) == (channel, due.what, due.lack) and (
        abs(one["made_ms"] - due.at_ms) <= TOLERANCE_MS
    )


def _within(at_ms: int, stretches: Iterable[Stretch]) -> bool:
    return any(one.since_ms <= at_ms <= one.until_ms + TOLERANCE_MS for one in stretches)
