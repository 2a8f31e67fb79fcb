"""Who is in which group of silent stations, as it is kept; and what a station's own channel is told of it meanwhile.

That channel is told of its station alone, once, in whichever alarm the station stands: what was sent goes with it from
its own alarm into the group's and back.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update
from sqlmodel import col

from hub.alarms.book import AlarmPen, Running, Scene, alarm_of
from hub.alarms.gathering import KeptGroups
from hub.alarms.places import OF_DISTRICT
from hub.alarms.routes import Routes
from hub.database.alarm_tables import AlarmMember, AlarmRow, MessageRow
from hub.database.tables import District
from hub.database.transactions import table_of
from station.alarms import Alarm, Ending, Happening, Lack, Level, What
from station.milliseconds import moment_of

_MEMBER: Final = table_of(AlarmMember).c
_ALARM: Final = table_of(AlarmRow).c
_MESSAGE: Final = table_of(MessageRow).c
_RUNS: Final = _ALARM.over_ms.is_(None)
_GROUPS: Final = select(_ALARM.station, _ALARM.since_ms).where(_RUNS, _ALARM.station.startswith(OF_DISTRICT))
_MEMBERS: Final = (
    select(_MEMBER.station, _MEMBER.alarm)
    .join(table_of(AlarmRow), _ALARM.number == _MEMBER.alarm)
    .where(_MEMBER.left_ms.is_(None), _RUNS)
)
_LAST_LEFT: Final = (
    select(_MEMBER.alarm, _MEMBER.has_closed)
    .join(table_of(AlarmRow), _ALARM.number == _MEMBER.alarm)
    .where(_MEMBER.left_ms.is_not(None), _RUNS)
    .order_by(_MEMBER.left_ms, _MEMBER.has_closed.desc())  # of those who left at once, who was back comes last
)
_LEAVE: Final = (
    update(table_of(AlarmMember))
    .where(_MEMBER.station == bindparam("of_station"), _MEMBER.left_ms.is_(None))
    .values(left_ms=bindparam("now_ms"), has_closed=bindparam("closed"))
)
_MOVE: Final = (
    update(table_of(MessageRow))
    .where(_MESSAGE.alarm == bindparam("from_alarm"), _MESSAGE.channel.in_(bindparam("names", expanding=True)))
    .values(alarm=bindparam("to_alarm"))
)
_TOLD: Final = select(_MESSAGE.channel).where(_MESSAGE.alarm == bindparam("of_alarm")).distinct()


def read_group_members(connection: Connection) -> KeptGroups:
    """All that run."""
    since = {row.station: moment_of(row.since_ms) for row in connection.execute(_GROUPS)}
    if not since:
        return KeptGroups({}, {}, {})
    of = {row.station: row.alarm for row in connection.execute(_MEMBERS)}
    return KeptGroups(since, of, {row.alarm: row.has_closed for row in connection.execute(_LAST_LEFT)})


def count_members(connection: Connection) -> dict[int, int]:
    """How many stations are in each group, by the number of its alarm."""
    of_each = select(_MEMBER.alarm, func.count().label("members")).where(_MEMBER.left_ms.is_(None))
    return {row.alarm: row.members for row in connection.execute(of_each.group_by(_MEMBER.alarm))}


def group_of(connection: Connection, station: str) -> int | None:
    """The alarm of the group in which a station is now; None for none."""
    here = (_MEMBER.station == station) & _MEMBER.left_ms.is_(None)
    return connection.execute(select(_MEMBER.alarm).where(here)).scalar_one_or_none()


def read_groups(connection: Connection, places: Iterable[str]) -> dict[str, tuple[int, Alarm]]:
    """The alarms of groups that run; nobody else may change them until the transaction ends."""
    wanted = _ALARM.station.in_(list(places)) & _RUNS
    rows = connection.execute(select(table_of(AlarmRow)).where(wanted).order_by(_ALARM.number).with_for_update())
    return {row.station: (row.number, alarm_of(row)) for row in rows}


def join(pen: AlarmPen, scenes: Sequence[Scene], group: tuple[int, Alarm], own: Running) -> None:
    """Stations are in a group from now on, and who is to be told of them and was not yet is."""
    number, alarm = group
    told = set(pen.connection.execute(_TOLD, {"of_alarm": number}).scalars())
    rows = []
    for scene in scenes:
        leads = lead_names(pen.routes, scene)
        known = own.get((scene.code, scene.matter))
        if known is not None:
            told |= move(pen.connection, known[0], number, leads)
        rows.append({"alarm": number, "station": scene.code, "joined_ms": pen.now_ms})
        for level in (level for level in Level if level <= alarm.level):
            for name in pen.routes.names(scene.place, Lack.UNWATCHED, level):
                if name not in told:
                    told.add(name)
                    pen.post(scene, name, Happening(What.RAISED, alarm), number)
    pen.connection.execute(insert(AlarmMember), rows)


def leave(pen: AlarmPen, scene: Scene, number: int, *, has_closed: bool) -> None:
    """A station is in its group no more; where it is back, its own channel is told so if it was told before."""
    pen.connection.execute(_LEAVE, {"of_station": scene.code, "now_ms": pen.now_ms, "closed": has_closed})
    ended = Happening(What.ENDED, Alarm(Lack.UNWATCHED, Level.LEAD), ending=Ending.MET)
    sent, waiting = pen.take_back(number, lead_names(pen.routes, scene))
    for name in () if has_closed else sent:
        pen.post(scene, name, ended, number)
    for name in () if has_closed else waiting:
        pen.post(scene, name, ended, number, is_held=True)


def end_all(connection: Connection, numbers: Iterable[int], now_ms: int) -> None:
    """Nobody is in these groups any more."""
    last = _MEMBER.alarm.in_(list(numbers)) & _MEMBER.left_ms.is_(None)
    connection.execute(update(table_of(AlarmMember)).where(last).values(left_ms=now_ms))


def move(connection: Connection, before: int, after: int, names: Sequence[str]) -> set[str]:
    """What was sent to a station's own channels is of another alarm from now on; returns who was told."""
    if not names:
        return set()
    told = set(connection.execute(_TOLD, {"of_alarm": before}).scalars()) & set(names)
    if told:
        connection.execute(_MOVE, {"from_alarm": before, "to_alarm": after, "names": sorted(told)})
    return told


def is_groups_district(place: Any) -> ColumnElement[bool]:
    """Whether a district is that of a group with such a place; a condition of a query."""
    of_first, code = OF_DISTRICT + col(District.code), cast("ColumnElement[str]", place)
    return (code == of_first) | code.startswith(of_first + ":", autoescape=False)


def lead_names(routes: Routes, scene: Scene) -> list[str]:
    """The station's own channels."""
    return routes.names(scene.place, Lack.UNWATCHED, Level.LEAD)
