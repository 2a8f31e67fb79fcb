"""Which alarms follow from what the board shows, by the hub's own rules, where nobody does anything about them.

That is the most that people can be told: who acknowledges an alarm keeps it from those above.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from station.alarms import Lack, Level, Matter, MatterCourse, advance, is_pending, next_at, resumed
from station.duty import DutyClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simulator.alarm_load.shown import ShownClasses
    from simulator.oracle.stretches import Stretch
    from station.alarms import Happening

FEWEST: Final = 4  # open stations of which half make an outage: docs/rules.md, Alarms
FINE: Final = frozenset({DutyClass.MET, DutyClass.CLOSED})
_LEAD_ALONE: Final = frozenset({Level.LEAD})
_ALL: Final = frozenset(Level)
_CITY_ALONE: Final = frozenset({Level.CITY})


class Told(NamedTuple):
    """One thing that happens to an alarm of a station; of the city's own, the code is empty."""

    at_ms: int
    station: str
    matter: Matter
    happening: Happening


class _Step(NamedTuple):
    """What shows from a moment on; None while no hub runs, or while another alarm stands for this one."""

    at_ms: int
    shown: DutyClass | None
    is_forgotten: bool = False
    was_closed: bool = False


def raised(stations: Mapping[str, ShownClasses], hub_away: Sequence[Stretch]) -> Iterator[Told]:
    """Everything that happens to alarms, station by station."""
    outages = [*outages_of(stations)]
    city = _in_the_dark(outages, hub_away)
    yield from (Told(at_ms, "", Matter.WATCHING, one) for at_ms, one in _followed(Matter.WATCHING, city, _CITY_ALONE))
    out = [(at_ms, shown is DutyClass.UNKNOWN) for at_ms, shown in outages]
    for code, shown in stations.items():
        steps = [*_in_the_dark([*shown.steps()], hub_away)]
        for at_ms, one in _followed(Matter.DUTY, steps, _ALL):
            yield Told(at_ms, code, Matter.DUTY, one)
        watched = _without_outages(steps, out)
        for at_ms, one in _followed(Matter.WATCHING, watched, _ALL):
            yield Told(at_ms, code, Matter.WATCHING, one)


def outages_of(stations: Mapping[str, ShownClasses]) -> Iterator[tuple[int, DutyClass]]:
    """The city as one: `unknown` in an outage, `closed` while no station is open."""
    changes = sorted((at_ms, code, shown) for code, one in stations.items() for at_ms, shown in one.steps())
    now = dict.fromkeys(stations, DutyClass.CLOSED)
    open_ = silent = 0
    before = DutyClass.CLOSED
    for at_ms, together in groupby(changes, itemgetter(0)):
        for _, code, shown in together:
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
    now, is_out = _Step(0, DutyClass.CLOSED), False
    for at_ms, _, one in both:
        if isinstance(one, _Step):
            now = one
        else:
            if now.shown is not DutyClass.UNKNOWN:
                is_out = bool(one)
                continue
            is_out = bool(one)
            now = _Step(at_ms, now.shown)
        yield _Step(at_ms, None, is_forgotten=True) if is_out and now.shown is DutyClass.UNKNOWN else now


def _followed(matter: Matter, steps: Iterable[_Step], levels: frozenset[Level]) -> Iterator[tuple[int, Happening]]:
    def reach(lack: Lack) -> frozenset[Level]:
        return levels & _LEAD_ALONE if lack is Lack.SHORT else levels

    course, dark_at = MatterCourse(matter), None
    for step in steps:
        at = datetime.fromtimestamp(step.at_ms / 1000, UTC)
        if dark_at is None:
            while (due_at := next_at(course, reach)) is not None and due_at < at:
                assert course.seen is not None
                course, happened = advance(course, course.seen[0], due_at, reach)
                yield from ((round(due_at.timestamp() * 1000), one) for one in happened)
        if step.is_forgotten:
            course, dark_at = MatterCourse(matter, alarm=course.alarm), None
            continue
        if step.shown is None:
            dark_at = at
            continue
        if dark_at is not None:
            course, dark_at = resumed(course, dark_at), None
            if step.was_closed:
                course, happened = advance(course, DutyClass.CLOSED, at, reach)
                yield from ((step.at_ms, one) for one in happened)
        if step.shown in FINE and not is_pending(course):
            course = MatterCourse(matter, seen=(step.shown, at))
            continue
        course, happened = advance(course, step.shown, at, reach)
        yield from ((step.at_ms, one) for one in happened)
