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
from typing import Final

from sqlalchemy import Connection, Engine, select

from hub.database.transactions import writing
from hub.ledger.following import edition_of, what_differs
from hub.ledger.journal import RUN, snapshot, unfolded_runs
from hub.ledger.kiosks import KioskChange, kiosk_change
from hub.ledger.persons import PersonChange, PersonFolding
from hub.ledger.rulebook import Rulebook
from hub.ledger.writing import write_edition, write_kiosk, write_persons
from hub.register.directory import Directory

TAPS_A_STEP: Final = 100  # so that a step is milliseconds of writing; a kiosk is never parted
RUNS_A_LOOK: Final = 25
PERSONS_A_STEP: Final = 20  # with their taps of all times


class Ledger:
    """Follows the journal step by step.

    Args:
        engine: the database.
        directory: the city.
    """

    def __init__(self, engine: Engine, directory: Directory) -> None:
        self._engine = engine
        self._book = Rulebook(directory)
        self._lock = threading.Lock()
        self._touched: dict[int, None] | None = None  # None: not looked for yet
        self._late: dict[int, None] = {}  # touched since the last step
        self._persons: list[str] | None = None  # None: not compared with the city yet
        self._weeks: dict[str, str] = {}
        self._edition: int | None = None
        self._newer: Directory | None = None
        self._is_careful = False  # a step failed: one kiosk and one person at a time
        self._under_way: tuple[list[int], list[str]] = [], []

    def touch(self, runs: Iterable[int]) -> None:
        """Say that records of these runs have been stored. From any thread."""
        with self._lock:
            self._late.update(dict.fromkeys(runs))

    def learn(self, directory: Directory) -> None:
        """Follow the city as an import has left it. From any thread."""
        with self._lock:
            self._newer = directory

    @property
    def has_more(self) -> bool:
        """Whether a step has anything to do."""
        return (
            self._newer is not None
            or self._persons is None
            or bool(self._persons or self._touched or self._late or self._touched is None)
        )

    @property
    def behind(self) -> int:
        """How many runs have records that are not folded, as far as is known. From any thread."""
        return len(self._touched or ()) + len(self._late)

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
            self._look(connection)
            assert self._touched is not None
            assert self._persons is not None
            due, persons = self._due(connection), self._persons[:PERSONS_A_STEP]
            if self._is_careful:
                due, persons = due[:1], [] if due else persons[:1]
            self._under_way = [run for _, runs in due for run in runs], persons
            kiosks = self._changes(connection, due)
            folding = PersonFolding(connection, self._book, [tap for change in kiosks for tap in change.taps])
            folding.fold_about(tap for change in kiosks for tap in (*change.taps, *change.before))
            for person in persons:
                folding.fold_whole(person)
        is_last = len(persons) == len(self._persons)
        is_news = bool(self._weeks) or self._edition != self._book.edition
        self._write(kiosks, folding.change, follows=is_last and is_news)
        for _, runs in due[: len(kiosks)]:
            for run in runs:
                self._touched.pop(run, None)
        del self._persons[: len(persons)]

    def pass_over(self) -> str | None:
        """After a step that failed for no known reason: try one kiosk or person at a time, and leave out the one.

        Returns:
            What is left out, until more comes of it or the hub starts again; None where there is more to try.
        """
        runs, persons = self._under_way
        if not self._is_careful:
            self._is_careful = True
            return None
        self._is_careful = False
        for run in runs:
            if self._touched is not None:
                self._touched.pop(run, None)
        if not runs and self._persons:
            del self._persons[: len(persons)]
        return f"runs {runs}" if runs else f"{len(persons)} persons"

    def _take_what_came(self) -> None:
        with self._lock:
            late, self._late = self._late, {}
            newer, self._newer = self._newer, None
        if newer is not None:
            self._book = Rulebook(newer)
            self._persons = None
        if self._touched is not None:
            self._touched.update(late)

    def _look(self, connection: Connection) -> None:
        if self._touched is None:
            self._touched = dict.fromkeys(unfolded_runs(connection))
        if self._persons is None:
            self._edition = edition_of(connection)
            self._persons, self._weeks = what_differs(connection, self._book)

    def _due(self, connection: Connection) -> list[tuple[str, list[int]]]:
        """Some of the kiosks of which more is stored than folded, each with the runs concerned."""
        assert self._touched is not None
        by_kiosk: dict[str, list[int]] = defaultdict(list)
        some = list(islice(self._touched, RUNS_A_LOOK))
        for row in connection.execute(select(RUN.c.id, RUN.c.kiosk).where(RUN.c.id.in_(some)).order_by(RUN.c.id)):
            by_kiosk[row.kiosk].append(row.id)
        return list(by_kiosk.items())

    def _changes(self, connection: Connection, due: list[tuple[str, list[int]]]) -> list[KioskChange]:
        """What is new of as many of these kiosks, from the first, as make a step."""
        changes: list[KioskChange] = []
        taps = 0
        for kiosk, runs in due:
            changes.append(kiosk_change(connection, kiosk, runs))
            taps += len(changes[-1].taps)
            if taps >= TAPS_A_STEP:
                break
        return changes

    def _write(self, kiosks: list[KioskChange], persons: PersonChange, *, follows: bool) -> None:
        with writing(self._engine) as connection:
            for change in kiosks:
                write_kiosk(connection, change)
            write_persons(connection, persons)
            if follows:
                write_edition(connection, self._book.edition, self._weeks)
        if follows:
            self._edition, self._weeks = self._book.edition, {}
