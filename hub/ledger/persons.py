"""What changed taps, or a changed city, make of persons' stints: only the clusters that are touched are folded.

Reads from one snapshot, with the taps that are not written yet laid over it, and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from hub.intake.rows import ms_of
from hub.ledger.clusters import AT_FIRST, REACH, around
from hub.ledger.journal import StoredTap, read_taps
from hub.ledger.rulebook import Rulebook
from hub.ledger.stints import TapName, folded
from station.fold import PlacedTap

_FAR_APART: Final = 2 * REACH  # moments further apart are looked at each for itself
_MILLISECOND: Final = timedelta(milliseconds=1)
_AT_FIRST_MS: Final = AT_FIRST // _MILLISECOND
_CLOSE_MS: Final = timedelta(days=2) // _MILLISECOND
_MOST_CARDS: Final = 1000


class Stretch(NamedTuple):
    """Stints of one person that were made by taps from one moment to another; None for all."""

    person: str
    since_ms: int | None = None
    until_ms: int | None = None


@dataclass(slots=True)
class PersonChange:
    """What is to be written of persons.

    Attributes:
        void: the stints that go.
        stints: the columns of those that come.
        marks: of taps whose mark is otherwise now.
        cards: as whose each card is folded.
    """

    void: list[Stretch] = field(default_factory=list)
    stints: dict[TapName, dict[str, Any]] = field(default_factory=dict)
    marks: dict[TapName, str | None] = field(default_factory=dict)
    cards: list[dict[str, Any]] = field(default_factory=list)


class _Ahead(NamedTuple):
    """Taps read ahead: all of these cards from one moment to another."""

    since_ms: int
    until_ms: int
    by_card: dict[str, list[StoredTap]]

    def taps(self, cards: Sequence[str], since_ms: int | None, until_ms: int | None) -> list[StoredTap] | None:
        """Those of some of the cards in a part of the time; None where more is asked than was read."""
        if since_ms is None or until_ms is None or since_ms < self.since_ms or until_ms > self.until_ms:
            return None
        if not all(card in self.by_card for card in cards):
            return None
        return [tap for card in cards for tap in self.by_card[card] if since_ms <= tap.row["at_ms"] <= until_ms]


class PersonFolding:
    """Folds persons as one connection sees them.

    Args:
        connection: a snapshot of the ledger.
        book: the city.
        taps: those that are new or in another place than the ledger has them.
    """

    def __init__(self, connection: Connection, book: Rulebook, taps: Iterable[StoredTap] = ()) -> None:
        self._connection = connection
        self._book = book
        self._laid_over = {(tap.row["run"], tap.row["seq"]): tap for tap in taps}
        self._ahead = _Ahead(0, 0, {})
        self.change = PersonChange()

    def fold_about(self, moments: Iterable[StoredTap]) -> None:
        """Fold whoever tapped so, or did as the ledger still has it."""
        by_person: dict[str, list[StoredTap]] = defaultdict(list)
        for tap in moments:
            by_person[self._book.identity(tap.row["token"]).person].append(tap)
        self._read_ahead([tap for taps in by_person.values() for tap in taps])
        for person, taps in by_person.items():
            for group in _groups(sorted(tap.placed for tap in taps if self._book.knows(tap.station))):
                self._fold_group(person, group)
            self._note_cards({tap.row["token"] for tap in taps})

    def _read_ahead(self, moments: Sequence[StoredTap]) -> None:
        """Read what will be asked for in one look, where all of it lies close together."""
        if not moments:
            return
        first_ms, last_ms = min(tap.row["at_ms"] for tap in moments), max(tap.row["at_ms"] for tap in moments)
        if last_ms - first_ms > _CLOSE_MS:
            return
        since_ms, until_ms = first_ms - _AT_FIRST_MS, last_ms + _AT_FIRST_MS
        persons = {self._book.identity(tap.row["token"]).person for tap in moments}
        cards = [card for person in sorted(persons) for card in self._book.cards(person)]
        if len(cards) > _MOST_CARDS:
            return
        found: dict[str, list[StoredTap]] = {card: [] for card in cards}
        for tap in read_taps(self._connection, cards, since_ms, until_ms):
            found[tap.row["token"]].append(tap)
        self._ahead = _Ahead(since_ms, until_ms, found)

    def fold_whole(self, person: str) -> None:
        """Fold a person's taps of all times; nothing is left of one who has none."""
        cards = self._book.cards(person)
        taps = self._taps(cards, None, None)
        self.change.void.append(Stretch(person))
        self._fold(taps)
        self._note_cards({tap.row["token"] for tap in taps})

    def _fold_group(self, person: str, group: Sequence[PlacedTap]) -> None:
        cards = self._book.cards(person)
        seen: dict[PlacedTap, StoredTap] = {}

        def taps_between(since: datetime, until: datetime) -> list[PlacedTap]:
            found = self._taps(cards, ms_of(since), ms_of(until))
            seen.update((tap.placed, tap) for tap in found if self._book.knows(tap.station))
            return sorted(placed for placed in seen if since <= placed.at <= until)

        taps = around(group, taps_between, self._book)
        moments = [tap.at for tap in (*taps, *group)]
        self.change.void.append(Stretch(person, ms_of(min(moments)), ms_of(max(moments))))
        self._fold([seen[tap] for tap in taps])

    def _fold(self, taps: Sequence[StoredTap]) -> None:
        if not taps:
            return
        stored = {(tap.kiosk, tap.epoch, tap.row["seq"]): tap for tap in taps}
        runs = {(tap.kiosk, tap.epoch): int(tap.row["run"]) for tap in taps}
        identity = self._book.identity(taps[0].row["token"])
        found = folded(sorted(tap.placed for tap in taps), identity, runs, self._book)
        for stint in found.stints:
            self.change.stints[TapName(stint["run"], stint["seq"])] = stint
        for tap in stored.values():
            name = TapName(tap.row["run"], tap.row["seq"])
            if found.marks.get(name) != tap.row["mark"]:
                self.change.marks[name] = found.marks.get(name)

    def _taps(self, cards: Sequence[str], since_ms: int | None, until_ms: int | None) -> list[StoredTap]:
        taps = self._ahead.taps(cards, since_ms, until_ms)
        if taps is None:
            taps = read_taps(self._connection, cards, since_ms, until_ms)
        names = ((tap.row["run"], tap.row["seq"]) for tap in taps)
        found = {name: tap for name, tap in zip(names, taps, strict=True) if name not in self._laid_over}
        for name, tap in self._laid_over.items():
            is_between = since_ms is None or until_ms is None or since_ms <= tap.row["at_ms"] <= until_ms
            if tap.row["token"] in cards and is_between:
                found[name] = tap
        return list(found.values())

    def _note_cards(self, tokens: Iterable[str]) -> None:
        for token in sorted(tokens):
            identity = self._book.identity(token)
            self.change.cards.append({"token": token, "person": identity.person, "counted": identity.counted})


def _groups(taps: Sequence[PlacedTap]) -> list[list[PlacedTap]]:
    groups = [[tap] for tap in taps[:1]]
    for earlier, later in pairwise(taps):
        if later.at - earlier.at > _FAR_APART:
            groups.append([])
        groups[-1].append(later)
    return groups
