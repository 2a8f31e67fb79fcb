"""Alarms as they stand in the database, as far as somebody may see them: a page of many, all of a sheet, or one.

A hundred thousand of them are a year of a large city; the database counts and cuts them, not this program.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, false, func, or_
from sqlmodel import col, select

from hub.accounts.filtering import where_may
from hub.alarms.members import is_groups_district
from hub.alarms.places import CITY, is_group
from hub.database.alarm_tables import AlarmMember, AlarmRow, AlarmStep, MessageRow
from hub.database.inbox_table import InboxStep
from hub.database.tables import District, Station
from hub.rights import WHOLE_CITY, Grant, Right, reaches
from hub.web.alarms.asked import AlarmState, AskedAlarms
from hub.web.kit.paging import MOST_SHOWN, ShownPage, number_of
from station.hours import midnight_of
from station.milliseconds import ms_of

INBOX_KIND: Final = "alarm"
"""What the inbox calls them, in what was done there."""
_CLOSED: Final = (col(AlarmStep.alarm) == col(AlarmRow.number)) & (col(AlarmStep.what) == "closed")
_COLUMNS: Final = (
    *(col(column) for column in (
        AlarmRow.number, AlarmRow.station, AlarmRow.lack, AlarmRow.level, AlarmRow.since_ms, AlarmRow.raised_ms,
        AlarmRow.on_duty, AlarmRow.wanted, AlarmRow.acknowledged_ms, AlarmRow.snoozed_ms, AlarmRow.closed_ms,
        AlarmRow.over_ms, AlarmRow.ending,
    )),
    col(Station.name), col(Station.kind), col(District.name).label("district"),
    col(District.code).label("district_code"),
    select(func.count()).where(col(AlarmMember.alarm) == col(AlarmRow.number)).scalar_subquery().label("stations"),
    case(
        (col(AlarmRow.closed_ms).is_not(None), select(func.max(AlarmStep.why)).where(_CLOSED).scalar_subquery()),
    ).label("closed_why"),
)  # fmt: skip


class AlarmStory(NamedTuple):
    """One alarm with all that became of it.

    Attributes:
        steps: what the hub and the command line wrote down, in order.
        care: what people did on the page.
        messages: to whom it was told, and what was answered.
        members: of a group, the stations that were in it, as far as one may see them, and when each left.
    """

    alarm: Row[Any]
    steps: Sequence[Row[Any]]
    care: Sequence[Row[Any]]
    messages: Sequence[Row[Any]]
    members: Sequence[Row[Any]] = ()


def read_page(
    connection: Connection, grants: Iterable[Grant], asked: AskedAlarms, zone: ZoneInfo, page: str | None
) -> ShownPage[Row[Any]]:
    """One page of them, the newest first."""
    where = wanted_alarms(grants, asked, zone)
    total = connection.execute(_joined(select(func.count())).where(where)).scalar_one()
    pages = max(1, -(-total // MOST_SHOWN))
    number = number_of(page, pages)
    # only the rows that are shown are read whole: what is passed over costs as little as it can
    shown = _joined(select(col(AlarmRow.number))).where(where).order_by(col(AlarmRow.number).desc())
    numbers = connection.execute(shown.limit(MOST_SHOWN).offset((number - 1) * MOST_SHOWN)).scalars().all()
    rows = _joined(select(*_COLUMNS)).where(col(AlarmRow.number).in_(numbers)).order_by(col(AlarmRow.number).desc())
    return ShownPage(connection.execute(rows).all(), number, pages, total)


def count_all(connection: Connection, where: ColumnElement[bool]) -> int:
    """How many there are of those that `wanted_alarms` chooses."""
    return int(connection.execute(_joined(select(func.count())).where(where)).scalar_one())


def read_after(connection: Connection, where: ColumnElement[bool], after: int, most: int) -> Sequence[Row[Any]]:
    """At most so many of them in the order in which they were raised, those behind that number; 0 for the first."""
    number = col(AlarmRow.number)
    query = _joined(select(*_COLUMNS)).where(where, number > after).order_by(number).limit(most)
    return connection.execute(query).all()


def read_story(connection: Connection, grants: Iterable[Grant], number: int) -> AlarmStory | None:
    """One alarm; None where there is none, or not for them."""
    where = and_(col(AlarmRow.number) == number, _may(grants))
    alarm = connection.execute(_joined(select(*_COLUMNS)).where(where)).one_or_none()
    if alarm is None:
        return None
    steps = select(AlarmStep).where(col(AlarmStep.alarm) == number).order_by(col(AlarmStep.number))
    messages = select(MessageRow).where(col(MessageRow.alarm) == number).order_by(col(MessageRow.number))
    care = select(InboxStep).where(col(InboxStep.kind) == INBOX_KIND, col(InboxStep.subject) == str(number))
    done = care.order_by(col(InboxStep.number))
    members = _members(connection, grants, number) if is_group(alarm.station) else ()
    read = connection.execute
    return AlarmStory(alarm, read(steps).all(), read(done).all(), read(messages).all(), members)


def _members(connection: Connection, grants: Iterable[Grant], number: int) -> Sequence[Row[Any]]:
    query = select(AlarmMember).add_columns(col(Station.name)).join(Station, col(Station.code) == AlarmMember.station)
    theirs = (col(AlarmMember.alarm) == number) & where_may(grants, Right.FOLLOW_UP)
    return connection.execute(query.where(theirs).order_by(col(AlarmMember.station), col(AlarmMember.number))).all()


def read_districts(connection: Connection, grants: Iterable[Grant]) -> dict[str, str]:
    """Names by code, those in which somebody sees alarms."""
    within = select(col(Station.district)).where(where_may(grants, Right.FOLLOW_UP))
    query = select(col(District.code), col(District.name)).where(col(District.code).in_(within))
    return {row.code: row.name for row in connection.execute(query.order_by(col(District.code)))}


def _joined(query: Select[Any]) -> Select[Any]:
    places = query.select_from(AlarmRow).join(Station, col(Station.code) == col(AlarmRow.station), isouter=True)
    within = or_(col(District.code) == col(Station.district), is_groups_district(col(AlarmRow.station)))
    return places.join(District, within, isouter=True)


def _may(grants: Iterable[Grant]) -> ColumnElement[bool]:
    held = tuple(grants)
    if WHOLE_CITY in reaches(held, Right.FOLLOW_UP):
        return col(AlarmRow.number).is_not(None)
    station = select(col(Station.code)).where(where_may(held, Right.FOLLOW_UP))
    shared = select(col(AlarmMember.alarm)).where(col(AlarmMember.station).in_(station))
    own = and_(col(AlarmRow.station) != CITY, where_may(held, Right.FOLLOW_UP))
    return or_(own, col(AlarmRow.number).in_(shared))


def wanted_alarms(grants: Iterable[Grant], asked: AskedAlarms, zone: ZoneInfo) -> ColumnElement[bool]:
    """Which of all they are: asked for, and for them to see."""
    if asked.last < asked.first:
        return false()
    begin, end = midnight_of(asked.first, zone), midnight_of(asked.last + timedelta(days=1), zone)
    since = col(AlarmRow.since_ms)
    parts = [_may(grants), since >= ms_of(begin), since < ms_of(end)]
    if asked.lack:
        parts.append(col(AlarmRow.lack) == asked.lack)
    if asked.state is AlarmState.OPEN:
        parts.append(col(AlarmRow.over_ms).is_(None))
    elif asked.state is not None:
        parts.append(col(AlarmRow.over_ms).is_not(None))
    if asked.state is AlarmState.UNSEEN:
        parts += [col(AlarmRow.acknowledged_ms).is_(None), col(AlarmRow.closed_ms).is_(None)]
    if asked.district:
        parts.append(col(District.code) == asked.district)
    if asked.kind:
        parts.append(col(Station.kind) == asked.kind)
    if asked.station:
        named = (col(name).contains(asked.station, autoescape=True) for name in (Station.name, Station.short_name))
        among = select(col(AlarmMember.alarm)).where(col(AlarmMember.station) == asked.station)
        parts.append(or_(col(AlarmRow.station) == asked.station, col(AlarmRow.number).in_(among), *named))
    return and_(*parts)
