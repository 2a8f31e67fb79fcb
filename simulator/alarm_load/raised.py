"""Which alarms follow from what the board shows, by the hub's own rules, where nobody does anything about them.

That is the most that people can be told: who acknowledges an alarm keeps it from those above.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from simulator.alarm_load.groups import groups_of
from simulator.alarm_load.shown import ShownClasses, WatchedStation
from simulator.oracle.stretches import Stretch
from station.alarm_course import MatterCourse, advance, is_pending, joined, next_at, resumed, together
from station.alarms import Happening, Lack, Level, Matter, What
from station.duty import DutyClass
from station.milliseconds import ms_of

FEWEST: Final = 4  # open stations of which half make an outage: docs/rules.md, Alarms
FINE: Final = frozenset({DutyClass.MET, DutyClass.CLOSED})
_LEAD_ALONE: Final = frozenset({Level.LEAD})
_ALL: Final = frozenset(Level)
_CITY_ALONE: Final = frozenset({Level.CITY})
_ABOVE: Final = _ALL - _LEAD_ALONE


class Told(NamedTuple):
    """One thing that happens to an alarm of a station; of the city's own, the code is empty.

    Attributes:
        stations: of a group's, those in it then; its leads are told by their own stations.
        to: to which levels it may be told.
    """

    at_ms: int
    station: str
    matter: Matter
    happening: Happening
    stations: tuple[str, ...] = ()
    to: frozenset[Level] = frozenset(Level)


class _Step(NamedTuple):
    """What shows from a moment on; None while no hub runs, or while another alarm stands for this one."""

    at_ms: int
    shown: DutyClass | None
    is_forgotten: bool = False
    was_closed: bool = False
    is_grouped: bool = False


def raised(
    stations: Mapping[str, WatchedStation], hub_away: Sequence[Stretch], scopes: Mapping[str, str]
) -> Iterator[Told]:
    """Everything that happens to alarms, station by station, and then group by group.

    Args:
        stations: what the board shows of each.
        hub_away: while no hub runs.
        scopes: with whom each may fall silent together.
    """
    watching = {code: one.watching for code, one in stations.items()}
    outages = [*outages_of(watching)]
    city = _in_the_dark(outages, hub_away)
    yield from (Told(at_ms, "", Matter.WATCHING, one) for at_ms, one in _followed(Matter.WATCHING, city, _CITY_ALONE))
    out = [(at_ms, shown is DutyClass.UNKNOWN) for at_ms, shown in outages]
    alone: dict[str, list[tuple[int, Happening]]] = {}
    for code, shown in stations.items():
        for at_ms, one in _followed(Matter.DUTY, _in_the_dark([*shown.classes.steps()], hub_away), _ALL):
            yield Told(at_ms, code, Matter.DUTY, one)
        steps = _in_the_dark([*shown.watching.steps()], hub_away)
        alone[code] = [*_followed(Matter.WATCHING, _without_outages(steps, out), _ALL)]
    groups = [*groups_of(alone, scopes, out)]
    stays: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for group in groups:
        for stay in group.stays:
            stays[stay.station].append((stay.since_ms, stay.until_ms))
        dark = _without_outages(_in_the_dark([*group.steps()], hub_away), out)
        of_group = (step for step in dark if step.at_ms >= group.formed_ms)
        for at_ms, one in _followed(Matter.WATCHING, of_group, _ALL, group.told_ms):
            yield Told(at_ms, group.name, Matter.WATCHING, one, stations=group.at(at_ms), to=_ABOVE)
    for code, happened in alone.items():
        seen = _in_the_dark([*watching[code].steps()], hub_away) if code in stays else ()
        yield from _of_station(code, happened, _without_outages(_in_groups([*seen], stays[code]), out), stays[code])


def _of_station(
    code: str, happened: Sequence[tuple[int, Happening]], watched: Iterable[_Step], stays: Sequence[tuple[int, int]]
) -> Iterator[Told]:
    """Its silences: the lead is told of the station, whatever alarm that stands in; those above, of its own alarms."""
    if not stays:
        yield from (Told(at_ms, code, Matter.WATCHING, one) for at_ms, one in happened)
        return
    for at_ms, one in happened:
        if one.what is not What.ESCALATED:
            yield Told(at_ms, code, Matter.WATCHING, one, to=_LEAD_ALONE)
    for at_ms, one in _followed(Matter.WATCHING, watched, _ALL):
        if one.what is not What.RAISED:
            yield Told(at_ms, code, Matter.WATCHING, one, to=_ABOVE)


def outages_of(stations: Mapping[str, ShownClasses]) -> Iterator[tuple[int, DutyClass]]:
    """The city as one: `unknown` in an outage, `closed` while no station is open."""
    changes = sorted((at_ms, code, shown) for code, one in stations.items() for at_ms, shown in one.steps())
    now = dict.fromkeys(stations, DutyClass.CLOSED)
    open_ = silent = 0
    before = DutyClass.CLOSED
    for at_ms, changed in groupby(changes, itemgetter(0)):
        for _, code, shown in changed:
            was, now[code] = now[code], shown
            open_ += (shown is not DutyClass.CLOSED) - (was is not DutyClass.CLOSED)
            silent += (shown is DutyClass.UNKNOWN) - (was is DutyClass.UNKNOWN)
        is_out = open_ >= FEWEST and 2 * silent >= open_
        city = DutyClass.UNKNOWN if is_out else DutyClass.MET if open_ else DutyClass.CLOSED
        if city is not before:
            before = city
            yield at_ms, city


def _in_the_dark(steps: Sequence[tuple[int, DutyClass]], hub_away: Sequence[Stretch]) -> Iterator[_Step]:
    """The same while a hub runs; nothing is looked at in between."""
    rest, shown = [*reversed(steps)], DutyClass.CLOSED
    for dark in hub_away:
        while rest and rest[-1][0] < dark.since_ms:
            at_ms, shown = rest.pop()
            yield _Step(at_ms, shown)
        yield _Step(dark.since_ms, None)
        was_closed = False
        while rest and rest[-1][0] < dark.until_ms:
            _, shown = rest.pop()
            was_closed |= shown is DutyClass.CLOSED
        yield _Step(dark.until_ms, shown, was_closed=was_closed)
    yield from (_Step(at_ms, shown) for at_ms, shown in reversed(rest))


def _without_outages(steps: Iterable[_Step], out: Sequence[tuple[int, bool]]) -> Iterator[_Step]:
    """While the city's alarm stands for it nobody looks at a station that is not known, and its delay begins anew."""
    both = sorted(
        [*((step.at_ms, 0, step) for step in steps), *((at_ms, 1, is_out) for at_ms, is_out in out)],
        key=itemgetter(0, 1),
    )
    now, is_out, changes = _Step(0, DutyClass.CLOSED), False, dict(out)
    for at_ms, _, one in both:
        if isinstance(one, _Step):
            now, is_out = one, changes.get(at_ms, is_out)
        else:
            if now.shown is not DutyClass.UNKNOWN or now.is_grouped:
                is_out = bool(one)
                continue
            is_out = bool(one)
            now = _Step(at_ms, now.shown)
        is_citys = is_out and now.shown is DutyClass.UNKNOWN and not now.is_grouped
        yield _Step(at_ms, None, is_forgotten=True) if is_citys else now


