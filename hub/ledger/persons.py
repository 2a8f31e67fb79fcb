"""What changed taps, or a changed city, make of persons' stints: only the clusters that are touched are folded.

Reads from one snapshot, with the taps that are not written yet laid over it, and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from hub.intake.rows import ms_of
from hub.ledger.clusters import AT_FIRST, around
from hub.ledger.journal import StoredTap, read_taps
from hub.ledger.stints import folded
from hub.register.rulebook import Rulebook
from station.fold import PlacedTap

_EVER: Final = (-(1 << 62), 1 << 62)
_AT_FIRST_MS: Final = AT_FIRST // timedelta(milliseconds=1)
_FAR_APART_MS: Final = 4 * _AT_FIRST_MS  # then one look would find more of each card than is wanted
_MOST_CARDS: Final = 1000


class Void(NamedTuple):
    """The stints of one person that were made by taps from one moment to another."""

    person: str
    since_ms: int
    until_ms: int


@dataclass(slots=True)
class PersonChange:
    """What is to be written of persons.

    Attributes:
        void: the stints that go.
        stints: the columns of those that come.
        marks: of taps, by run and seq, whose mark is otherwise now.
        cards: by token, as whose each card is folded.
    """

    void: list[Void] = field(default_factory=list)
    stints: list[dict[str, Any]] = field(default_factory=list)
    marks: dict[tuple[int, int], str | None] = field(default_factory=dict)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)


class PersonFolding:
    """Folds persons as one connection sees them, each once.

    Args:
        connection: a snapshot of the ledger.
        book: the city.
        taps: those that are new or in another place than the ledger has them.
    """

    def __init__(self, connection: Connection, book: Rulebook, taps: Iterable[StoredTap] = ()) -> None:
        self._book = book
        self._taps = _Taps(connection, taps)
        self.change = PersonChange()

    def fold_about(self, moments: Iterable[StoredTap]) -> None:
        """Fold whoever tapped so, or did as the ledger still has it."""
        by_person: dict[str, list[StoredTap]] = defaultdict(list)
        for tap in moments:
            by_person[self._book.identity(tap.token, tap.at_ms).person].append(tap)
        times_ms = [tap.at_ms for taps in by_person.values() for tap in taps]
        self._taps.read_ahead([card for person in by_person for card in self._book.cards(person)], times_ms)
        for person, taps in by_person.items():
            self._fold_clusters(person, list(self._placed(taps)))
            self._note_cards(taps)

    def fold_whole(self, person: str) -> None:
        """Fold a person's taps of all times; nothing is left of one who has none."""
        taps = self._taps_of(person, *_EVER)
        self._note_cards(taps)
        self._fold(Void(person, *_EVER), self._placed(taps))

    def _fold_clusters(self, person: str, moments: Sequence[PlacedTap]) -> None:
        if not moments:
            return
        seen: dict[PlacedTap, StoredTap] = {}

        def taps_between(since: datetime, until: datetime) -> list[PlacedTap]:
            seen.update(self._placed(self._taps_of(person, ms_of(since), ms_of(until))))
            return list(seen)

        taps = around(moments, taps_between, self._book)
        times = [tap.at for tap in (*taps, *moments)]
        self._fold(Void(person, ms_of(min(times)), ms_of(max(times))), {tap: seen[tap] for tap in taps})

    def _taps_of(self, person: str, since_ms: int, until_ms: int) -> list[StoredTap]:
        """A person's own, of the cards that they held at that time."""
        taps = self._taps.between(self._book.cards(person), since_ms, until_ms)
        return [tap for tap in taps if self._book.identity(tap.token, tap.at_ms).person == person]

    def _placed(self, taps: Iterable[StoredTap]) -> dict[PlacedTap, StoredTap]:
        """Those at stations that can be judged, as they are folded."""
        return {tap.placed: tap for tap in taps if self._book.knows(tap.station)}

    def _fold(self, void: Void, taps: Mapping[PlacedTap, StoredTap]) -> None:
        self.change.void.append(void)
        if not taps:
            return
        first = next(iter(taps.values()))
        identity = self._book.identity(first.token, first.at_ms)
        found = folded(taps, identity, self._book)
        self.change.stints += found.stints
        for tap in taps.values():
            mark = found.marks.get((tap.run, tap.seq))
            if mark != tap.mark:
                self.change.marks[tap.run, tap.seq] = mark

    def _note_cards(self, taps: Iterable[StoredTap]) -> None:
        for token in {tap.token for tap in taps}:
            self.change.cards[token] = {"token": token, **self._book.identity(token, 0)._asdict()}


class _Taps:
    """The ledger's taps as they will be once these are written."""

    def __init__(self, connection: Connection, new: Iterable[StoredTap]) -> None:
        self._connection = connection
        self._new = {(tap.run, tap.seq): tap for tap in new}
        self._new_of: dict[str, list[StoredTap]] = defaultdict(list)
        for tap in self._new.values():
            self._new_of[tap.token].append(tap)
        self._ahead: dict[str, list[StoredTap]] = {}
        self._ahead_ms = (0, 0)

    def read_ahead(self, cards: Sequence[str], times_ms: Sequence[int]) -> None:
        """Read in one look what will be asked for, where all of it lies close together."""
        if times_ms and max(times_ms) - min(times_ms) <= _FAR_APART_MS and len(cards) <= _MOST_CARDS:
            self._ahead_ms = min(times_ms) - _AT_FIRST_MS, max(times_ms) + _AT_FIRST_MS
            self._ahead = {card: [] for card in cards}
            for tap in read_taps(self._connection, cards, *self._ahead_ms):
                self._ahead[tap.token].append(tap)

    def between(self, cards: Sequence[str], since_ms: int, until_ms: int) -> list[StoredTap]:
        """Those of these cards from one moment to another, both included."""
        if self._ahead_ms[0] <= since_ms and until_ms <= self._ahead_ms[1] and self._ahead.keys() >= {*cards}:
            kept = [tap for card in cards for tap in self._ahead[card]]
        else:
            kept = read_taps(self._connection, cards, since_ms, until_ms)
        found = [tap for tap in kept if (tap.run, tap.seq) not in self._new]
        found += [tap for card in cards for tap in self._new_of.get(card, ())]
        return [tap for tap in found if since_ms <= tap.at_ms <= until_ms]
