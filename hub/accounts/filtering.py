"""The rule of `hub.rights.may` as a condition of a query, so that a list holds no more than one may see."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from hub.database.people_tables import Membership
from hub.database.tables import Station
from hub.rights import WHOLE_CITY, Grant, Right, reaches


def where_may(grants: Iterable[Grant], right: Right) -> ColumnElement[bool]:
    """Which rows of `station` somebody may do it to."""
    parts = [
        and_(
            true(),
            *(
                column == wanted
                for column, wanted in (
                    (col(Station.district), reach.district),
                    (col(Station.kind), reach.kind),
                    (col(Station.code), reach.station),
                )
                if wanted
            ),
        )
        for reach in reaches(grants, right)
    ]
    return or_(false(), *parts)


def where_may_person(grants: Iterable[Grant], right: Right, person: Any) -> ColumnElement[bool]:
    """Which people: those who belong to a station where one may; all, with the whole city."""
    held = tuple(grants)
    if WHOLE_CITY in reaches(held, right):
        return true()
    stations = select(Station.code).where(where_may(held, right))
    members = select(Membership.person).where(
        col(Membership.station).in_(stations), col(Membership.until_day).is_(None)
    )
    return cast("ColumnElement[bool]", person.in_(members))
