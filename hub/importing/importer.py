"""Spreadsheets into the tables: all of them, or nothing.

Reads every file, notes every fault, and writes only where there is none; how, is `writing`'s work.
"""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from hub.changing.draft import Draft
from hub.changing.effects import Now
from hub.changing.history import IMPORT
from hub.changing.numbers import Telephones
from hub.changing.proposal import Proposal
from hub.database.card_names import note_names
from hub.database.transactions import StoreTroubleError, snapshot, writing
from hub.importing.alike import remark_alike
from hub.importing.files import read_files
from hub.importing.foreseen import Foreseen, foresee, overwritten_mark
from hub.importing.grid import Grid, GridLine
from hub.importing.imports import Notebook
from hub.importing.people import propose_people
from hub.importing.places import propose_days, propose_places, propose_weeks
from hub.importing.reading import read_entries
from hub.importing.recognising import recognise
from hub.importing.sheet_faults import Faults, ImportMovedError, ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.importing.shifts import propose_shifts
from hub.importing.work import Entries, LineCount, Work
from hub.importing.writing import Pause, write_slices
from hub.register.reading import read_edition
from hub.saying import Said, say
from hub.site_key import ONE_KEY, OtherKeys
from station.milliseconds import ms_of

TURNS: Final = 10  # that the city may be changed by others while an import reckons; each takes seconds at most
Progress = Callable[[Iterable[GridLine], str], Iterable[GridLine]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    counts: dict[FormName, LineCount]
    warnings: tuple[Said, ...]
    foreseen: Foreseen = field(default_factory=Foreseen)
    """What would be changed, of one that was only looked at."""
    number: int = 0
    """By which it can be undone; 0 where nothing was written."""


@dataclass(frozen=True, slots=True)
class Importer:
    """One hub's import.

    Attributes:
        now: the hub's clock.
        zone: the city's.
        by: who imports, for the history.
        telephones: seals numbers.
        progress: goes round the lines of a sheet, and may show how far they are.
        pause: sleeps between slices of what is written.
        other_keys: by which cards are known as well.
    """

    engine: Engine
    site_key: bytes
    now: Callable[[], datetime]
    zone: ZoneInfo
    by: str
    telephones: Telephones
    progress: Progress = lambda lines, _: lines
    pause: Pause = time.sleep
    other_keys: OtherKeys = ONE_KEY

    def import_files(self, paths: list[Path], *, dry_run: bool = False, seen: str | None = None) -> Imported:
        """Import all files together, or none of them.

        Args:
            paths: CSV and XLSX files, in any order.
            dry_run: check everything, write nothing.
            seen: the mark of what somebody was shown, who wants that and nothing else; None for whatever it is now.

        Raises:
            ImportMovedError: it is not what was shown; nothing was written.
            ImportRefusedError: with all faults; nothing was written, unless it says so.
        """
        with _no_cycles_looked_for():
            faults = Faults()
            entries = self._read(paths, faults)
            if not faults.is_whole:
                raise _refusal(faults)
            return self._enter(entries, faults, _reason(paths), dry_run=dry_run, wanted=seen)

    def _read(self, paths: list[Path], faults: Faults) -> Entries:
        entries: Entries = defaultdict(list)
        for grid in read_files(paths, faults):
            table = recognise(grid, faults)
            if table is not None:
                entries[table.form.name] += read_entries(table, self.progress(table.lines, _name(grid)), faults)
        if not any(entries.values()) and not faults:
            raise ImportRefusedError(say("the files hold nothing to import; wanted are lines below the header"))
        return entries

    def _enter(self, entries: Entries, faults: Faults, why: str, *, dry_run: bool, wanted: str | None) -> Imported:
        """Reckon and write, and the rest again wherever somebody else changes the city meanwhile."""
        begun: dict[FormName, LineCount] | None = None
        notebook = Notebook(self.by, ms_of(self.now()), why.removeprefix(IMPORT), entries.keys())
        for _ in range(TURNS):
            seen = faults.copy()
            try:
                edition, work = self._reckon(entries, seen, why)
                if seen:
                    raise _refusal(seen, is_begun=begun is not None)
                if wanted is not None and begun is None and overwritten_mark(work.draft) != wanted:
                    raise ImportMovedError
                foreseen = foresee(work.proposal) if dry_run else Foreseen()
                counts, left = begun or work.counts(), 0 if dry_run else len(work.proposal.changes)
                for written in (
                    write_slices(self.engine, work.proposal, edition, self.pause, notebook.note) if left else ()
                ):
                    begun, left = counts, left - written
            except StoreTroubleError as exc:
                told = say("the database refused: {why}", why=str(exc))
                raise ImportRefusedError(_in_part(told) if begun else told) from exc
            if not left:
                if work.said_names and not dry_run:
                    self._note_names(work)
                return Imported(counts, tuple(seen.warnings), foreseen, notebook.number)
        told = say("others change the city all the time; try again")
        raise ImportRefusedError(_in_part(told) if begun else told)

    def _note_names(self, work: Work) -> None:
        """What the cards of these lines are called under other keys."""
        with writing(self.engine) as connection:
            note_names(connection, work.said_names, work.proposal.now.ms)

    def _reckon(self, entries: Entries, faults: Faults, why: str) -> tuple[int, Work]:
        """What the lines come to, with the edition of the city over which they do; nobody waits for that."""
        with snapshot(self.engine) as connection:
            edition = read_edition(connection)
            now = Now(self.now(), self.zone, self.by)
            proposal = Proposal(Draft(connection, whole=True), now, self.by, why)
            work = Work(proposal, faults, self.site_key, self.telephones, connection, self.other_keys)
            propose_places(entries, work)
            propose_weeks(entries, work)
            propose_days(entries, work)
            propose_people(entries, work)
            propose_shifts(entries, work)
            remark_alike(work)
        return edition, work


@contextmanager
def _no_cycles_looked_for() -> Iterator[None]:
    """Python looks through all objects for cycles the more often the more there are.

    With 60,000 people that takes a second each time, in which no thread of the hub does anything, and which came to
    lie in a slice: then all others wait to write for it. An import leaves hardly any cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refusal(faults: Faults, *, is_begun: bool = False) -> ImportRefusedError:
    count = len(faults)
    if is_begun:
        return ImportRefusedError(_in_part(say("{count} {count:fault|faults}", count=count)), faults)
    said = say("{count} {count:fault|faults}; nothing was imported", count=count)
    return ImportRefusedError(said, faults)


def _in_part(why: Said) -> Said:
    return say("{why}; a part was imported before that, and the same import again does the rest", why=why)


def _reason(paths: list[Path]) -> str:
    return IMPORT + ", ".join(path.name for path in paths)


def _name(grid: Grid) -> str:
    return f"{grid.file} {grid.sheet}".strip()
