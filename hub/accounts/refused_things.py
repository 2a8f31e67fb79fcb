"""Which thing of the city an address or a form names that is there, and not for who asks: they are told of none.

What is named and nobody entered is a mistake, and of no interest; so nothing that was sent comes out of here, only what
the database calls it itself.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select
from sqlmodel import col, select

from hub.accounts.filtering import where_may, where_may_person
from hub.database.account_tables import AccountRow
from hub.database.alarm_tables import AlarmMember, AlarmRow, ChannelRow
from hub.database.people_tables import Volunteer
from hub.database.tables import District, Kiosk, Station
from hub.rights import WHOLE_CITY, Grant, Reach, Right, may

MOST_NAMED: Final = 20
"""So many words of one field are looked at."""
_LARGEST: Final = 1 << 63
_Find = Callable[[Connection, tuple[Grant, ...], Right, Any], str]


def refused_thing(
    connection: Connection, grants: Iterable[Grant], right: Right, named: Mapping[str, object], route: str
) -> str:
    """What the database calls it; empty where nothing that is named is there and not theirs.

    Args:
        connection: to read by.
        grants: of who asks.
        right: that the route wants.
        named: in the address, by the route's own words for it.
        route: as the code spells it.
    """
    held = tuple(grants)
    for word, beginning, find in _FINDS:
        if word in named and route.startswith(beginning):
            found = find(connection, held, right, named[word])
            if found:
                return found
    return ""


def refused_typed(connection: Connection, grants: Iterable[Grant], right: Right, typed: Mapping[str, str]) -> str:
    """The same of what the fields of a form name: of several, the first."""
    held = tuple(grants)
    for field, find in _FIELDS:
        for said in typed.get(field, "").replace(",", " ").split()[:MOST_NAMED]:
            found = find(connection, held, right, said)
            if found:
                return found
    return ""


def _there_and_not(connection: Connection, there: Select[Any], theirs: ColumnElement[bool]) -> str:
    found = connection.execute(there).scalar_one_or_none()
    is_theirs = found is None or connection.execute(there.where(theirs)).first() is not None
    return "" if is_theirs else str(found)


def _station(connection: Connection, grants: tuple[Grant, ...], right: Right, code: object) -> str:
    there = select(col(Station.code)).where(col(Station.code) == str(code))
    return _there_and_not(connection, there, where_may(grants, right))


def _district(connection: Connection, grants: tuple[Grant, ...], right: Right, code: object) -> str:
    there = connection.execute(select(col(District.code)).where(col(District.code) == str(code))).scalar_one_or_none()
    return "" if there is None or may(grants, right, Reach(there)) else there


def _person(connection: Connection, grants: tuple[Grant, ...], right: Right, person: object) -> str:
    there = select(col(Volunteer.person)).where(col(Volunteer.person) == str(person))
    return _there_and_not(connection, there, where_may_person(grants, right, col(Volunteer.person)))


def _kiosk(connection: Connection, grants: tuple[Grant, ...], right: Right, kiosk: object) -> str:
    there = select(col(Kiosk.id)).where(col(Kiosk.id) == str(kiosk))
    theirs = col(Kiosk.station).in_(select(Station.code).where(where_may(grants, right)))
    return _there_and_not(connection, there, theirs)


def _alarm(connection: Connection, grants: tuple[Grant, ...], right: Right, number: object) -> str:
    asked = int(str(number)) if str(number).isdecimal() and len(str(number)) < 20 else 0  # noqa: PLR2004 -- of 64 bits
    if not 0 < asked < _LARGEST or may(grants, right):
        return ""
    there = select(col(AlarmRow.number)).where(col(AlarmRow.number) == asked)
    stations = select(Station.code).where(where_may(grants, right))
    shared = select(col(AlarmMember.alarm)).where(col(AlarmMember.station).in_(stations))
    theirs = col(AlarmRow.station).in_(stations) | col(AlarmRow.number).in_(shared)
    return _there_and_not(connection, there, theirs)


def _account(connection: Connection, grants: tuple[Grant, ...], right: Right, account: object) -> str:
    """Whoever looks after the whole city's looks after every account; others are told of theirs alone."""
    found = connection.execute(select(col(AccountRow.name)).where(col(AccountRow.id) == str(account)))
    return "" if may(grants, right) else found.scalar_one_or_none() or ""


def _channel(connection: Connection, grants: tuple[Grant, ...], right: Right, name: object) -> str:
    row = connection.execute(select(ChannelRow).where(col(ChannelRow.name) == str(name))).one_or_none()
    if row is None or may(grants, right, WHOLE_CITY):
        return ""
    if row.station:
        return row.name if _station(connection, grants, right, row.station) else ""
    return "" if may(grants, right, Reach(row.district, row.kind)) else str(row.name)


_FINDS: Final[tuple[tuple[str, str, _Find], ...]] = (
    ("code", "", _station), ("person", "", _person), ("kiosk", "", _kiosk), ("number", "/alarms/", _alarm),
    ("account", "/system/users/", _account), ("name", "/system/channels/", _channel),
)  # fmt: skip
_FIELDS: Final[tuple[tuple[str, _Find], ...]] = (
    ("station", _station), ("stations", _station), ("person", _person), ("kiosk", _kiosk), ("district", _district),
)  # fmt: skip
"""As the forms of this site call them; stations by code, for a name is only looked for among one's own."""
