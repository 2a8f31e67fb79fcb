"""The number of the city's edition: a serving hub reads the city's tables again when it has risen."""

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from hub.database.tables import Edition


def raise_edition(connection: Connection) -> int:
    """Count one more change of the city; returns the new edition."""
    raised = connection.execute(update(Edition).values(number=col(Edition.number) + 1))
    if raised.rowcount == 0:
        connection.execute(insert(Edition).values(id=1, number=1))
    return int(connection.execute(select(col(Edition.number))).scalar_one())
