"""What an edition of the city changes of what is folded already: whose cards, and by which hours."""

from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from hub.database.ledger_tables import LedgerCard, LedgerEdition, LedgerStation
from hub.database.transactions import table_of
from hub.intake.rows import ms_of
from hub.ledger.clusters import REACH
from hub.ledger.journal import LEDGER_TAP, RUN
from hub.register.rulebook import Rulebook
from hub.register.spelling import EVER_SINCE, first_change

CARD: Final = table_of(LedgerCard)
STATION: Final = table_of(LedgerStation)
EDITION: Final = table_of(LedgerEdition)
_MARGIN: Final = REACH + timedelta(days=1)


class Unfollowed(NamedTuple):
    """What is to be done before the ledger follows an edition.

    Attributes:
        persons: who is to be folded anew.
        weeks: the stations whose hours are new, as text.
        is_news: whether there is anything to write down.
    """

    persons: list[str]
    weeks: dict[str, str]
    is_news: bool


def edition_of(connection: Connection) -> int | None:
    """The edition that the ledger follows; None before it follows any."""
    return connection.execute(select(EDITION.c.number)).scalar()


def what_differs(connection: Connection, book: Rulebook) -> Unfollowed:
    """Compare what is folded with an edition."""
    persons: set[str] = set()
    for token, person, counted in connection.execute(select(CARD.c.token, CARD.c.person, CARD.c.counted)):
        identity = book.identity(token, 0)
        if identity != (person, counted):
            persons |= {person, *book.persons(token)}
    known: dict[str, str] = {row.station: row.weeks for row in connection.execute(select(STATION))}
    spelled = {str(station): book.spelled_terms(station) for station in book.stations}
    weeks = {station: text for station, text in spelled.items() if known.get(station) != text}
    for station, text in weeks.items():
        since = EVER_SINCE if station not in known else first_change(known[station], text)
        taps = select(LEDGER_TAP.c.token).distinct().join(RUN, RUN.c.id == LEDGER_TAP.c.run)
        since_ms = ms_of(datetime.combine(since, time(), UTC) - _MARGIN)
        tokens = connection.execute(taps.where(RUN.c.station == station, LEDGER_TAP.c.at_ms >= since_ms))
        persons |= {person for token in tokens.scalars() for person in book.persons(token)}
    return Unfollowed(sorted(persons), weeks, is_news=bool(weeks) or edition_of(connection) != book.edition)
