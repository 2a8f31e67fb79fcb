"""How far one run of one kiosk is stored: which seqs are there, how far without a break, and what is missing.

Pure bookkeeping in memory, a copy of what the database has; `storing` writes it down with the records, and looks
whether the copy still holds. `through` follows protocol.md, Settling 5.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from station.names import Epoch, KioskId, StationCode

RunKey = tuple[KioskId, Epoch]


class SeqStretch(NamedTuple):
    """Seqs from `first` to `last`, both included."""

    first: int
    last: int


class Claim(NamedTuple):
    """What a kiosk that keeps a run from `first` on may be told beside `through`.

    Attributes:
        aged: how far all of it has been held here long enough.
        is_confirmed: whether the kiosk's own clock agreed with the hub's.
        looked_ms: when `aged` was looked up, by the hub's clock.
        aged_until_ms: when more of it may be aged.
        backed: how far all of it is in the backup.
        backup: the one that was looked into.
        backed_until_ms: when that is to be looked into again.
    """

    first: int = 0
    aged: int = 0
    is_confirmed: bool = False
    looked_ms: int = 0
    aged_until_ms: int = 0
    backed: int = 0
    backup: Path | None = None
    backed_until_ms: int = 0


NO_CLAIM: Final = Claim()


@dataclass(slots=True, eq=False)
class KnownRun:
    """One run and the seqs of it that are stored.

    Attributes:
        id: what the run's records bear in the database.
        kept_from: the lowest seq that the kiosk still holds, as it last said.
        stored: in order, neither overlapping nor touching; nearly always one stretch.
        last_at_ms: the latest `at` of its records.
        revision: how often its row was written when it was read.
        claim: what was last looked up of it.
    """

    id: int
    kiosk: KioskId
    epoch: Epoch
    station: StationCode
    kept_from: int = 1
    stored: list[SeqStretch] = field(default_factory=list)
    last_at_ms: int = 0
    revision: int = 0
    claim: Claim = NO_CLAIM

    @property
    def through(self) -> int:
        """As `through_from`, for what the kiosk last said."""
        return self.through_from(self.kept_from)

    def through_from(self, kept_from: int) -> int:
        """The end of the unbroken run of stored seqs from there on; 0 where nothing there is stored."""
        for stretch in reversed(self.stored):
            if stretch.first <= kept_from and kept_from - 1 <= stretch.last:
                return stretch.last
        return 0

    def gaps(self) -> list[SeqStretch]:
        """What is missing below `kept_from`."""
        found, wanted = [], 1
        for stretch in self.stored:
            if stretch.first >= self.kept_from:
                break
            if stretch.first > wanted:
                found.append(SeqStretch(wanted, stretch.first - 1))
            wanted = stretch.last + 1
        if wanted < self.kept_from:
            found.append(SeqStretch(wanted, self.kept_from - 1))
        return found

    def holds(self, seq: int) -> bool:
        """Whether that record is stored."""
        return any(stretch.first <= seq <= stretch.last for stretch in reversed(self.stored))

    def lacks_all(self, first: int, last: int) -> bool:
        """Whether none of these is stored."""
        return all(last < stretch.first or stretch.last < first for stretch in reversed(self.stored))

    def add(self, first: int, last: int) -> None:
        """Take these as stored."""
        if self.stored and self.stored[-1].last == first - 1:
            self.stored[-1] = SeqStretch(self.stored[-1].first, last)
            return
        before = [stretch for stretch in self.stored if stretch.last < first - 1]
        after = [stretch for stretch in self.stored if stretch.first > last + 1]
        touching = self.stored[len(before) : len(self.stored) - len(after)]
        joined = SeqStretch(min([first, *(s.first for s in touching)]), max([last, *(s.last for s in touching)]))
        self.stored = [*before, joined, *after]


def stored_stretches(through: int, gaps: list[SeqStretch], beyond: list[SeqStretch]) -> list[SeqStretch]:
    """What is stored, from how the database says it.

    Args:
        through: the run's, as written.
        gaps: what is missing below it, in order.
        beyond: what is stored above it, in order.
    """
    found, first = [], 1
    for gap in gaps:
        if first < gap.first <= through:
            found.append(SeqStretch(first, gap.first - 1))
        first = gap.last + 1
    if first <= through:
        found.append(SeqStretch(first, through))
    return [*found, *beyond]