def _in_groups(steps: Sequence[_Step], stays: Sequence[tuple[int, int]]) -> Iterator[_Step]:
    """The same with what is told of as one of a group while it is."""
    in_order = sorted(stays)
    moments = sorted({*(edge for stay in stays for edge in stay), *(step.at_ms for step in steps)})
    rest, now = [*reversed(steps)], _Step(0, DutyClass.CLOSED)
    for at_ms in moments:
        is_new = bool(rest) and rest[-1].at_ms == at_ms
        while rest and rest[-1].at_ms == at_ms:
            now = rest.pop()
            if rest and rest[-1].at_ms == at_ms:
                yield now
        place = bisect_right(in_order, at_ms, key=itemgetter(0))
        is_grouped = place > 0 and at_ms < in_order[place - 1][1]
        if is_new or now.shown is DutyClass.UNKNOWN:
            yield now._replace(at_ms=at_ms, is_grouped=is_grouped and now.shown is DutyClass.UNKNOWN)


def _followed(
    matter: Matter, steps: Iterable[_Step], levels: frozenset[Level], told_ms: int | None = None
) -> Iterator[tuple[int, Happening]]:
    """What happens; `told_ms` is since when a group was silent, of which is to be told at its first step."""

    def reach(lack: Lack) -> frozenset[Level]:
        return levels & _LEAD_ALONE if lack is Lack.SHORT else levels

    course, dark_at, is_grouped = MatterCourse(matter), None, False
    for step in steps:
        at = datetime.fromtimestamp(step.at_ms / 1000, UTC)
        if dark_at is None:
            while not is_grouped and (due_at := next_at(course, reach)) is not None and due_at < at:
                assert course.seen is not None
                course, happened = advance(course, course.seen[0], due_at, reach)
                yield from ((ms_of(due_at), one) for one in happened)
        if step.is_forgotten or step.shown is None:
            course = MatterCourse(matter, alarm=course.alarm) if step.is_forgotten else course
            dark_at = None if step.is_forgotten else at
            continue
        if dark_at is not None:
            course, dark_at = resumed(course, dark_at), None
            if step.was_closed:
                course, happened = advance(course, DutyClass.CLOSED, at, reach)
                yield from ((step.at_ms, one) for one in happened)
        is_grouped = step.is_grouped
        if step.shown in FINE and not is_pending(course):
            course = MatterCourse(matter, seen=(step.shown, at))
            continue
        if told_ms is not None:
            course, told_ms = together(datetime.fromtimestamp(told_ms / 1000, UTC), at), None
        course, happened = joined(course, at) if is_grouped else advance(course, step.shown, at, reach)
        yield from ((step.at_ms, one) for one in happened)
