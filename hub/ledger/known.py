"""What the fold may ask: the ledger and the journal, with what is folded and not yet written laid over what is read.

Remembered are the tips of runs, so that a record that simply follows needs no statement. What is pending stands before
what is read, for it is newer; where more than that is asked (`snapshot`), it is written first. `forget` costs time
alone: the database knows what it lacks. Belongs to one thread.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from hub.ledger.change import Change
from hub.ledger.outlines import Outline
from hub.ledger.pending import Pending
from hub.ledger.queries import (
    HAS_LATE,
    LEDGER_RUN,
    NAME_COLUMNS,
    OUTLINE_COLUMNS,
    RUN,
    WATCHED,
    RunName,
    StoredTap,
    has_taps_after,
    read_last_stints,
    read_moments,
    read_stints,
    read_taps,
)
from hub.ledger.stint_rows import LedgerStint
from hub.ledger.touched import DueWhy, touched_by
from station.watching import WatchStretch

EVER_MS: Final = 1 << 62
MOST_TIPS: Final = 20_000
_RUNS: Final[BindParameter[int]] = bindparam("runs", expanding=True)
_LAST_STRETCH: Final = and_(
    WATCHED.c.run == LEDGER_RUN.c.run, ~WATCHED.c.joint, WATCHED.c.until_ms == LEDGER_RUN.c.last_ms
)
_TIPS: Final = (
    select(*NAME_COLUMNS, select(func.max(WATCHED.c.since_ms)).where(_LAST_STRETCH).scalar_subquery(), *OUTLINE_COLUMNS)
    .join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id)
    .where(RUN.c.id.in_(_RUNS), LEDGER_RUN.c.is_tip, ~HAS_LATE)
)


class Opened(Protocol):
    """A way to the database; raises StoreTroubleError where there is none now."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read by."""

    def snapshot(self) -> AbstractContextManager[Connection]:
        """One that sees the database as of one moment."""

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, durable once the block has ended."""


class Tip(NamedTuple):
    """The last run of a kiosk, and since when the stretch of watching runs that its last record ended, if any."""

    name: RunName
    watched_since_ms: int | None
    outline: Outline

    @property
    def last_stretch(self) -> list[WatchStretch]:
        """That stretch."""
        return [] if self.watched_since_ms is None else [WatchStretch(self.watched_since_ms, self.outline.last_ms)]


class Known:
    """The ledger and the journal, as the fold sees them.

    Args:
        database: the way to it.
        zone: where the city's days begin; None where no day is to be reckoned anew for what is written.

    Attributes:
        pending: what is folded and not written.
    """

    def __init__(self, database: Opened, zone: ZoneInfo | None = None) -> None:
        self._database = database
        self._zone = zone
        self._tips: dict[int, Tip] = {}
        self._held: dict[str, str] = {}
        self.pending = Pending()

    def tips(self, runs: Sequence[int]) -> dict[int, Tip]:
        """Those of these runs that may be followed without a look at others.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        missed = [run for run in runs if run not in self._tips]
        if missed:
            if not self.pending.outlines.keys().isdisjoint(missed):
                self.write()
            with self._database.reading() as connection:
                read = {tip.name.id: tip for tip in _read_tips(connection, missed)}
            if len(self._tips) > MOST_TIPS:
                self._tips = {run: tip for run, tip in self._tips.items() if run in runs}
            self._tips.update(read)
        return {run: self._tips[run] for run in runs if run in self._tips}

    def doubt_gaps(self, runs: Iterable[int]) -> None:
        """Something came of these runs: it may be late where a record was missing, and nowhere else."""
        tips = ((run, self._tips.get(run)) for run in runs)
        self.doubt([run for run, tip in tips if tip is not None and tip.outline.folded < tip.outline.last_seq])

    def doubt(self, runs: Iterable[int]) -> None:
        """Something came that does not follow in these runs: what is remembered of them is to be read again."""
        for run in runs:
            self._tips.pop(run, None)

    def taps(self, cards: Sequence[str], since_ms: int, until_ms: int) -> list[StoredTap]:
        """The taps of these cards from one moment to another, both included.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        with self._database.reading() as connection:
            read = read_taps(connection, cards, since_ms, until_ms)
        return self.pending.over_taps(read, cards, since_ms, until_ms)

    def has_taps_after(self, cards: Sequence[str], at_ms: int) -> bool:
        """Whether any tap of these cards is later than that.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        if self.pending.over_taps([], cards, at_ms + 1, EVER_MS):
            return True
        with self._database.reading() as connection:
            return has_taps_after(connection, cards, at_ms)

    def stints(self, person: str, since_ms: int, until_ms: int) -> list[LedgerStint]:
        """A person's stints by the taps that made them, from one moment to another, both included; in that order.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        with self._database.reading() as connection:
            read = read_stints(connection, person, since_ms, until_ms)
        return self.pending.over_stints(read, person, since_ms, until_ms)

    def last_stints(self, first: Mapping[str, int], cards: Mapping[str, str]) -> dict[str, list[LedgerStint]]:
        """The last stint of each of these persons, if any; of whom there is more to know, nothing is said.

        Args:
            first: since when, by person: somebody with taps since then is left out, and whoever has any pending.
            cards: whose each of their cards is.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        with self._database.reading() as connection:
            since = read_moments(connection, cards, min(first.values(), default=0))
            last = read_last_stints(connection, first)
        busy = {cards[token] for token, at_ms in since if at_ms >= first[cards[token]]}
        busy |= {person for card, person in cards.items() if self.pending.has_taps(card)}
        return {
            person: last.get(person, [])
            for person in first
            if person not in busy and not self.pending.has_stints(person)
        }

    def is_noted(self, token: str, held: str) -> bool:
        """Whether the ledger has it that this card is folded so."""
        return self._held.get(token) == held

    def accept(self, change: Change, why: DueWhy = DueWhy.RECORDS) -> None:
        """From now on that is so; it is written with the next `write`."""
        self.pending.add(change)
        if self._zone is not None:
            before_ms = {run: self._tips[run].outline.last_ms for run in change.runs if run in self._tips}
            self.pending.touch(touched_by(change, before_ms, self._zone), why)
        self._held.update(change.cards)
        since_ms = {(run, until_ms): since_ms for run, is_joint, since_ms, until_ms in change.watched if not is_joint}
        for outline in change.outlines:
            before = self._tips.pop(outline.run, None)
            is_whole = (outline.run, False) in change.unwatched
            if not outline.is_tip or (before is None and not is_whole):
                continue  # of one that turns out to be the last, the stretch that runs is in the database alone
            watched_since_ms = since_ms.get((outline.run, outline.last_ms))
            if before is not None and not is_whole and before.outline.last_ms == outline.last_ms:
                watched_since_ms = watched_since_ms or before.watched_since_ms
            self._tips[outline.run] = Tip(change.runs[outline.run], watched_since_ms, outline)

    def write(self) -> None:
        """Write what is pending.

        Raises:
            StoreTroubleError: nothing of it is written, and all of it is pending still.
        """
        if self.pending:
            writes = self.pending.made_ready()  # before its turn comes: who stores taps waits while it lasts
            with self._database.writing() as connection:
                for write in writes:
                    write(connection)
            self.pending = Pending()

    def journal(self) -> AbstractContextManager[Connection]:
        """The journal as it is; what the ledger says beside it may lack what is pending."""
        return self._database.reading()

    @contextmanager
    def snapshot(self, kiosks: Iterable[str] | None = None) -> Iterator[Connection]:
        """The database as it is once everything that is folded has been written, or all that is of these kiosks.

        Raises:
            StoreTroubleError: it cannot be written, or read.
        """
        if kiosks is None or not self.pending.kiosks.isdisjoint(kiosks):
            self.write()
        with self._database.snapshot() as connection:
            yield connection

    def forget(self) -> None:
        """Forget all that is remembered, what is pending too: what was not written is folded again."""
        self.pending = Pending()
        self._tips.clear()
        self._held.clear()


def _read_tips(connection: Connection, runs: Iterable[int]) -> Iterable[Tip]:
    width = len(NAME_COLUMNS)
    row: Any
    for row in connection.execute(_TIPS, {"runs": list(runs)}).all():
        yield Tip(RunName(*row[:width]), row[width], Outline(*row[width + 1 :]))
