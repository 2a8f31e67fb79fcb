"""Noting that two tokens are one card, as kiosks and imports say it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import col

from hub.database.dialect import dialect_of
from hub.database.edition import raise_edition
from hub.database.key_tables import CardName, KeyChange
from hub.database.people_tables import CardRow
from hub.database.transactions import table_of

HUB: Final = "hub"
"""Who says it where the hub had the card's number itself; no kiosk is called so."""
_AT_ONCE: Final = 250


class SaidName(NamedTuple):
    """That `token` is the card which was called `former`, and who says so."""

    token: str
    former: str
    said_by: str


def note_names(connection: Connection, said: Iterable[SaidName], at_ms: int) -> None:
    """Write down what is not known yet, in a transaction of the caller's.

    The city is to be read anew by them. While a change of the key is under way nobody asks for names under the next
    one, only for what else a card is called that was entered under this name.
    """
    wanted = [name for name in dict.fromkeys(said) if name.token != name.former]
    if not wanted:
        return
    known = set[SaidName]()
    for some in (wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)):
        query = select(table_of(CardName)).where(col(CardName.token).in_([name.token for name in some]))
        known.update(SaidName(row.token, row.former, row.said_by) for row in connection.execute(query))
    new = [name for name in sorted(wanted) if name not in known]
    if not new:
        return
    statement = dialect_of(connection).insert(table_of(CardName)).on_conflict_do_nothing()
    connection.execute(statement, [{**name._asdict(), "learned_ms": at_ms} for name in new])
    pairs = {name[:2] for name in known}
    unheard = [name.token for name in new if name[:2] not in pairs]
    if unheard and (not is_under_way(connection) or _are_entered(connection, unheard)):
        raise_edition(connection)


def _are_entered(connection: Connection, tokens: list[str]) -> bool:
    """Whether cards were entered under any of them."""
    parts = (tokens[at : at + _AT_ONCE] for at in range(0, len(tokens), _AT_ONCE))
    queries = (select(col(CardRow.token)).where(col(CardRow.token).in_(some)).limit(1) for some in parts)
    return any(connection.execute(query).first() is not None for query in queries)


def is_under_way(connection: Connection) -> bool:
    """Whether the key is being changed."""
    query = select(col(KeyChange.mark)).where(col(KeyChange.finished_ms).is_(None)).limit(1)
    return connection.execute(query).first() is not None
