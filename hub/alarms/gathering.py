"""Which silent stations one look puts together, who leaves a group, and which groups are over; nothing is written.

Who is in a group stands in the database. While the city as a whole is out nobody joins and no group is over, but who
is back leaves.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from hub.alarms.book import MatterKey, Running
from hub.alarms.places import OF_DISTRICT, is_group
from hub.presence.board_view import BoardRow
from station.alarm_course import MatterCourse, silent_since
from station.alarms import Alarm, AlarmTerms, Matter
from station.duty import DutyClass
from station.outages import Silence, grouped


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a look makes of the groups.

    Attributes:
        of: in which group each silent station is from now on, if in any.
        leaving: who has left one since: as the board has it, None where it has it no more, and where it closed while no
            hub ran: nobody saw it come back.
        over: the groups that end, and the class by which they do.
        since: since when the new ones tell of silence.
    """

    of: Mapping[str, str]
    leaving: Mapping[str, BoardRow | None]
    over: Mapping[str, DutyClass]
    since: Mapping[str, datetime]

    def members(self) -> dict[str, frozenset[str]]:
        """Who is in each group from now on; nobody in those that end."""
        found = defaultdict(set)
        for station, name in self.of.items():
            found[name].add(station)
        return {name: frozenset(found.get(name, ())) for name in {*found, *self.over}}


class KeptGroups(NamedTuple):
    """The groups there are.

    Attributes:
        since: since when each tells of silence, by its place.
        members: of each station in one, the number of that group's alarm.
        closed: by that number, whether the last who left it have closed, all of them.
    """

    since: Mapping[str, datetime]
    members: Mapping[str, int]
    closed: Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Glance:
    """What a look sees.

    Attributes:
        running: alarms that are not over, the groups' among them.
        groups: those there are.
        courses: as the last look left them.
        reopened: matters of stations that have closed and opened while no hub ran.
    """

    rows: Sequence[BoardRow]
    running: Running
    groups: KeptGroups
    courses: Mapping[MatterKey, MatterCourse]
    reopened: Collection[MatterKey]
    now: datetime
    terms: AlarmTerms


def scope_of_row(row: BoardRow) -> str:
    """With whom it may fall silent together; where the city has no districts, with nobody."""
    return OF_DISTRICT + row.district_code if row.district_code else row.code


def gather(looked: Glance, *, is_outage: bool) -> Gathering:
    """Put together who is to be; `is_outage` while the city as a whole is out."""
    since, kept, left = looked.groups
    names = {number: place for (place, _), (number, _) in looked.running.items() if is_group(place)}
    silent = {row.code: row for row in looked.rows if row.is_silent}
    rows = {row.code: row for row in looked.rows if (row.code, Matter.WATCHING) not in looked.reopened}
    stay = {code: names[number] for code, number in kept.items() if number in names and code in silent and code in rows}
    leaving = {code: rows.get(code) for code in kept if code not in stay}
    if is_outage:
        return Gathering(stay, leaving, {}, {})
    silences = {row.code: one for row in silent.values() if (one := _silence(row, stay.get(row.code, ""), looked))}
    found = grouped(silences, since)
    of = {code: name for name, members in found.groups.items() for code in members}
    new = {
        name: min(silences[code].since for code in members)
        for name, members in found.groups.items() if name not in since
    }  # fmt: skip
    closed = {**left, **_closed(leaving, kept)}
    silently = {name for number, name in names.items() if closed.get(number)}
    over = {name: DutyClass.CLOSED if name in silently else DutyClass.MET for name in found.over}
    return Gathering(of, leaving, over, new)


def _silence(row: BoardRow, group: str, looked: Glance) -> Silence | None:
    """As the rule sees it; None where it is not to be told yet, or somebody looks after it."""
    key = row.code, Matter.WATCHING
    if group:
        return Silence(scope_of_row(row), looked.now, group)
    known, course = looked.running.get(key), looked.courses.get(key)
    since = None if course is None or key in looked.reopened else silent_since(course, looked.now, looked.terms)
    if since is None or (known is not None and _is_handled(known[1])):
        return None
    return Silence(scope_of_row(row), since, is_told=known is not None)


def _is_handled(alarm: Alarm) -> bool:
    return alarm.is_acknowledged or alarm.is_closed or alarm.snoozed_until is not None


def _closed(leaving: Mapping[str, BoardRow | None], members: Mapping[str, int]) -> dict[int, bool]:
    """Which groups are left by closing alone: they end as closed, and nobody is told then that all is well."""
    found: dict[int, bool] = {}
    for code, row in leaving.items():
        found[members[code]] = found.get(members[code], True) and has_closed(row)
    return found


def has_closed(left: BoardRow | None) -> bool:
    """Whether who left a group did so by closing; who is on no board any more is as one that closed."""
    return left is None or left.duty_class is DutyClass.CLOSED
