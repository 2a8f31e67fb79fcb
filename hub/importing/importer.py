"""Spreadsheets into the tables: all of them, or nothing.

Reads every file, notes every fault, and writes only where there is none, in one transaction. The write lock is
taken before the tables are read, so what was checked is what is written over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hub.changing.draft import Draft
from hub.changing.effects import Now
from hub.changing.numbers import Telephones
from hub.changing.proposal import Proposal
from hub.database.transactions import reason_of
from hub.database.write_lock import begin_writing
from hub.importing.alike import remark_alike
from hub.importing.files import read_files
from hub.importing.grid import Grid, GridLine
from hub.importing.people import propose_people
from hub.importing.places import propose_days, propose_places
from hub.importing.reading import read_entries
from hub.importing.recognising import recognise
from hub.importing.sheet_faults import Faults, ImportRefusedError
from hub.importing.sheet_forms import FormName
from hub.importing.work import Entries, LineCount, Work
from hub.saying import Said, say

Progress = Callable[[Iterable[GridLine], str], Iterable[GridLine]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    counts: dict[FormName, LineCount]
    warnings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Importer:
    """One hub's import.

    Attributes:
        now: the hub's clock.
        zone: the city's.
        by: who imports, for the history.
        telephones: seals numbers.
        progress: goes round the lines of a sheet, and may show how far they are.
    """

    engine: Engine
    site_key: bytes
    now: Callable[[], datetime]
    zone: ZoneInfo
    by: str
    telephones: Telephones
    progress: Progress = lambda lines, _: lines

    def import_files(self, paths: list[Path], *, dry_run: bool = False) -> Imported:
        """Import all files together, or none of them.

        Args:
            paths: CSV and XLSX files, in any order.
            dry_run: check everything, write nothing.

        Raises:
            ImportRefusedError: with all faults; nothing was written.
        """
        faults = Faults()
        entries = self._read(paths, faults)
        if not faults.is_whole:
            raise _refusal(faults)
        try:
            return self._write(entries, faults, _reason(paths), dry_run=dry_run)
        except SQLAlchemyError as exc:
            raise ImportRefusedError(say("the database refused: {why}", why=reason_of(exc))) from exc

    def _read(self, paths: list[Path], faults: Faults) -> Entries:
        entries: Entries = defaultdict(list)
        for grid in read_files(paths, faults):
            table = recognise(grid, faults)
            if table is not None:
                entries[table.form.name] += read_entries(table, self.progress(table.lines, _name(grid)), faults)
        if not entries and not faults:
            raise ImportRefusedError(say("the files hold nothing to import"))
        return entries

    def _write(self, entries: Entries, faults: Faults, why: str, *, dry_run: bool) -> Imported:
        with self.engine.connect() as connection:
            begin_writing(connection)
            now = Now(self.now(), self.zone, self.by)
            proposal = Proposal(Draft(connection, whole=True), now, self.by, why)
            work = Work(proposal, faults, self.site_key, self.telephones, connection)
            propose_places(entries, work)
            propose_days(entries, work)
            propose_people(entries, work)
            remark_alike(work)
            if faults:
                raise _refusal(faults)
            work.proposal.write(connection)
            connection.rollback() if dry_run else connection.commit()
        return Imported(work.counts(), tuple(faults.warnings))


def _refusal(faults: Faults) -> ImportRefusedError:
    count = len(faults)
    said = (
        say("1 fault; nothing was imported") if count == 1 else say("{count} faults; nothing was imported", count=count)
    )
    return ImportRefusedError(said, faults)


def _reason(paths: list[Path]) -> str:
    return "import " + ", ".join(path.name for path in paths)


def _name(grid: Grid) -> str:
    return f"{grid.file} {grid.sheet}".strip()
