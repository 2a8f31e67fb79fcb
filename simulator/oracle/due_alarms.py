"""What is to be told of stations by the classes that they showed, stretch by stretch: to which level, and when.

Each matter has a course of its own (`due_course`): duty and watching at each station, and an outage for the city,
where at half or more of the open stations a kiosk is silent. A class is what the board showed (`classes`), or
`unknown` while it showed a kiosk as silent or blind (`watching`), or `dark` while no hub ran. What people do (`done`)
cuts courses: of what they acknowledged, put off (`until_ms`) or closed nobody further is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.oracle.due_course import MINUTE_MS, AlarmCourse
from simulator.oracle.due_groups import EVER_MS, DueGroup, clusters, groups_due
from simulator.oracle.shown_stretches import cut, cut_at, stretches_of, together, with_closings
from simulator.oracle.stretches import Stretch

VACANT_MS: Final = 5 * MINUTE_MS
SHORT_MS: Final = 15 * MINUTE_MS
UNWATCHED_MS: Final = 3 * MINUTE_MS
FEWEST: Final = 4
LEVELS: Final = (1, 2, 3)
CITY: Final = ""
FINE: Final = frozenset({"met", "closed"})


def courses_of(alarms: Mapping[str, Any]) -> Iterator[tuple[tuple[str, bool], AlarmCourse]]:
    """Each course to its end, by its station and whether it is about watching."""
    until_ms = alarms["until_ms"]
    outages = _outages(_with_silence(alarms), until_ms)
    done: dict[tuple[str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for deed in alarms["done"]:
        done[deed["station"], deed["lack"] == "unwatched"].append(deed)
    found = [((CITY, True), _city(outages, done[CITY, True]))]
    for station, steps in alarms["classes"].items():
        classes = [*with_closings(stretches_of(steps, until_ms), alarms["closings"][station])]
        found.append(((station, False), _duty(station, classes, done[station, False])))
        watching = [*together(_watched(alarms, station), outages)]
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
        again = _watching(station, together(_watched(alarms, station), outages), done[station, True], shared)
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
    return with_closings(stretches_of(steps, alarms["until_ms"]), alarms["closings"][station])


def _group(
    group: DueGroup, outages: Iterable[tuple[Stretch, str]], done: Sequence[Mapping[str, Any]], until_ms: int
) -> AlarmCourse:
    """Of a group; its leads are told by their own stations."""
    course = AlarmCourse(group.name, place=group.stays[0][0], told="unwatched", level=1)
    lasts = [(Stretch(group.formed_ms, min(group.until_ms, until_ms)), "")]
    for stretch, (_, state), deed in cut(together(lasts, outages), done):
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
    for stretch, shown, deed in cut(classes, done):
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
    for stretch, (shown, city), deed in cut(cut_at(both, shared), done):
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
    for stretch, state, deed in cut(outages, done):
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
    return [*stretches_of(found, until_ms)]


def _state(classes: Iterable[str]) -> str:
    shown = [*classes]
    if "dark" in shown:
        return "dark"
    silent, open_ = shown.count("unknown"), len(shown) - shown.count("closed")
    if open_ >= FEWEST and 2 * silent >= open_:
        return "out"
    return "well" if open_ else "closed"
