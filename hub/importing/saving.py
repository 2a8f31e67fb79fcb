"""Writing the difference of a draft, with Core and in the order of the references. The transaction is the caller's."""

from itertools import chain
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, update
from sqlmodel import SQLModel, col

from hub.database.tables import Edition, StationHours, StationVolunteer
from hub.importing.draft import Draft, Rows
from hub.register.weeks import rows_of


def save(draft: Draft, connection: Connection) -> None:
    """Write what differs, and raise the edition, so that a serving hub reads the tables again."""
    for rows in draft.rows.values():
        _insert(connection, rows.model, rows.added)
        _update(connection, rows)
    _save_weeks(draft, connection)
    _save_memberships(draft, connection)
    if draft.changes_anything:
        raise_edition(connection)


def raise_edition(connection: Connection) -> None:
    """Count one more change of the tables."""
    raised = connection.execute(update(Edition).values(number=col(Edition.number) + 1))
    if raised.rowcount == 0:
        connection.execute(insert(Edition).values(id=1, number=1))


def _insert(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(model), rows)


def _update(connection: Connection, rows: Rows) -> None:
    if not rows.altered:
        return
    key = rows.model.__table__.c[rows.key]  # type: ignore[attr-defined]  # SQLModel makes it unsaid
    statement = update(rows.model).where(key == bindparam("the_key"))
    connection.execute(
        statement.values({name: bindparam(name) for name in rows.altered[0] if name != rows.key}),
        [{"the_key" if name == rows.key else name: value for name, value in row.items()} for row in rows.altered],
    )


def _save_weeks(draft: Draft, connection: Connection) -> None:
    if not draft.weeks:
        return
    connection.execute(
        delete(StationHours).where(
            and_(col(StationHours.station) == bindparam("code"), col(StationHours.valid_from) == bindparam("day"))
        ),
        [{"code": station, "day": valid_from} for station, valid_from, _ in draft.weeks],
    )
    spans = (
        {
            "station": station, "valid_from": valid_from,
            "weekday": weekday, "opens_min": opens_min, "closes_min": closes_min,
        }
        for station, valid_from, week in draft.weeks
        for weekday, opens_min, closes_min in rows_of(week)
    )  # fmt: skip
    _insert(connection, StationHours, list(spans))


def _save_memberships(draft: Draft, connection: Connection) -> None:
    if not draft.memberships:
        return
    connection.execute(
        delete(StationVolunteer).where(col(StationVolunteer.person) == bindparam("member")),
        [{"member": person} for person in draft.memberships],
    )
    pairs = chain.from_iterable(
        ({"station": station, "person": person} for station in sorted(stations))
        for person, stations in draft.memberships.items()
    )
    _insert(connection, StationVolunteer, list(pairs))
