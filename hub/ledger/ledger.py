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
from typing import Final, NamedTuple

from sqlalchemy import Engine

from hub.database.transactions import Database
from hub.intake.gathering import Stored
from hub.ledger.amending import fold_amendments, unfolded_amendments
from hub.ledger.change import Change
from hub.ledger.editions import NOTHING, Unfollowed, edition_of, moments_of, what_differs
from hub.ledger.following import MOST_ROWS, Followed, add_following, follow
from hub.ledger.kiosks import place_anew, read_kiosks
from hub.ledger.known import Known
from hub.ledger.persons import PersonFolding
from hub.ledger.queries import RUN, read_names, read_throughs, unfolded_runs
from hub.ledger.revisions import revisions
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from station.names import HUB_KIOSK

RUNS_A_STEP: Final = 100
KIOSKS_AT_ONCE: Final = 16  # read together, with all their runs
TAPS_A_STEP: Final = 100  # so that a step is milliseconds
MOST_PENDING: Final = 300  # rows; every tap of the city waits while they are written
PERSONS_A_STEP: Final = 10  # of a changed city, with their taps of all times since


class _UnderWay(NamedTuple):
    """What a step has taken up.

    Attributes:
        left: of a changed city, what it has not taken up.
    """

    runs: set[int]
    left: Unfollowed


