"""The ledger kept live: the taps' places, stints and watching that follow from the records, in the database.

What is to be folded is known from the database alone: a run of which more is stored than folded, a card or hours other
than folded by. So a hub that was killed goes on where it stopped. Each step reads one snapshot, works without holding
anything, and writes its change and the cursor in one short transaction: all of it is there, or none.
All calls come from one thread but for `touch` and `learn`; nobody else may write these tables meanwhile.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine

from hub.database.transactions import snapshot, writing
from hub.ledger.editions import Unfollowed, what_differs
from hub.ledger.following import MOST_ROWS, follow
from hub.ledger.journal import RUN, read_names, unfolded_runs
from hub.ledger.kiosks import KioskChange, place_anew
from hub.ledger.persons import PersonChange, PersonFolding
from hub.ledger.writing import write_edition, write_kiosks, write_persons
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook

RUNS_A_STEP: Final = 100
TAPS_A_STEP: Final = 100  # so that a step is milliseconds of writing: every tap of the city waits for it
PERSONS_A_STEP: Final = 20  # with their taps of all times


class _UnderWay(NamedTuple):
    """What a step has taken up."""

    runs: set[int]
    persons: list[str]


class Ledger:
    """Follows the journal step by step.

    Args:
        engine: the database.
        directory: the city.
    """

    def __init__(self, engine: Engine, directory: Directory) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._came: dict[int, None] = {}  # runs, since the last step
        self._newer: Directory | None = None
        self._book = Rulebook(directory)
        self._due: dict[int, None] | None = None  # runs; None before the first look
        self._unfollowed: Unfollowed | None = None  # None before the book was compared with the ledger
        self._is_careful = False  # a step failed: one kiosk or one person at a time
        self._under_way = _UnderWay(set(), [])

    def touch(self, runs: Iterable[int]) -> None:
        """Say that records of these runs have been stored. From any thread."""
        with self._lock:
            self._came.update(dict.fromkeys(runs))

    def learn(self, directory: Directory) -> None:
        """Follow the city as an import has left it. From any thread."""
        with self._lock:
            self._newer = directory

    @property
    def has_more(self) -> bool:
        """Whether a step has anything to do."""
        is_new = self._newer is not None or self._unfollowed is None or self._due is None
        return is_new or bool(self._came or self._due) or self._unfollowed != _NOTHING

    @property
    def behind(self) -> int:
        """How many runs have records that are not folded, as far as is known. From any thread."""
        return len(self._due or ()) + len(self._came)

    def catch_up(self) -> None:
        """Step until everything that is stored is folded.

        Raises:
            StoreTroubleError: the database cannot be read or written.
        """
        while self.has_more:
            self.step()

    def step(self) -> None:
        """Fold a few milliseconds' worth, and write it.

        Raises:
            StoreTroubleError: nothing of it is written; it is due again.
        """
        self._take_what_came()
        with snapshot(self._engine) as connection:
            if self._due is None:
                self._due = dict.fromkeys(unfolded_runs(connection))
            if self._unfollowed is None:
                self._unfollowed = what_differs(connection, self._book)
            kiosks, done = self._fold_kiosks(connection, self._due)
            persons = self._unfollowed.persons[: 1 if self._is_careful else PERSONS_A_STEP]
            if self._is_careful and self._under_way.runs:
                persons = []
            self._under_way = self._under_way._replace(persons=persons)
            folding = PersonFolding(connection, self._book, kiosks.taps)
            folding.fold_about([*kiosks.taps, *kiosks.before])
            for person in persons:
                folding.fold_whole(person)
        left = self._unfollowed._replace(persons=self._unfollowed.persons[len(persons) :])
        self._write(kiosks, folding.change, left)
        for run in done:
            del self._due[run]
        self._unfollowed = left if left.persons else _NOTHING
        self._is_careful = self._is_careful and self.has_more

    def pass_over(self) -> str | None:
        """After a step that failed for no known reason: try one kiosk or person at a time, and leave out the one.

        Returns:
            What is left out, until more comes of it or the hub starts again; None where there is more to try.
        """
        runs, persons = self._under_way
        self._is_careful = not self._is_careful
        if self._is_careful:
            return None
        for run in runs:
            if self._due is not None:
                self._due.pop(run, None)
        if not runs and self._unfollowed is not None:
            self._unfollowed = self._unfollowed._replace(persons=self._unfollowed.persons[len(persons) :])
        return f"runs {sorted(runs)}" if runs else f"{len(persons)} persons"

    def _take_what_came(self) -> None:
        with self._lock:
            came, self._came = self._came, {}
            newer, self._newer = self._newer, None
        if newer is not None:
            self._book = Rulebook(newer)
            self._unfollowed = None
        if self._due is not None:  # else the first look finds them
            self._due.update(came)

    def _fold_kiosks(self, connection: Connection, due: Iterable[int]) -> tuple[KioskChange, set[int]]:
        """What is new of some of the runs that are due, and those of which all is in that."""
        some = list(islice(due, RUNS_A_STEP))
        by_kiosk: dict[str, list[int]] = defaultdict(list)
        for name in read_names(connection, RUN.c.id.in_(some)):
            by_kiosk[name.kiosk].append(name.id)
        if self._is_careful:
            by_kiosk = dict(islice(by_kiosk.items(), 1))
        self._under_way = _UnderWay({run for runs in by_kiosk.values() for run in runs}, [])
        change = KioskChange()
        followed = follow(connection, [runs[0] for runs in by_kiosk.values()], change)
        done = followed.done
        for kiosk, runs in by_kiosk.items():
            if len(change.taps) >= TAPS_A_STEP:
                break
            if followed.done.isdisjoint(runs) and followed.later.isdisjoint(runs):
                done = done | ({*runs} - place_anew(connection, kiosk, runs, change, most_new=MOST_ROWS))
        return change, done

    def _write(self, kiosks: KioskChange, persons: PersonChange, left: Unfollowed) -> None:
        with writing(self._engine) as connection:
            write_kiosks(connection, kiosks)
            write_persons(connection, persons)
            if left.is_news and not left.persons:
                write_edition(connection, self._book.edition, left.weeks)


_NOTHING: Final = Unfollowed([], {}, is_news=False)
