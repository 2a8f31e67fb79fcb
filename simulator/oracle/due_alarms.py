"""What is to be told of stations by the classes that they showed, stretch by stretch: to which level, and when.

Each matter has a course of its own: duty and watching at each station, and an outage for the city, where at half or
more of the open stations a kiosk is silent. A class is what the board showed (`classes`), or `unknown` while it showed
a kiosk as silent or blind (`watching`), or `dark` while no hub ran. What people do (`done`) cuts courses: of what they
acknowledged, put off (`until_ms`) or closed nobody further is told.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from simulator.oracle.due_groups import EVER_MS, ToldSilence, clusters, groups_due
from simulator.oracle.stretches import Stretch, common

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simulator.oracle.due_groups import DueGroup

MINUTE_MS: Final = 60_000
VACANT_MS: Final = 5 * MINUTE_MS
SHORT_MS: Final = 15 * MINUTE_MS
UNWATCHED_MS: Final = 3 * MINUTE_MS
HIGHER_MS: Final = 15 * MINUTE_MS  # from each level to the next
FEWEST: Final = 4
LEVELS: Final = (1, 2, 3)
CITY: Final = ""
FINE: Final = frozenset({"met", "closed"})
T = TypeVar("T")


class DueAlarm(NamedTuple):
    """One thing that is to be told to a level at a moment."""

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
        closed_ms: when somebody closed what was told.
        place: a station whose overseers are told, of a group.
        silences: what was told, each time to its end.
    """

    station: str
    told: str = ""
    level: int = 0
    waited: int = 0
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    due: list[DueAlarm] = field(default_factory=list)
    spells: list[Stretch] = field(default_factory=list)
    closed_ms: list[int] = field(default_factory=list)
    began_ms: int | None = None
    rises: bool = True
    is_closed: bool = False
    put_off_ms: int = 0
    place: str = ""
    silences: list[ToldSilence] = field(default_factory=list)

    def last(self, stretch: Stretch, delays: Mapping[str, int], levels: Mapping[str, Sequence[int]]) -> None:
        """Something lacks all that time: of each lack that counts then, after how long it is told; the worst first."""
        self.hold(stretch.since_ms)
        at_ms = stretch.since_ms
        while at_ms < stretch.until_ms:
            steps = [(delay - self.counted[lack], lack) for lack, delay in delays.items() if self._may_raise(lack)]
            higher = [level for level in levels.get(self.told, ()) if level > self.level] if self.rises else []
            if self.told and higher:
                steps.append((max(self.put_off_ms - at_ms, 0) + HIGHER_MS - self.waited, ""))
            wait_ms, lack = min(steps, key=lambda step: step[0], default=(stretch.until_ms, ""))
            wait_ms = max(wait_ms, 0)
            passed = min(wait_ms, stretch.until_ms - at_ms)
            for each in delays:
                self.counted[each] += passed
            at_ms += passed
            self.waited += max(min(passed, at_ms - self.put_off_ms), 0) if self.told and self.rises else 0
            if passed < wait_ms or at_ms >= stretch.until_ms:
                return
            if lack:
                self._tell(lack, min(levels[lack]))
                since_ms = at_ms - self.counted[lack]
                self.silences.append(ToldSilence(self.station, since_ms, at_ms, EVER_MS, is_back=True))
                self.due.append(DueAlarm(self.station, lack, "raised", self.level, at_ms))
            else:
                self.level, self.waited = higher[0], 0
                self.due.append(DueAlarm(self.station, self.told, "escalated", self.level, at_ms))

    def hold(self, at_ms: int) -> None:
        """Nobody can tell for a while; what was counted stays."""
        self.began_ms = at_ms if self.began_ms is None else self.began_ms

    def heed(self, deed: Mapping[str, Any] | None) -> None:
        """Somebody has done something about what was told."""
        if deed is None or self.told != deed["lack"]:
            return
        if self.silences:
            self.silences[-1] = self.silences[-1]._replace(seen_to_ms=min(self.silences[-1].seen_to_ms, deed["at_ms"]))
        if deed["deed"] == "put off":
            self.put_off_ms = deed["until_ms"]
        else:
            self.rises = False
        if deed["deed"] == "closed":
            self.is_closed = True
            self.closed_ms.append(deed["at_ms"])

    def _tell(self, lack: str, level: int) -> None:
        self.told, self.level, self.waited = lack, level, 0
        self.rises, self.is_closed, self.put_off_ms = True, False, 0

    def _may_raise(self, lack: str) -> bool:
        return not self.told or (self.told == "short" and lack == "vacant")

    def end(self, at_ms: int, *, is_told: bool) -> None:
        """What was told of is over."""
        if self.told and self.silences:
            self.silences[-1] = self.silences[-1]._replace(until_ms=at_ms, is_back=is_told)
        if self.told and is_told and not self.is_closed:
            self.due += [DueAlarm(self.station, self.told, "ended", level, at_ms) for level in range(1, self.level + 1)]
        self._tell("", 0)
        self.counted.clear()

    def share(self, stretch: Stretch, *, counts: bool) -> None:
        """It lasts, and is told of as one with others: its own alarm, if there was one, gave way to theirs."""
        self.hold(stretch.since_ms)
        self._tell("", 0)
        if counts:
            self.counted["unwatched"] += stretch.until_ms - stretch.since_ms

    def begin_anew(self) -> None:
        """What was counted is not known any more; what was told is."""
        self.counted.clear()
        self.waited = 0

    def rest(self, at_ms: int) -> None:
        """Nothing lacks from now on."""
        if self.began_ms is not None:
            self.spells.append(Stretch(self.began_ms, at_ms))
        self.began_ms = None


