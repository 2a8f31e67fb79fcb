"""The whole ledger made anew from the records, in temporary tables beside the one kept live.

It goes the plain way: each kiosk's records placed at once, each person's taps of all times folded. Nothing here leans
on what the ledger kept live has in its tables but, where told so, on how far that has come.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from sqlalchemy import Column, Connection, Index, MetaData, Table, insert, select

from hub.database.ledger_tables import LedgerCard, LedgerRun, LedgerTap, StintRow, WatchedRow
from hub.database.transactions import table_of
from hub.ledger.journal import RUN, RunName, read_lines, read_outlines, read_runs, read_taps
from hub.ledger.kiosks import KioskChange, taps_of
from hub.ledger.outlines import finish, joint, note_places, outline_of
from hub.ledger.placing import Line, bounds, note_tip, ordered, place_whole
from hub.ledger.rulebook import Rulebook
from hub.ledger.stints import folded
from hub.ledger.writing import mark_rows, marking, watched_rows
from station.names import Epoch

RUNS: Final = table_of(LedgerRun)
TAPS: Final = table_of(LedgerTap)
WATCHED: Final = table_of(WatchedRow)
STINTS: Final = table_of(StintRow)
CARDS: Final = table_of(LedgerCard)
KEPT: Final = (RUNS, TAPS, WATCHED, STINTS, CARDS)
"""The tables that are made anew; what else the ledger has says which city it follows."""


class Shown(Protocol):
    """Shows how far a long work has come."""

    def __call__(self, work: list[str], unit: str) -> Iterable[str]:
        """The same work, counted as it is taken."""


def made_anew(
    connection: Connection, book: Rulebook, shown: Shown, *, as_far_as_kept: bool = False
) -> dict[Table, Table]:
    """Fold all records.

    Args:
        connection: a snapshot, or a transaction; the temporary tables are its own.
        book: the city.
        shown: wraps what takes long.
        as_far_as_kept: only the records that the ledger kept live has come to; else all that are stored.

    Returns:
        The temporary table that stands for each of `KEPT`.
    """
    tables = {table: _like(table) for table in KEPT}
    for table in tables.values():
        table.create(connection)
    folding = _Folding(connection, book, tables, as_far_as_kept=as_far_as_kept)
    kiosks = select(RUN.c.kiosk).distinct().order_by(RUN.c.kiosk)
    for kiosk in shown(list(connection.execute(kiosks).scalars()), "kiosks"):
        folding.fold_kiosk(kiosk)
    persons = folding.persons()
    for person in shown(sorted(persons), "persons"):
        folding.fold_person(persons[person])
    return tables


def _like(table: Table) -> Table:
    """An empty temporary table of the same columns and keys."""
    columns = [Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable) for c in table.columns]
    made = Table(f"{table.name}_anew", MetaData(), *columns, prefixes=["TEMPORARY"])
    if table is TAPS:
        Index(f"ix_{made.name}_token", made.c.token)
    return made


class _Folding:
    """Fills the temporary tables."""

    def __init__(
        self, connection: Connection, book: Rulebook, tables: Mapping[Table, Table], *, as_far_as_kept: bool
    ) -> None:
        self._as_far_as_kept = as_far_as_kept
        self._connection = connection
        self._book = book
        self._tables = tables
        self._marking = marking(tables[TAPS])

    def fold_kiosk(self, kiosk: str) -> None:
        names = read_runs(self._connection, kiosk)
        lines = self._lines(kiosk, names)
        outlines = {epoch: outline_of(names[epoch].id, epoch, found) for epoch, found in lines.items() if found}
        in_order = [(epoch, outlines[epoch]) for epoch in ordered(outlines)]
        placed = place_whole(in_order, {outline.run: lines[epoch] for epoch, outline in in_order})
        made = KioskChange(outlines=list(outlines.values()))
        for epoch, outline in in_order:
            note_places(outline, placed[outline.run])
            made.watched[outline.run] = finish(outline, lines[epoch], placed[outline.run]).stretches
            made.taps.extend(taps_of(names[epoch], lines[epoch], placed[outline.run]))
        if in_order:
            note_tip([outline for _, outline in in_order])
        for (_, outline), bound in zip(in_order, bounds([outline for _, outline in in_order]), strict=True):
            if outline.has_doubt:
                outline.low_ms, outline.high_ms = bound
            made.joints[outline.run] = joint(outlines.get(Epoch(outline.before or "")), outline)
        self._put(RUNS, [outline.model_dump() for outline in made.outlines])
        self._put(TAPS, [tap.row for tap in made.taps])
        self._put(WATCHED, watched_rows(made))

    def persons(self) -> dict[str, list[str]]:
        """Everybody who tapped, with their cards."""
        found: dict[str, list[str]] = {}
        taps = self._tables[TAPS]
        for token in self._connection.execute(select(taps.c.token).distinct().order_by(taps.c.token)).scalars():
            found.setdefault(self._book.identity(token).person, []).append(token)
        return found

    def fold_person(self, tokens: list[str]) -> None:
        identity = self._book.identity(tokens[0])
        taps = read_taps(self._connection, tokens, table=self._tables[TAPS])
        runs = {(tap.kiosk, tap.epoch): int(tap.row["run"]) for tap in taps}
        found = folded(sorted(tap.placed for tap in taps), identity, runs, self._book)
        self._put(STINTS, found.stints)
        self._put(CARDS, [{"token": token, **identity._asdict()} for token in tokens])
        if found.marks:
            self._connection.execute(self._marking, mark_rows(found.marks))

    def _lines(self, kiosk: str, names: Mapping[Epoch, RunName]) -> dict[Epoch, list[Line]]:
        if not self._as_far_as_kept:
            return {epoch: read_lines(self._connection, name.id) for epoch, name in names.items()}
        kept = read_outlines(self._connection, kiosk)
        return {
            epoch: read_lines(self._connection, name.id, until=kept[name.id].last_seq)
            for epoch, name in names.items()
            if name.id in kept
        }

    def _put(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(self._tables[table]), rows)
