"""What a fold comes to: what is otherwise in the ledger, as values; the board is shown it, and it is written down.

A `Change` is laid over what was before: first what goes, then what comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.ledger.outlines import Outline
from hub.ledger.queries import RunName, StoredTap
from hub.ledger.stint_rows import LedgerStint
from station.watching import WatchStretch


class WatchedStretch(NamedTuple):
    """The columns of `WatchedRow`."""

    run: int
    joint: bool
    since_ms: int
    until_ms: int


class Void(NamedTuple):
    """The stints of one person that were made by taps from one moment to another, both included."""

    person: str
    since_ms: int
    until_ms: int


@dataclass(slots=True)
class Change:
    """One step of the fold.

    Attributes:
        runs: whose the runs in it are.
        outlines: of the runs that are otherwise now.
        told: by run, up to which seq all its records are in the ledger with this.
        taps: new ones, and those whose place has changed.
        before: the latter, as they were.
        unwatched: the runs whose own stretches (False), or joints (True), go.
        watched: those that come, or are longer.
        void: the stints that go.
        gone: these stints, as they were.
        stints: those that come.
        marked: the taps whose mark is otherwise now, with it.
        cards: by token, as whose each card is folded (`Rulebook.spelled_card`).
    """

    runs: dict[int, RunName] = field(default_factory=dict)
    outlines: list[Outline] = field(default_factory=list)
    told: dict[int, int] = field(default_factory=dict)
    taps: list[StoredTap] = field(default_factory=list)
    before: list[StoredTap] = field(default_factory=list)
    unwatched: list[tuple[int, bool]] = field(default_factory=list)
    watched: list[WatchedStretch] = field(default_factory=list)
    void: list[Void] = field(default_factory=list)
    gone: list[LedgerStint] = field(default_factory=list)
    stints: list[LedgerStint] = field(default_factory=list)
    marked: list[StoredTap] = field(default_factory=list)
    cards: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.outlines or self.taps or self.unwatched or self.void or self.stints or self.cards)

    def watch(self, run: int, stretches: Iterable[WatchStretch], *, is_joint: bool) -> None:
        """Add stretches of a run, or between it and the one before."""
        self.watched += [WatchedStretch(run, is_joint, one.since_ms, one.until_ms) for one in stretches]

    def add_amended(self, other: "Change") -> None:
        """Lay another over this one, that tells of taps and persons alone; which runs say so is nobody's to know."""
        self.taps += other.taps
        self.before += other.before
        self.add(other)

    def add(self, other: "Change") -> None:
        """Lay another over this one, that tells of persons alone."""
        self.void += other.void
        self.gone += other.gone
        self.stints += other.stints
        self.marked += other.marked
        self.cards.update(other.cards)

    @property
    def since_ms(self) -> int | None:
        """The first moment that it tells of; None where no tap is new or moved."""
        return min((tap.at_ms for taps in (self.taps, self.before) for tap in taps), default=None)
