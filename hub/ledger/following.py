"""What an edition of the city changes of what is folded already: whose cards, and by which hours."""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from hub.database.ledger_tables import LedgerCard, LedgerEdition, LedgerStation
from hub.database.transactions import table_of
from hub.intake.rows import ms_of
from hub.ledger.clusters import REACH
from hub.ledger.journal import LEDGER_TAP, RUN
from hub.ledger.rulebook import Rulebook, differ_from

CARD: Final = table_of(LedgerCard)
STATION: Final = table_of(LedgerStation)
EDITION: Final = table_of(LedgerEdition)
_FIRST_YEAR: Final = 1970
_MARGIN: Final = REACH + timedelta(days=1)


class Following(NamedTuple):
    """What is to be done before the ledger follows an edition.

    Attributes:
        persons: who is to be folded anew.
        weeks: the stations whose hours are new, as text.
    """

    persons: list[str]
    weeks: dict[str, str]


def edition_of(connection: Connection) -> int | None:
    """The edition that the ledger follows; None before it follows any."""
    return connection.execute(select(EDITION.c.number)).scalar()


def what_differs(connection: Connection, book: Rulebook) -> Following:
    """Compare what is folded with an edition."""
    persons: set[str] = set()
    for token, person, counted in connection.execute(select(CARD.c.token, CARD.c.person, CARD.c.counted)):
        identity = book.identity(token)
        if identity != (person, counted):
            persons |= {person, identity.person}
    known: dict[str, str] = {row.station: row.weeks for row in connection.execute(select(STATION))}
    weeks = {}
    for station in book.stations:
        spelled = book.spelled_weeks(station)
        if known.get(station) != spelled:
            weeks[str(station)] = spelled
            persons |= _tapped_since(connection, book, station, _first_change(known.get(station), spelled))
    return Following(sorted(persons), weeks)


def _first_change(before: str | None, after: str) -> datetime | None:
    """From when on hours are otherwise; None for always."""
    if before is None:
        return None
    day = differ_from(before, after)
    return None if day.year <= _FIRST_YEAR else datetime(day.year, day.month, day.day, tzinfo=UTC) - _MARGIN


def _tapped_since(connection: Connection, book: Rulebook, station: str, since: datetime | None) -> set[str]:
    statement = select(LEDGER_TAP.c.token).distinct().join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    statement = statement.where(RUN.c.station == station)
    if since is not None:
        statement = statement.where(LEDGER_TAP.c.at_ms >= ms_of(since))
    return {book.identity(token).person for token in connection.execute(statement).scalars()}
