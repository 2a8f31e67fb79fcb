"""Holds what was told of the stations against what the board showed: none missing, none false, none of the past.

`alarms` has the `classes` that each station ever showed (`dark` while no hub ran), how the `hub` stood, the `channels`
with whom they are told of, what was `told`, and `doubts`: when the database was put back, or lost its power, after
which something may be told twice. What should have been told is reckoned here from the classes alone, stretch by
stretch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.oracle.stretches import Stretch, common, laid_out, spelled, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MINUTE_MS: Final = 60_000
VACANT_MS: Final = 5 * MINUTE_MS
SHORT_MS: Final = 15 * MINUTE_MS
UNWATCHED_MS: Final = 3 * MINUTE_MS
HIGHER_MS: Final = 15 * MINUTE_MS  # from each level to the next
FEWEST: Final = 4
LEVELS: Final = (1, 2, 3)
_DOWN: Final = {"state": "down"}
TOLERANCE_MS: Final = 2_500
GROUPED_MS: Final = 10 * MINUTE_MS  # what waits for a channel that was called often
AT_ONCE: Final = 8
MOST_CALLS: Final = 10
RECOVERY_MS: Final = MINUTE_MS  # of a hub whose database took nothing
CITY: Final = ""
FINE: Final = frozenset({"met", "closed"})


class DueAlarm(NamedTuple):
    """One thing that is to be told to a level at a moment; `ends_ms` is when it is no longer so."""

    station: str
    lack: str
    what: str
    level: int
    at_ms: int


@dataclass
class AlarmCourse:
    """What is to be told of one matter at one station, or of the city: `counted` by lack, in ms.

    Attributes:
        spells: from when something lacked until nothing did.
    """

    station: str
    told: str = ""
    level: int = 0
    waited: int = 0
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    due: list[DueAlarm] = field(default_factory=list)
    spells: list[Stretch] = field(default_factory=list)
    began_ms: int | None = None

    def last(self, stretch: Stretch, delays: Mapping[str, int], levels: Mapping[str, Sequence[int]]) -> None:
        """Something lacks all that time: of each lack that counts then, after how long it is told; the worst first."""
        self.hold(stretch.since_ms)
        at_ms = stretch.since_ms
        while at_ms < stretch.until_ms:
            steps = [(delay - self.counted[lack], lack) for lack, delay in delays.items() if self._may_raise(lack)]
            higher = [level for level in levels.get(self.told, ()) if level > self.level]
            if self.told and higher:
                steps.append((HIGHER_MS - self.waited, ""))
            wait_ms, lack = min(steps, key=lambda step: step[0], default=(stretch.until_ms, ""))
            wait_ms = max(wait_ms, 0)
            passed = min(wait_ms, stretch.until_ms - at_ms)
            for each in delays:
                self.counted[each] += passed
            self.waited += passed if self.told else 0
            at_ms += passed
            if passed < wait_ms or at_ms >= stretch.until_ms:
                return
            if lack:
                self.told, self.level, self.waited = lack, min(levels[lack]), 0
                self.due.append(DueAlarm(self.station, lack, "raised", self.level, at_ms))
            else:
                self.level, self.waited = higher[0], 0
                self.due.append(DueAlarm(self.station, self.told, "escalated", self.level, at_ms))

    def hold(self, at_ms: int) -> None:
        """Nobody can tell for a while; what was counted stays."""
        self.began_ms = at_ms if self.began_ms is None else self.began_ms

    def _may_raise(self, lack: str) -> bool:
        return not self.told or (self.told == "short" and lack == "vacant")

    def end(self, at_ms: int, *, is_told: bool) -> None:
        """What was told of is over."""
        if self.told and is_told:
            self.due += [DueAlarm(self.station, self.told, "ended", level, at_ms) for level in range(1, self.level + 1)]
        self.told, self.level, self.waited = "", 0, 0
        self.counted.clear()

    def begin_anew(self) -> None:
        """What was counted is not known any more; what was told is."""
        self.counted.clear()
        self.waited = 0

    def rest(self, at_ms: int) -> None:
        """Nothing lacks from now on."""
        if self.began_ms is not None:
            self.spells.append(Stretch(self.began_ms, at_ms))
        self.began_ms = None


def alarms_are_told(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is to be told is, in time, once, to whom it concerns; and nothing else."""
    alarms = evidence.get("alarms")
    if alarms is None:
        return
    outages = _outages(alarms["classes"], alarms["until_ms"])
    courses = [_city(outages)]
    for station, steps in alarms["classes"].items():
        classes = [*_with_closings(_stretches(steps, alarms["until_ms"]), alarms["closings"][station])]
        courses += [_duty(station, classes), _watching(station, classes, outages)]
    rough, calls = _rough(alarms), calls_of(evidence)
    yield from _quiet_enough(calls)
    yield from _in_time(alarms, calls, rough)
    told: dict[tuple[str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for one in alarms["told"]:
        told[one["station"], one["lack"] == "unwatched"].append(one)
    for course, is_watching in zip(courses, (True, *(False, True) * len(alarms["classes"])), strict=True):
        course.rest(alarms["until_ms"])
        yield from _compared(course, told[course.station, is_watching], alarms["channels"], rough, calls)


def _duty(station: str, classes: Iterable[tuple[Stretch, str]]) -> AlarmCourse:
    course, levels = AlarmCourse(station), {"vacant": LEVELS, "short": (1,)}
    for stretch, shown in classes:
        if shown in FINE:
            course.end(stretch.since_ms, is_told=shown == "met")
            course.rest(stretch.since_ms)
        elif shown == "minimum":
            if course.told == "vacant":
                course.end(stretch.since_ms, is_told=True)
            course.counted["vacant"] = 0
            course.last(stretch, {"short": SHORT_MS}, levels)
        elif shown == "vacant":
            course.last(stretch, {"vacant": VACANT_MS, "short": SHORT_MS}, levels)
        else:
            course.hold(stretch.since_ms)
    return course


def _watching(
    station: str, classes: Iterable[tuple[Stretch, str]], outages: Iterable[tuple[Stretch, str]]
) -> AlarmCourse:
    course, levels = AlarmCourse(station), {"unwatched": LEVELS}
    for stretch, shown, city in _together(classes, outages):
        if shown == "unknown" and city != "out":
            course.last(stretch, {"unwatched": UNWATCHED_MS}, levels)
        elif shown == "dark":
            course.hold(stretch.since_ms)
        elif shown == "unknown":
            course.hold(stretch.since_ms)
            course.begin_anew()
        else:
            course.end(stretch.since_ms, is_told=shown != "closed")
            course.rest(stretch.since_ms)
    return course


def _city(outages: Iterable[tuple[Stretch, str]]) -> AlarmCourse:
    course = AlarmCourse(CITY)
    for stretch, state in outages:
        if state == "out":
            course.last(stretch, {"unwatched": UNWATCHED_MS}, {"unwatched": LEVELS[-1:]})
        elif state == "dark":
            course.hold(stretch.since_ms)
        else:
            course.end(stretch.since_ms, is_told=state == "well")
            course.rest(stretch.since_ms)
    return course


def _outages(classes: Mapping[str, Sequence[tuple[int, str]]], until_ms: int) -> list[tuple[Stretch, str]]:
    """`out` while at half or more of the open stations nobody could tell, `closed` while none was open."""
    changes = sorted((at_ms, station, shown) for station, steps in classes.items() for at_ms, shown in steps)
    now = dict.fromkeys(classes, "closed")
    found: list[tuple[int, str]] = []
    for index, (at_ms, station, shown) in enumerate(changes):
        now[station] = shown
        if index + 1 < len(changes) and changes[index + 1][0] == at_ms:
            continue
        state = _state(now.values())
        if not found or found[-1][1] != state:
            found.append((at_ms, state))
    return [*_stretches(found, until_ms)]


def _state(classes: Iterable[str]) -> str:
    shown = [*classes]
    if "dark" in shown:
        return "dark"
    silent, open_ = shown.count("unknown"), len(shown) - shown.count("closed")
    if open_ >= FEWEST and 2 * silent >= open_:
        return "out"
    return "well" if open_ else "closed"


def _stretches(steps: Sequence[tuple[int, str]], until_ms: int) -> Iterator[tuple[Stretch, str]]:
    for (since_ms, shown), following in zip(steps, [*(at_ms for at_ms, _ in steps[1:]), until_ms], strict=True):
        yield Stretch(since_ms, following), shown


def _with_closings(classes: Iterable[tuple[Stretch, str]], closings: Sequence[int]) -> Iterator[tuple[Stretch, str]]:
    """A station that closes while no hub runs is closed from then on, for whatever was told of it."""
    for stretch, shown in classes:
        at = bisect_left(closings, stretch.since_ms)
        if shown == "dark" and at < len(closings) and closings[at] < stretch.until_ms:
            yield Stretch(stretch.since_ms, closings[at]), shown
            yield Stretch(closings[at], stretch.until_ms), "closed"
        else:
            yield stretch, shown


def _together(
    ones: Iterable[tuple[Stretch, str]], others: Iterable[tuple[Stretch, str]]
) -> Iterator[tuple[Stretch, str, str]]:
    """Both in one, cut wherever either changes."""
    left, right = [*ones], [*others]
    at_left = at_right = 0
    while at_left < len(left) and at_right < len(right):
        (one, shown), (other, state) = left[at_left], right[at_right]
        both = common(one, other)
        if both is not None:
            yield both, shown, state
        at_left, at_right = at_left + (one.until_ms <= other.until_ms), at_right + (other.until_ms <= one.until_ms)


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
    """Where what was told is not what was due; what the world made doubtful is left out."""
    doubtful = [*rough, *(spell for spell in course.spells if any(common(spell, one) for one in rough))]
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
                <= _over_ms(course, due) - due.at_ms
                <= (TOLERANCE_MS + (GROUPED_MS if _is_busy(calls[name], due.at_ms) else 0))
            ):
                spared.add(name)
            else:
                yield _missing(due, name)
    for one in left:
        said = f"{one['what']} {one['lack']} was told to {one['channel']}"
        yield f"{_spelled(one['station'], one['made_ms'])}: {said} for nothing"


def _over_ms(course: AlarmCourse, due: DueAlarm) -> int:
    """When what is due is no longer so."""
    ends = [spell.until_ms for spell in course.spells if spell.until_ms >= due.at_ms]
    ends += [other.at_ms for other in course.due if other.what == "ended" and other.at_ms >= due.at_ms]
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