def courses_of(alarms: Mapping[str, Any]) -> Iterator[tuple[tuple[str, bool], AlarmCourse]]:
    """Each course to its end, by its station and whether it is about watching."""
    until_ms = alarms["until_ms"]
    outages = _outages(_with_silence(alarms), until_ms)
    done: dict[tuple[str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for deed in alarms["done"]:
        done[deed["station"], deed["lack"] == "unwatched"].append(deed)
    found = [((CITY, True), _city(outages, done[CITY, True]))]
    for station, steps in alarms["classes"].items():
        classes = [*_with_closings(_stretches(steps, until_ms), alarms["closings"][station])]
        found.append(((station, False), _duty(station, classes, done[station, False])))
        watching = [*_together(_watched(alarms, station), outages)]
        found.append(((station, True), _watching(station, watching, done[station, True])))
    if "scopes" in alarms:
        found = [*_with_groups(dict(found), alarms, outages, done)]
    for key, course in found:
        course.rest(until_ms)
        yield key, course


def _with_groups(
    found: dict[tuple[str, bool], AlarmCourse],
    alarms: Mapping[str, Any],
    outages: Sequence[tuple[Stretch, str]],
    done: Mapping[tuple[str, bool], Sequence[Mapping[str, Any]]],
) -> Iterator[tuple[tuple[str, bool], AlarmCourse]]:
    """The same where those above are told of some stations as one."""
    until_ms, scopes = alarms["until_ms"], alarms["scopes"]
    out, dark = ([one for one, state in outages if state == asked] for asked in ("out", "dark"))
    silent = {station: course for (station, is_watching), course in found.items() if is_watching and station != CITY}
    groups = [*groups_due([one for course in silent.values() for one in course.silences], scopes, out, dark)]
    stays: dict[str, list[Stretch]] = defaultdict(list)
    for group in groups:
        for station, stretch in group.stays:
            stays[station].append(stretch._replace(until_ms=min(stretch.until_ms, until_ms)))
    for course in silent.values():
        course.rest(until_ms)
    spells = clusters({station: course.spells for station, course in silent.items()}, scopes)
    for station, shared in stays.items():
        again = _watching(station, _together(_watched(alarms, station), outages), done[station, True], shared)
        course = silent[station]
        course.due = [one for one in course.due if one.level == 1] + [one for one in again.due if one.level > 1]
        course.spells = spells[scopes[station]]
    yield from found.items()
    of_name: dict[str, AlarmCourse] = {}
    for group in groups:
        course = _group(group, outages, done[group.name, True], until_ms)
        whole = of_name.setdefault(group.name, course)
        whole.spells = spells[scopes[course.place]]
        if whole is not course:
            whole.due += course.due
            whole.closed_ms += course.closed_ms
    yield from (((name, True), course) for name, course in of_name.items())


def _with_silence(alarms: Mapping[str, Any]) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Where no kiosk was silent but those of which nobody could tell, the classes say it all."""
    found: Mapping[str, Sequence[tuple[int, str]]] = alarms.get("watching", alarms["classes"])
    return found


def _watched(alarms: Mapping[str, Any], station: str) -> Iterator[tuple[Stretch, str]]:
    steps = _with_silence(alarms)[station]
    return _with_closings(_stretches(steps, alarms["until_ms"]), alarms["closings"][station])


def _group(
    group: DueGroup, outages: Iterable[tuple[Stretch, str]], done: Sequence[Mapping[str, Any]], until_ms: int
) -> AlarmCourse:
    """Of a group; its leads are told by their own stations."""
    course = AlarmCourse(group.name, place=group.stays[0][0], told="unwatched", level=1)
    lasts = [(Stretch(group.formed_ms, min(group.until_ms, until_ms)), "")]
    for stretch, (_, state), deed in _cut(_together(lasts, outages), done):
        course.heed(deed)
        if state == "out":
            course.begin_anew()
        elif state != "dark":
            course.last(stretch, {"unwatched": EVER_MS}, {"unwatched": LEVELS})
    if group.until_ms < until_ms:
        course.end(group.until_ms, is_told=group.is_back)
    course.due = [one for one in course.due if one.level > 1]
    course.began_ms = None
    return course


def _duty(station: str, classes: Iterable[tuple[Stretch, str]], done: Sequence[Mapping[str, Any]]) -> AlarmCourse:
    course, levels = AlarmCourse(station), {"vacant": LEVELS, "short": (1,)}
    for stretch, shown, deed in _cut(classes, done):
        course.heed(deed)
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
    station: str,
    both: Iterable[tuple[Stretch, tuple[str, str]]],
    done: Sequence[Mapping[str, Any]],
    shared: Sequence[Stretch] = (),
) -> AlarmCourse:
    """Of one station; while it is `shared` those above are told of it as one with others."""
    course, levels = AlarmCourse(station), {"unwatched": LEVELS}
    for stretch, (shown, city), deed in _cut(_cut_at(both, shared), done):
        course.heed(deed)
        if any(one.since_ms <= stretch.since_ms < one.until_ms for one in shared) and shown in {"unknown", "dark"}:
            course.share(stretch, counts=shown == "unknown")
        elif shown == "unknown" and city != "out":
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


def _city(outages: Iterable[tuple[Stretch, str]], done: Sequence[Mapping[str, Any]]) -> AlarmCourse:
    course = AlarmCourse(CITY)
    for stretch, state, deed in _cut(outages, done):
        course.heed(deed)
        if state == "out":
            course.last(stretch, {"unwatched": UNWATCHED_MS}, {"unwatched": LEVELS[-1:]})
        elif state == "dark":
            course.hold(stretch.since_ms)
        else:
            course.end(stretch.since_ms, is_told=state == "well")
            course.rest(stretch.since_ms)
    return course


def _outages(classes: Mapping[str, Sequence[tuple[int, str]]], until_ms: int) -> list[tuple[Stretch, str]]:
    """`out` while at half or more of the open stations a kiosk was silent, `closed` while none was open."""
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
) -> Iterator[tuple[Stretch, tuple[str, str]]]:
    """Both in one, cut wherever either changes."""
    left, right = [*ones], [*others]
    at_left = at_right = 0
    while at_left < len(left) and at_right < len(right):
        (one, shown), (other, state) = left[at_left], right[at_right]
        both = common(one, other)
        if both is not None:
            yield both, (shown, state)
        at_left, at_right = at_left + (one.until_ms <= other.until_ms), at_right + (other.until_ms <= one.until_ms)


def _cut_at(ones: Iterable[tuple[Stretch, T]], shared: Sequence[Stretch]) -> Iterator[tuple[Stretch, T]]:
    """Cut wherever something begins or ends to be shared."""
    edges = sorted({edge for one in shared for edge in one})
    for stretch, shown in ones:
        since_ms = stretch.since_ms
        for edge in edges[bisect_right(edges, since_ms) : bisect_left(edges, stretch.until_ms)]:
            yield Stretch(since_ms, edge), shown
            since_ms = edge
        yield Stretch(since_ms, stretch.until_ms), shown


def _cut(
    ones: Iterable[tuple[Stretch, T]], done: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Stretch, T, Mapping[str, Any] | None]]:
    """Cut wherever somebody did something, which stands with what follows."""
    for stretch, shown in ones:
        since_ms, before = stretch.since_ms, None
        for deed in done:
            if stretch.since_ms <= deed["at_ms"] < stretch.until_ms:
                yield Stretch(since_ms, deed["at_ms"]), shown, before
                since_ms, before = deed["at_ms"], deed
        yield Stretch(since_ms, stretch.until_ms), shown, before
