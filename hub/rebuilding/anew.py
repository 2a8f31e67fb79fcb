"""The whole ledger made anew from the records, in temporary tables beside the one kept live.

The temporary tables have the names of the kept ones, and so stand before them for all who read and write by this
connection: the one fold works on them as on an empty ledger. Each kiosk's records are placed at once, each person's
taps of all times are folded.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from sqlalchemy import Column, Connection, Index, MetaData, Table, select

from hub.database.transactions import OneConnection
from hub.ledger.amending import fold_amendments, unfolded_amendments
from hub.ledger.change import Change
from hub.ledger.editions import CARD
from hub.ledger.kiosks import place_anew, read_kiosks
from hub.ledger.known import Known
from hub.ledger.persons import PersonFolding
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, RUN, STINT, WATCHED, read_names
from hub.register.rulebook import Rulebook
from station.names import HUB_KIOSK

KEPT: Final = (LEDGER_RUN, LEDGER_TAP, WATCHED, STINT, CARD)
"""The tables that are made anew; what else the ledger has says which city it follows."""
_AS_FAR_AS_KEPT: Final = """\
CREATE TEMPORARY VIEW record AS SELECT stored.* FROM {schema}.record AS stored
JOIN {schema}.ledger_run AS kept ON kept.run = stored.run AND stored.seq <= kept.last_seq"""


class WorkProgress(Protocol):
    """Shows how far a long work has come."""

    def __call__(self, work: list[str], unit: str) -> Iterable[str]:
        """The same work, counted as it is taken."""


def live_table(connection: Connection, table: Table) -> Table:
    """The table that is kept live, by a name that no temporary one stands before."""
    return table.to_metadata(MetaData(), schema=connection.dialect.default_schema_name or "")


@contextmanager
def made_anew(
    connection: Connection, book: Rulebook, shown: WorkProgress, *, as_far_as_kept: bool = False
) -> Iterator[None]:
    """Fold all records; within the block, `KEPT` by this connection is what was made, and `live_table` what is kept.

    Args:
        connection: a snapshot, or a transaction.
        book: the city.
        shown: wraps what takes long.
        as_far_as_kept: only the records that the ledger kept live has come to; else all that are stored.
    """
    tables = [_shadow(table) for table in KEPT]
    for table in tables:
        table.create(connection)
    if as_far_as_kept:
        connection.exec_driver_sql(_AS_FAR_AS_KEPT.format(schema=connection.dialect.default_schema_name))
    _fold(connection, book, shown)
    yield
    if as_far_as_kept:
        connection.exec_driver_sql("DROP VIEW record")
    for table in tables:
        table.drop(connection)


def _shadow(table: Table) -> Table:
    """An empty temporary table of the same name, columns and keys."""
    columns = [Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable) for c in table.columns]
    made = Table(table.name, MetaData(), *columns, prefixes=["TEMPORARY"])
    if table is LEDGER_TAP:
        Index(f"ix_{table.name}_anew", made.c.token)
    return made


def _fold(connection: Connection, book: Rulebook, shown: WorkProgress) -> None:
    known = Known(OneConnection(connection))
    kiosks = connection.execute(select(RUN.c.kiosk).distinct().where(RUN.c.kiosk != HUB_KIOSK)).scalars()
    for kiosk in shown(list(kiosks), "kiosks"):
        change = Change()
        runs = [name.id for name in read_names(connection, RUN.c.kiosk == kiosk)]
        for unplaced in read_kiosks(connection, {kiosk: runs}).values():
            place_anew(connection, unplaced, change)
        known.accept(change)
        known.write()
    change = Change()
    fold_amendments(connection, unfolded_amendments(connection), change)  # once all that they are about is there
    known.accept(change)
    known.write()
    known.forget()
    tokens = list(connection.execute(select(LEDGER_TAP.c.token).distinct()).scalars())
    persons = PersonFolding(known, book)
    for person in shown(sorted({person for token in tokens for person in book.persons(token)}), "persons"):
        change = Change()
        persons.fold_since(person, 0, change)
        known.accept(change)
        known.write()
        persons.forget()
    known.accept(Change(cards={token: book.spelled_card(token) for token in tokens}))
    known.write()
