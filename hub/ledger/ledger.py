"""The one fold, step by step: from records to the taps' places, stints and watching, and into the database.

What is to be folded is known from the database alone: a run of which more is stored than folded, a card or terms other
than folded by. So a hub that was killed goes on where it stopped. Each step comes to a `Change`, for the board at once;
`write` writes all since the last one, and how far it goes, in one short transaction. What comes of people who stand at
kiosks now may go first (`take`).
All calls come from one thread but for `touch` and `learn`; nobody else may write these tables meanwhile.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import Engine

from hub.database.transactions import Database
from hub.intake.gathering import Stored
from hub.ledger.change import Change
from hub.ledger.changed_city import ChangedCity
from hub.ledger.following import MOST_ROWS, Followed, add_following, follow
from hub.ledger.groups import in_groups
from hub.ledger.kiosks import place_anew, read_first, read_kiosks
from hub.ledger.known import Known
from hub.ledger.queries import RUN, read_names, read_throughs, unfolded_runs
from hub.register.directory import Directory
from station.names import HUB_KIOSK

RUNS_A_STEP: Final = 100
KIOSKS_AT_ONCE: Final = 16  # read together, with all their runs
TAPS_A_STEP: Final = 100  # so that a step is milliseconds
ROWS_A_STEP: Final = 500  # of runs that are placed anew, taps or not; one long run is read as a whole
MOST_PENDING: Final = 300  # rows; every tap of the city waits while they are written
MOST_OLD: Final = 100  # rows where any are of a step: what was kept for a month gives way to who taps now


class Ledger:
    """Follows the journal.

    Args:
        engine: the database.
        directory: the city.
    """

    def __init__(self, engine: Engine, directory: Directory) -> None:
        self._known = Known(Database(engine), directory.zone)
        self._lock = threading.Lock()
        self._came: dict[int, None] = {}  # runs, since the last step
        self._came_live: dict[int, None] = {}  # those of them whose records are of people who stand at kiosks now
        self._newer: Directory | None = None
        self._city = ChangedCity(self._known, directory)
        self._due: dict[int, None] | None = None  # runs; None before the first look
        self._first: dict[int, None] = {}  # live ones, of which nothing else waits
        self._is_careful = False  # a step or a writing failed: one run or one person at a time, each written alone
        self._has_stepped = False  # since the last writing
        self._under_way = set[int]()  # runs that a step has taken up

    def touch(self, runs: Iterable[int], *, is_live: bool = False) -> None:
        """Say that records of these runs have been stored; of people who stand at kiosks now? From any thread."""
        came = dict.fromkeys(runs)
        with self._lock:
            if is_live:
                self._came_live.update((run, None) for run in came if run not in self._came)
            self._came.update(came)

    def learn(self, directory: Directory) -> None:
        """Follow the city as a change has left it. From any thread."""
        with self._lock:
            self._newer = directory

    @property
    def has_more(self) -> bool:
        """Whether a step has anything to do."""
        is_new = self._newer is not None or self._due is None
        return is_new or bool(self._came or self._due) or not self._city.is_followed

    @property
    def has_live(self) -> bool:
        """Whether the next step is of people who stand at kiosks now, as far as is known."""
        return bool(self._first or self._came_live)

    @property
    def has_pending(self) -> bool:
        """Whether something is folded and not written."""
        return bool(self._known.pending)

    @property
    def is_full(self) -> bool:
        """Whether so much is pending that it should be written."""
        most = MOST_OLD if self._has_stepped else MOST_PENDING
        return self._known.pending.size >= most or (self._is_careful and self.has_pending)

    @property
    def behind(self) -> int:
        """How many runs have records that are not folded, as far as is known. From any thread."""
        return len(self._due or ()) + len(self._came)

    def catch_up(self) -> list[Change]:
        """Step until everything that is stored is folded, and write it.

        Raises:
            StoreTroubleError: the database cannot be read or written.
        """
        changes = []
        while self.has_more:
            changes.append(self.step())
            if self.is_full:
                self.write()
        self.write()
        return changes

    def take_all(self, stored: Sequence[Stored], show: Callable[[Change], None]) -> None:
        """`take` these, as many at once as is soon done, and show what comes of each time.

        Raises:
            StoreTroubleError: those that failed, and all behind them, are due.
        """
        taken = 0
        try:
            for some in in_groups(stored):
                change = self.take(some)
                taken += len(some)
                if change:
                    show(change)
        finally:
            self.touch(one.run.id for one in stored[taken:])

    def take(self, stored: Sequence[Stored]) -> Change:
        """Fold records that have just been stored, before all that is due; what must wait is due, and not in it.

        Args:
            stored: no two of one run.

        Raises:
            StoreTroubleError: nothing of it is folded; it is due.
        """
        self._take_what_came()
        change = Change()
        if self._due is None or self._city.may_give_cards or self._is_careful:
            self.touch(one.run.id for one in stored)
            return change
        self.touch(one.run.id for one in stored if one.run.id in self._due)
        ready = [one for one in stored if one.run.id not in self._due]
        try:
            self._fold_stored(ready, change)
        except BaseException:
            self._city.persons.forget()
            self._due.update((one.run.id, None) for one in ready)
            raise
        for one in ready:
            if one.run.id not in change.runs:
                self._due[one.run.id] = self._first[one.run.id] = None
        return change

    def step(self) -> Change:
        """Fold a few milliseconds' worth of what is due.

        Raises:
            StoreTroubleError: nothing of it is folded; it is due again.
        """
        self._take_what_came()
        self._has_stepped = True
        try:
            return self._step(self._look())
        except BaseException:
            self._city.persons.forget()
            raise

    def _step(self, due: dict[int, None]) -> Change:
        change = Change()
        self._under_way = set()
        self._city.begin_step()
        if not self._city.may_give_cards:  # else taps would be its new holder's that were another's
            done = self._fold_kiosks(change, due)
            self._city.persons.fold_new(change)
            self._known.accept(change)
            for run in done:
                del due[run]
                self._first.pop(run, None)
        if not (self._is_careful and self._under_way):
            self._city.fold_some(change, is_careful=self._is_careful)
        self._end_care()
        return change

    def write(self) -> None:
        """Write what is folded and not written.

        Raises:
            StoreTroubleError: nothing of it is written; it is pending still.
        """
        self._known.write()
        self._has_stepped = False
        self._end_care()

    def pass_over(self) -> str | None:
        """After a step or a writing that failed for no known reason: try one at a time, and leave out the one.

        What was pending is folded again; whoever was told of it must ask anew.

        Returns:
            What is left out, until more comes of it or the hub starts again; None where there is more to try.
        """
        was_careful, self._is_careful = self._is_careful, True
        self._known.forget()
        self._city.persons.forget()
        if not was_careful:
            self._due = None
            self._city.compare_anew()
            self._first.clear()
            return None
        for run in self._under_way:
            self._first.pop(run, None)
            if self._due is not None:
                self._due.pop(run, None)
        return f"runs {sorted(self._under_way)}" if self._under_way else self._city.pass_over()

    def _end_care(self) -> None:
        """Once nothing is left to be tried by itself."""
        self._is_careful = self._is_careful and (self.has_more or self.has_pending)

    def _look(self) -> dict[int, None]:
        if self._due is None or not self._city.is_compared:
            with self._known.snapshot() as connection:
                if self._due is None:
                    self._due = dict.fromkeys(unfolded_runs(connection, RUN.c.kiosk != HUB_KIOSK))
                if not self._city.is_compared:
                    self._city.compare(connection)
        return self._due

    def _take_what_came(self) -> None:
        with self._lock:
            came, self._came = self._came, {}
            live, self._came_live = self._came_live, {}
            newer, self._newer = self._newer, None
        if newer is not None:
            self._city.turn_to(newer)
        if self._due is not None:  # else the first look finds them
            self._first.update((run, None) for run in live if run not in self._due)
            self._due.update(came)

    def _fold_stored(self, stored: Sequence[Stored], change: Change) -> None:
        """Add what the records change that simply follow in their runs."""
        tips = self._known.tips([one.run.id for one in stored])
        for run, new, through in stored:
            tip = tips.get(run.id)
            if tip is None:
                continue
            if any(row.seq != seq for seq, row in enumerate(new, tip.outline.last_seq + 1)):  # late, or folded already
                self._known.doubt([run.id])
            elif add_following(self._known, tip, new, change):
                change.told[run.id] = min(through, new[-1].seq)
        if change:
            self._city.persons.fold_new(change)
            self._known.accept(change)

    def _fold_kiosks(self, change: Change, due: Iterable[int]) -> set[int]:
        """What is new of some of the runs that are due; returns those of which all is in that."""
        some = list(islice(self._first or due, RUNS_A_STEP))
        if not some:
            return set()
        by_kiosk: dict[str, list[int]] = defaultdict(list)
        with self._known.journal() as connection:
            for name in read_names(connection, RUN.c.id.in_(some)):
                by_kiosk[name.kiosk].append(name.id)
        if self._is_careful:
            by_kiosk = {kiosk: runs[:1] for kiosk, runs in islice(by_kiosk.items(), 1)}
        self._under_way = {run for runs in by_kiosk.values() for run in runs}
        self._known.doubt_gaps(self._under_way)  # late records may be among what came
        followed = follow(self._known, [runs[0] for runs in by_kiosk.values()], change)
        done = followed.done | self._place_others(change, by_kiosk, followed)
        with self._known.journal() as connection:
            through = read_throughs(connection, [outline.run for outline in change.outlines])
        change.told.update((outline.run, min(through[outline.run], outline.last_seq)) for outline in change.outlines)
        return done

    def _place_others(self, change: Change, by_kiosk: dict[str, list[int]], followed: Followed) -> set[int]:
        done = set[int]()
        others = {
            kiosk: runs
            for kiosk, runs in by_kiosk.items()
            if followed.done.isdisjoint(runs) and followed.later.isdisjoint(runs)
        }
        if not others:
            return done
        rows = 0
        with self._known.snapshot(others) as connection:
            left = iter(others.items())
            while len(change.taps) < TAPS_A_STEP and rows < ROWS_A_STEP:
                touched = dict(islice(left, KIOSKS_AT_ONCE))
                if not touched:
                    break
                unplaced = read_kiosks(connection, touched)
                first = read_first(connection, unplaced.values(), ROWS_A_STEP)
                for kiosk, runs in touched.items():
                    if rows >= ROWS_A_STEP:
                        break
                    begun = set[int]()
                    if kiosk in unplaced:
                        begun, placed = place_anew(connection, unplaced[kiosk], change, most_new=MOST_ROWS, first=first)
                        rows += placed
                    done |= {*runs} - begun
        return done
