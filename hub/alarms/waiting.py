"""The messages that wait for their channels, as they stand in the database and as a channel is told them.

Whose row says what nobody here understands goes out all the same, plainer: that there is an alarm, and where.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func
from sqlmodel import col, select

from hub.alarms.channel import AlarmMessage
from hub.alarms.members import is_groups_district
from hub.alarms.places import district_of, is_group
from hub.database.alarm_tables import AlarmRow, ChannelRow, MessageRow
from hub.database.tables import District, Station
from hub.presence.stand_ins import read_stand_ins
from hub.register.masking import mask_name
from station.alarms import Lack, What
from station.grouping import REMEMBERED
from station.milliseconds import moment_of, moment_or_none, ms_of

FAILED: Final = "failed: "
"""How the answer begins where it was the hub itself that failed: then the message is told plainer the next time."""
MOST_NAMED: Final = 3  # who could come, in a message
_NEWEST: Final = 1_000  # messages; more do not come in the second between two looks
_CALLING: Final = {What.RAISED, What.ESCALATED}
Names = Mapping[str, tuple[str, ...]]
"""Who could come to each station, by masked name."""
_OWN: Final = func.coalesce(func.nullif(ChannelRow.station, ""), AlarmRow.station)
"""A station's own channel is told of that alone, also where others fell silent with it."""
_WAITING: Final = (
    select(MessageRow)
    .add_columns(*map(col, (AlarmRow.lack, AlarmRow.since_ms, Station.short_name, Station.name)), _OWN.label("station"))
    .add_columns(col(District.name).label("district"))
    .join(AlarmRow, isouter=True)
    .join(ChannelRow, col(ChannelRow.name) == col(MessageRow.channel), isouter=True)
    .join(Station, col(Station.code) == _OWN, isouter=True)
    .join(District, is_groups_district(_OWN) | (col(District.code) == col(Station.district)), isouter=True)
    .where(col(MessageRow.due_ms).is_not(None))
    .order_by(col(MessageRow.due_ms), col(MessageRow.number))  # as its index has it, or all ever sent is read
    .limit(20_000)
)


def read_waiting(connection: Connection) -> list[Row[Any]]:
    """All that is to go out, in the order in which it was written."""
    return sorted(connection.execute(_WAITING), key=lambda row: row.number)


def read_called(connection: Connection, channels: Collection[str], now: datetime) -> dict[str, list[datetime]]:
    """When each of them was called lately, in whatever life of the hub."""
    sent, name = col(MessageRow.sent_ms), col(MessageRow.channel)
    lately = select(name, sent).where(sent > ms_of(now - REMEMBERED)).distinct().order_by(sent)
    called: dict[str, list[datetime]] = {channel: [] for channel in channels}
    for channel, at_ms in connection.execute(lately):
        if channel in called and at_ms is not None:
            called[channel].append(moment_of(at_ms))
    return called


def read_taken_lately(connection: Connection) -> dict[str, int]:
    """When each channel last took one of the newest messages, be it a test at a terminal.

    All that were ever sent are too many to look through each second.
    """
    sent = select(MessageRow.channel, MessageRow.sent_ms).order_by(col(MessageRow.number).desc())
    newest = sent.limit(_NEWEST).subquery()
    taken = select(newest.c.channel, func.max(newest.c.sent_ms)).where(newest.c.sent_ms.is_not(None))
    return {row[0]: row[1] for row in connection.execute(taken.group_by(newest.c.channel))}


def stations_in_need(rows: Sequence[Row[Any]]) -> set[str]:
    """To which stations somebody is called."""
    return {row.station for row in rows if row.station and row.what in _CALLING and row.lack != Lack.UNWATCHED}


def read_stand_in_names(connection: Connection, stations: Collection[str], now: datetime) -> Names:
    """Who could come.

    Args:
        connection: to read by.
        stations: their codes.
        now: in the zone of the city.
    """
    people = read_stand_ins(connection, stations, now)
    return {code: tuple(mask_name(one.full_name) for one in ones[:MOST_NAMED]) for code, ones in people.items()}


def message_of(row: Row[Any], names: Names) -> AlarmMessage:
    """A row as it is told."""
    return AlarmMessage(
        number=row.number,
        what=row.what,
        lack=Lack(row.lack) if row.lack else Lack.VACANT,
        alarm=row.alarm or 0,
        code=row.station or "",
        station=row.short_name or row.name or row.district or row.station or "",
        district=row.district or "",
        is_group=is_group(row.station or ""),
        on_duty=row.on_duty,
        wanted=row.wanted,
        since=moment_or_none(row.since_ms),
        at=moment_of(row.made_ms),
        why=row.why,
        could_come=names.get(row.station, ()) if stations_in_need([row]) else (),
    )


def plain_message_of(row: Row[Any]) -> AlarmMessage:
    """A row by what cannot fail."""
    code = row.station or ""
    place = district_of(code) if is_group(code) else code
    return AlarmMessage(row.number, row.what, Lack.VACANT, row.alarm or 0, code, place, is_plain=True)