class Ledger:
    """Follows the journal.

    Args:
        engine: the database.
        directory: the city.
    """

    def __init__(self, engine: Engine, directory: Directory) -> None:
        self._known = Known(Database(engine))
        self._lock = threading.Lock()
        self._came: dict[int, None] = {}  # runs, since the last step
        self._newer: Directory | None = None
        self._book = Rulebook(directory)
        self._persons = PersonFolding(self._known, self._book)
        self._due: dict[int, None] | None = None  # runs; None before the first look
        self._first: dict[int, None] = {}  # those of them whose records are of people who stand at kiosks now
        self._unfollowed: Unfollowed | None = None  # None before the book was compared with the ledger
        self._is_amended = True  # as far as is known: told by the city's edition, looked for with the next step
        self._is_careful = False  # a step or a writing failed: one run or one person at a time, each written alone
        self._under_way = _UnderWay(set(), NOTHING)

    def touch(self, runs: Iterable[int]) -> None:
        """Say that records of these runs have been stored. From any thread."""
        with self._lock:
            self._came.update(dict.fromkeys(runs))

    def learn(self, directory: Directory) -> None:
        """Follow the city as a change has left it. From any thread."""
        with self._lock:
            self._newer = directory

    @property
    def has_more(self) -> bool:
        """Whether a step has anything to do."""
        is_new = self._newer is not None or self._unfollowed is None or self._due is None or self._is_amended
        return is_new or bool(self._came or self._due) or self._unfollowed != NOTHING

    @property
    def has_pending(self) -> bool:
        """Whether something is folded and not written."""
        return bool(self._known.pending)

    @property
    def is_full(self) -> bool:
        """Whether so much is pending that it should be written."""
        return self._known.pending.size >= MOST_PENDING or (self._is_careful and self.has_pending)

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
        """`take` these one after the other, and show what comes of each.

        Raises:
            StoreTroubleError: the one that failed, and all behind it, are due.
        """
        taken = 0
        try:
            for one in stored:
                change = self.take(one)
                taken += 1
                if change is not None:
                    show(change)
        finally:
            self.touch(one.run.id for one in stored[taken:])

    def take(self, stored: Stored) -> Change | None:
        """Fold records that have just been stored, before all that is due; None where they must wait.

        Raises:
            StoreTroubleError: nothing of it is folded; it is due.
        """
        self._take_what_came()
        run, unfollowed = stored.run.id, self._unfollowed
        if self._due is None or unfollowed is None or unfollowed.cards or run in self._due or self._is_careful:
            self.touch([run])
            return None
        try:
            change = self._fold_stored(run, stored)
        except BaseException:
            self._persons.forget()
            self._due[run] = None
            raise
        if change is None:
            self._due[run] = self._first[run] = None
        return change

    def step(self) -> Change:
        """Fold a few milliseconds' worth of what is due.

        Raises:
            StoreTroubleError: nothing of it is folded; it is due again.
        """
        self._take_what_came()
        try:
            return self._step(*self._look())
        except BaseException:
            self._persons.forget()
            raise

    def _step(self, due: dict[int, None], unfollowed: Unfollowed) -> Change:
        change = Change()
        self._under_way = _UnderWay(set(), unfollowed)
        if (
            not unfollowed.cards
        ):  # else a card would be folded as its new holder's, and nobody know that it was another's
            done = self._fold_kiosks(change, due)
            self._persons.fold_new(change)
            self._known.accept(change)
            for run in done:
                del due[run]
                self._first.pop(run, None)
        if not (self._is_careful and self._under_way.runs):
            if self._is_amended and not unfollowed.cards:
                self._amend(change)
            self._follow(unfollowed, change)
        self._end_care()
        return change

    def _amend(self, change: Change) -> None:
        """Fold what amendments say of taps that are folded; adds to the change."""
        amended = Change()
        with self._known.snapshot() as connection:
            fold_amendments(connection, unfolded_amendments(connection), amended)
            since = edition_of(connection)
        self._persons.fold_new(amended)
        self._known.accept(amended)
        if since is not None:
            self._known.pending.revise(revisions(amended, self._book), since, self._book.edition)
        self._is_amended = False
        change.add_amended(amended)

    def write(self) -> None:
        """Write what is folded and not written.

        Raises:
            StoreTroubleError: nothing of it is written; it is pending still.
        """
        self._known.write()
        self._end_care()

    def pass_over(self) -> str | None:
        """After a step or a writing that failed for no known reason: try one at a time, and leave out the one.

        What was pending is folded again; whoever was told of it must ask anew.

        Returns:
            What is left out, until more comes of it or the hub starts again; None where there is more to try.
        """
        runs, left = self._under_way
        was_careful, self._is_careful = self._is_careful, True
        self._known.forget()
        self._persons.forget()
        if not was_careful:
            self._due, self._unfollowed = None, None
            self._first.clear()
            return None
        for run in runs:
            self._first.pop(run, None)
            if self._due is not None:
                self._due.pop(run, None)
        if self._unfollowed is not None:
            self._unfollowed = left
        if not runs and self._is_amended:
            self._is_amended = False
            return "the amendments since the last"
        return f"runs {sorted(runs)}" if runs else "a person"

    def _end_care(self) -> None:
        """Once nothing is left to be tried by itself."""
        self._is_careful = self._is_careful and (self.has_more or self.has_pending)

    def _look(self) -> tuple[dict[int, None], Unfollowed]:
        if self._due is None or self._unfollowed is None:
            with self._known.snapshot() as connection:
                if self._due is None:
                    self._due = dict.fromkeys(unfolded_runs(connection, RUN.c.kiosk != HUB_KIOSK))
                if self._unfollowed is None:
                    self._unfollowed = what_differs(connection, self._book)
        return self._due, self._unfollowed

    def _follow(self, unfollowed: Unfollowed, change: Change) -> None:
        """Fold anew some of those of whom a changed city says otherwise; adds to the change."""
        cards, persons = unfollowed.cards[:1], unfollowed.persons[: 0 if unfollowed.cards else PERSONS_A_STEP]
        if self._is_careful:
            persons = persons[:1]
        left = unfollowed._replace(cards=unfollowed.cards[len(cards) :], persons=unfollowed.persons[len(persons) :])
        self._under_way = self._under_way._replace(left=left)
        followed = Change()
        for group in cards:
            with self._known.snapshot() as connection:
                moments = moments_of(connection, group, self._book)
            self._persons.fold_about(moments, followed)
            followed.cards.update((token, self._book.spelled_card(token)) for token in group)
        for person, since_ms in persons:
            self._persons.fold_since(person, since_ms, followed)
        self._known.accept(followed)
        if unfollowed.since is not None:
            self._known.pending.revise(revisions(followed, self._book), unfollowed.since, self._book.edition)
        if persons:  # until all are through: a hub that is killed, or told of another city, begins anew
            self._known.pending.doubt_terms(left.terms)
        if left.is_news and not left.has_work:
            self._known.pending.follow(self._book.edition, left.terms)
        self._unfollowed = left if left.has_work else NOTHING
        change.add(followed)

    def _take_what_came(self) -> None:
        with self._lock:
            came, self._came = self._came, {}
            newer, self._newer = self._newer, None
        if newer is not None:
            self._book = Rulebook(newer)
            self._persons = PersonFolding(self._known, self._book)
            self._unfollowed, self._is_amended = None, True
        if self._due is not None:  # else the first look finds them
            self._due.update(came)

    def _fold_stored(self, run: int, stored: Stored) -> Change | None:
        tip = self._known.tips([run]).get(run)
        if tip is None:
            return None
        new = stored.rows
        if any(row.seq != seq for seq, row in enumerate(new, tip.outline.last_seq + 1)):  # late, or folded already
            self._known.doubt([run])
            return None
        change = Change()
        if not add_following(self._known, tip, new, change):
            return None
        change.told[run] = min(stored.through, new[-1].seq)
        self._persons.fold_new(change)
        self._known.accept(change)
        return change

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
        self._under_way = self._under_way._replace(runs={run for runs in by_kiosk.values() for run in runs})
        self._known.doubt(self._under_way.runs)  # late records may be among what came
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
        with self._known.snapshot() as connection:
            left = iter(others.items())
            while len(change.taps) < TAPS_A_STEP and (touched := dict(islice(left, KIOSKS_AT_ONCE))):
                unplaced = read_kiosks(connection, touched)
                for kiosk, runs in touched.items():
                    begun = set[int]()
                    if kiosk in unplaced:
                        begun = place_anew(connection, unplaced[kiosk], change, most_new=MOST_ROWS)
                    done |= {*runs} - begun
        return done
