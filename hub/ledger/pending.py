"""What is folded and not written yet: changes laid one over the other, so that each row is written once.

Everything is written in one transaction, with how far the runs are folded: all of it is there, or none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, update
from sqlmodel import SQLModel

from hub.database.history_table import RevisionRow
from hub.database.ledger_tables import (
    LedgerCard,
    LedgerEdition,
    LedgerRun,
    LedgerStation,
    LedgerTap,
    StintRow,
    WatchedRow,
)
from hub.database.rows_together import delete_each, put_rows
from hub.database.transactions import table_of
from hub.ledger.change import Change
from hub.ledger.outlines import Outline
from hub.ledger.queries import LEDGER_TAP, STINT, WATCHED, StoredTap
from hub.ledger.stint_rows import LedgerStint
from hub.ledger.touched import DueWhy, TouchedDay, note_due

PartOfWriting = Callable[[Connection], object]
"""A part of a transaction."""
_UNWATCHED: Final = "run = ? AND joint = ?"
_VOID: Final = "person = ? AND tapped_ms BETWEEN ? AND ?"
_MARK: Final = (
    update(LEDGER_TAP)
    .where(LEDGER_TAP.c.run == bindparam("of_run"), LEDGER_TAP.c.seq == bindparam("at_seq"))
    .values(mark=bindparam("as"))
)


@dataclass(slots=True)
class Pending:
    """The sum of some changes.

    Attributes:
        outlines: by run.
        taps: by run and seq.
        kiosks: of whose runs or taps anything is in it.
        edition: the edition of the city that the ledger follows with these, and by which new terms (`followed`).
    """

    outlines: dict[int, Outline] = field(default_factory=dict)
    taps: dict[tuple[int, int], StoredTap] = field(default_factory=dict)
    edition: int | None = None
    kiosks: set[str] = field(default_factory=set)
    _terms: dict[str, str] = field(default_factory=dict)
    _unwatched: dict[tuple[int, bool], None] = field(default_factory=dict)
    _watched: dict[tuple[int, bool], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _taps_of: dict[str, dict[tuple[int, int], StoredTap]] = field(default_factory=lambda: defaultdict(dict))
    _void: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    _stints: dict[str, dict[tuple[int, int], LedgerStint]] = field(default_factory=lambda: defaultdict(dict))
    _marks: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _cards: dict[str, str] = field(default_factory=dict)
    _revised: list[dict[str, Any]] = field(default_factory=list)
    _touched: dict[DueWhy, dict[TouchedDay, None]] = field(default_factory=lambda: defaultdict(dict))

    def __bool__(self) -> bool:
        parts = (
            self.outlines,
            self.taps,
            self._unwatched,
            self._watched,
            self._void,
            self._stints,
            self._cards,
            self._terms,
        )
        return self.edition is not None or any(parts)

    @property
    def size(self) -> int:
        """About how many rows there are to write."""
        return len(self.taps) + len(self._void) + len(self.outlines)

    def add(self, change: Change) -> None:
        """Lay one more over."""
        self.kiosks.update(name.kiosk for name in change.runs.values())
        self.kiosks.update(tap.kiosk for tap in (*change.taps, *change.marked))
        self.outlines.update((outline.run, outline) for outline in change.outlines)
        for tap in change.taps:
            self._put_tap(tap)
        for gone in change.unwatched:
            self._unwatched[gone] = None
            self._watched.pop(gone, None)
        for run, joint, since_ms, until_ms in change.watched:
            self._watched[run, joint][since_ms] = until_ms
        for person, since_ms, until_ms in change.void:
            self._void[person].append((since_ms, until_ms))
            theirs = self._stints.get(person, {})
            for name in [n for n, one in theirs.items() if since_ms <= one.tapped_ms <= until_ms]:
                del theirs[name]
        for one in change.stints:
            self._stints[one.person][one.run, one.seq] = one
        for tap in change.marked:
            name = tap.run, tap.seq
            if name in self.taps:
                self._put_tap(self.taps[name]._replace(mark=tap.mark))
            else:
                self._marks[name] = tap.mark
        self._cards.update(change.cards)

    def follow(self, edition: int, terms: Mapping[str, str]) -> None:
        """With these the ledger follows that edition, these stations by new terms."""
        self.edition = edition
        self._terms.update(terms)

    def _put_tap(self, tap: StoredTap) -> None:
        self.taps[tap.run, tap.seq] = self._taps_of[tap.token][tap.run, tap.seq] = tap

    def has_taps(self, card: str) -> bool:
        """Whether any tap of that card is pending."""
        return card in self._taps_of

    def has_stints(self, person: str) -> bool:
        """Whether any stint of that person is pending, or pending to go."""
        return person in self._stints or person in self._void

    def over_taps(self, read: list[StoredTap], cards: Iterable[str], since_ms: int, until_ms: int) -> list[StoredTap]:
        """What was read of these cards' taps between two moments, as it will be."""
        new = [tap for card in cards for tap in self._taps_of.get(card, {}).values()]
        found = [tap for tap in read if (tap.run, tap.seq) not in self.taps]
        found += [tap for tap in new if since_ms <= tap.at_ms <= until_ms]
        if self._marks:
            found = [
                tap._replace(mark=self._marks[tap.run, tap.seq]) if (tap.run, tap.seq) in self._marks else tap
                for tap in found
            ]
        return found

    def over_stints(self, read: list[LedgerStint], person: str, since_ms: int, until_ms: int) -> list[LedgerStint]:
        """What was read of a person's stints by the taps that made them, as it will be; in that order."""
        void = self._void.get(person)
        theirs = self._stints.get(person)
        if not void and not theirs:
            return read
        found = [one for one in read if not any(since <= one.tapped_ms <= until for since, until in void or ())]
        found = [one for one in found if (one.run, one.seq) not in (theirs or {})]
        found += [one for one in (theirs or {}).values() if since_ms <= one.tapped_ms <= until_ms]
        return sorted(found, key=by_tap)

    def touch(self, days: Iterable[TouchedDay], why: DueWhy) -> None:
        """These days are to be reckoned anew."""
        self._touched[why].update(dict.fromkeys(days))

    def revise(self, rows: Iterable[dict[str, Any]], since_edition: int, edition: int) -> None:
        """These stints are otherwise since that edition is followed."""
        for row in rows:
            self._revised.append({**row, "since_edition": since_edition, "edition": edition})

    def doubt_terms(self, stations: Iterable[str]) -> None:
        """By which terms the taps there are folded is not known for a while."""
        self._terms.update(dict.fromkeys(stations, ""))

    def write(self, connection: Connection) -> None:
        """Write all of it, as part of the connection's transaction."""
        for write in self.made_ready():
            write(connection)

    def made_ready(self) -> list[PartOfWriting]:
        """All of it, in order, to be done as parts of one transaction: its rows are made before it begins."""
        revised = self._revised
        return [
            *([lambda connection: connection.execute(insert(table_of(RevisionRow)), revised)] if revised else []),
            *(partial(note_due, days=days, why=why) for why, days in self._touched.items()),
            *self._kiosks_ready(),
            *self._persons_ready(),
            _put(LedgerStation, ({"station": code, "terms": text} for code, text in self._terms.items())),
            _put(LedgerEdition, [] if self.edition is None else [{"id": 1, "number": self.edition}]),
        ]

    def _kiosks_ready(self) -> list[PartOfWriting]:
        stretches = (
            {"run": run, "joint": joint, "since_ms": since_ms, "until_ms": until_ms}
            for (run, joint), found in self._watched.items()
            for since_ms, until_ms in found.items()
        )
        return [
            _put(LedgerRun, (outline.columns for outline in self.outlines.values())),
            _put(LedgerTap, (tap.columns for tap in self.taps.values())),
            partial(delete_each, table=WATCHED, which=_UNWATCHED, values=list(self._unwatched)),
            _put(WatchedRow, stretches),
        ]

    def _persons_ready(self) -> list[PartOfWriting]:
        gone = [(person, *stretch) for person, stretches in self._void.items() for stretch in stretches]
        marked = [{"of_run": run, "at_seq": seq, "as": mark} for (run, seq), mark in self._marks.items()]
        return [
            partial(delete_each, table=STINT, which=_VOID, values=gone),
            _put(StintRow, (one.columns for theirs in self._stints.values() for one in theirs.values())),
            *([lambda connection: connection.execute(_MARK, marked)] if marked else []),
            _put(LedgerCard, ({"token": token, "held": held} for token, held in self._cards.items())),
        ]


def by_tap(one: LedgerStint) -> tuple[int, int, int]:
    """The order of the taps that made stints."""
    return one.tapped_ms, one.run, one.seq


def _put(model: type[SQLModel], rows: Iterable[dict[str, Any]]) -> PartOfWriting:
    table = table_of(model)
    return partial(put_rows, table=table, rows=list(map(itemgetter(*table.c.keys()), rows)))
