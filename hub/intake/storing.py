"""What one transaction does for a batch: runs as the database has them now, records stored, and how far they go.

The run's row is the truth. Whoever stores locks the rows of its batch first; what is remembered of a run is good while
the row's revision is the one that was remembered, and is read anew where another intake has written since.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select

from hub.database.card_names import SaidName, note_names
from hub.database.dialect import dialect_of, run_sql
from hub.database.journal_tables import GapRow, JournalRecord, KioskSeen, Run
from hub.database.rows_together import put_rows
from hub.database.transactions import StoreTroubleError, table_of, upsert
from hub.findings import FindingKind
from hub.intake.aside import Aside, put_aside
from hub.intake.rows import RecordRow, next_token_of
from hub.intake.runs import KnownRun, RunKey, SeqStretch, stored_stretches
from station.names import Epoch, KioskId, StationCode

RECORD: Final = table_of(JournalRecord)
RUN: Final = table_of(Run)
GAP: Final = table_of(GapRow)
# Spelled out: after an outage a thousand runs are asked for at once, and making a statement takes longer than asking.
_FIND_IDS: Final = "SELECT id, kiosk, epoch FROM run WHERE (kiosk, epoch) IN (VALUES {names})"
_AT_ONCE: Final = 250  # names, as many as a state may have
_REVISIONS: Final = "SELECT id, {revision} FROM run WHERE {of_them} ORDER BY id"
# A subquery and no join: each run is one look into an index, however the database guesses. Few have more to be read.
_READ_RUNS: Final = """\
SELECT id, kiosk, epoch, station, kept_from, through, last_at_ms,
    (SELECT max(seq) FROM record WHERE record.run = run.id)
FROM run WHERE {of_them}"""
_FIND_GAPS: Final = "SELECT run, first, last FROM gap WHERE {of_them} ORDER BY run, first"
_FIND_ISLANDS: Final = """\
SELECT min(seq), max(seq) FROM (
    SELECT seq, seq - row_number() OVER (ORDER BY seq) AS place FROM record WHERE run = ? AND seq > ?
) AS placed GROUP BY place ORDER BY min(seq)"""
_RISEN: Final = {name: f"excluded.{name}" for name in ("kept_from", "through", "last_at_ms", "revision")}


@dataclass(slots=True)
class Batch:
    """What is to be stored in one transaction.

    Attributes:
        rows: records that are not stored yet.
        again: records whose names are stored already: the same, or in conflict.
        runs: the runs touched, each with all that it will hold.
        regapped: those of them whose gaps may have changed.
        seen: rows of `KioskSeen`.
        aside: messages that are no records.
    """

    rows: list[RecordRow] = field(default_factory=list)
    again: list[RecordRow] = field(default_factory=list)
    runs: dict[int, KnownRun] = field(default_factory=dict)
    regapped: set[int] = field(default_factory=set)
    seen: list[dict[str, Any]] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows or self.again or self.runs or self.seen or self.aside)


class BegunElsewhereError(StoreTroubleError):
    """Another intake has begun the same run just now: begin the transaction anew."""


class Looking:
    """Reads runs in one transaction that sees them as of one moment."""

    def __init__(self, connection: Connection, *, revision: str = "revision") -> None:
        self._connection = connection
        self._dialect = dialect_of(connection)
        self._revisions = _REVISIONS.format(revision=revision, of_them=self._dialect.among("id"))

    def confirm(self, names: Collection[RunKey], known: dict[RunKey, KnownRun]) -> None:
        """Bring what is known of these runs up to what is stored; what is not stored is not known afterwards."""
        asked = {known[name].id: name for name in names if name in known}
        asked |= self._ids_of([name for name in names if name not in known])
        found = self._revisions_of(list(asked)) if asked else ()
        revisions = {
            number: revision
            for number, revision in found
            if (run := known.get(asked[number])) is None or run.revision != revision
        }
        if revisions:
            self._read(revisions, known)
        if len(found) != len(asked):
            for number in asked.keys() - {number for number, _ in found}:
                known.pop(asked[number], None)

    def find(self, name: RunKey) -> KnownRun | None:
        """One run; None if none of it is stored."""
        known: dict[RunKey, KnownRun] = {}
        self.confirm([name], known)
        return known.get(name)

    def _ids_of(self, names: Sequence[RunKey]) -> dict[int, RunKey]:
        """Those of them that are stored; a state names hundreds, and they are asked for together."""
        found: dict[int, RunKey] = {}
        for some in (names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE)):
            sql = _FIND_IDS.format(names=", ".join(["(?, ?)"] * len(some)))
            for number, kiosk, epoch in run_sql(self._connection, sql, tuple(chain.from_iterable(some))):
                found[number] = (KioskId(kiosk), Epoch(epoch))
        return found

    def _revisions_of(self, ids: list[int]) -> Sequence[Any]:
        return run_sql(self._connection, self._revisions, (self._dialect.several(ids),)).all()

    def _read(self, revisions: Mapping[int, int], known: dict[RunKey, KnownRun]) -> None:
        """Read runs anew, together: whoever else stores waits for these rows meanwhile."""
        ids = (self._dialect.several(list(revisions)),)
        gaps = defaultdict[int, list[SeqStretch]](list)
        for number, first, last in run_sql(self._connection, self._among(_FIND_GAPS, "run"), ids):
            gaps[number].append(SeqStretch(first, last))
        rows = run_sql(self._connection, self._among(_READ_RUNS, "id"), ids).all()
        for number, kiosk, epoch, station, kept_from, through, last_at_ms, last_seq in rows:
            beyond = self._islands_of(number, through) if (last_seq or 0) > through else []
            stored = stored_stretches(through, gaps[number], beyond)
            run = KnownRun(number, kiosk, epoch, station, kept_from, stored, last_at_ms, revisions[number])
            before = known.get((run.kiosk, run.epoch))
            if before is not None:
                run.claim = before.claim
            known[run.kiosk, run.epoch] = run

    def _islands_of(self, number: int, through: int) -> list[SeqStretch]:
        return [SeqStretch(*one) for one in run_sql(self._connection, _FIND_ISLANDS, (number, through))]

    def _among(self, sql: str, column: str) -> str:
        return sql.format(of_them=self._dialect.among(column))


class Storing(Looking):
    """Stores in one transaction; runs that were confirmed are its own until it ends."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._revisions += self._dialect.rows_locked

    def begin(self, stations: Mapping[RunKey, StationCode], known: dict[RunKey, KnownRun]) -> None:
        """Let there be these runs, which are not known, with nothing stored.

        Raises:
            BegunElsewhereError: another intake has begun one of them since they were looked for.
        """
        if not stations:
            return
        new = [
            {"kiosk": kiosk, "epoch": epoch, "station": stations[kiosk, epoch]} for kiosk, epoch in sorted(stations)
        ]  # in one order, or two intakes might wait for each other
        begun = self._dialect.insert(RUN).on_conflict_do_nothing().returning(RUN.c.id, RUN.c.kiosk, RUN.c.epoch)
        for number, kiosk, epoch in self._connection.execute(begun, new):
            name = KioskId(kiosk), Epoch(epoch)
            known[name] = KnownRun(number, *name, stations[name])
        if not stations.keys() <= known.keys():
            raise BegunElsewhereError("another intake has begun the same run")

    def write(self, batch: Batch, at_ms: int) -> list[RecordRow]:
        """Store a batch.

        Returns:
            The records of it whose names were stored already with other content; they are kept aside.
        """
        conflicts = self._write_rows(batch)
        self._write_runs(batch)
        if batch.seen:
            batch.seen.sort(key=lambda row: str(row["kiosk"]))  # as in `begin`
            upsert(self._connection, KioskSeen, batch.seen)
        self._note_names(batch, at_ms)
        if batch.aside or conflicts:
            put_aside(self._connection, [*batch.aside, *map(_conflict_aside, conflicts)], at_ms)
        return conflicts

    def _note_names(self, batch: Batch, at_ms: int) -> None:
        """Of taps that name their card under two keys; also of those that are stored already."""
        taps = ((row, next_token_of(row)) for row in chain(batch.rows, batch.again))
        said = [SaidName(later, row.token, batch.runs[row.run].kiosk) for row, later in taps if later and row.token]
        if said:
            note_names(self._connection, said, at_ms)

    def _write_rows(self, batch: Batch) -> list[RecordRow]:
        doubtful = batch.again
        if batch.rows and self._insert_new(batch.rows) != len(batch.rows):  # some names are there: they tell
            doubtful = [*batch.rows, *batch.again]
        if not doubtful:
            return []
        missing, conflicts = _compare(self._connection, doubtful)
        if self._insert_new(missing) != len(missing):
            raise StoreTroubleError("a row is refused, and not for its name")
        return conflicts

    def _insert_new(self, rows: list[RecordRow]) -> int:
        return self._dialect.insert_new(self._connection, RECORD, rows)

    def _write_runs(self, batch: Batch) -> None:
        for run in batch.runs.values():
            run.revision += 1
        rows = [
            (run.id, run.kiosk, run.epoch, run.station, run.kept_from, run.through, run.last_at_ms, run.revision)
            for run in batch.runs.values()
        ]
        put_rows(self._connection, RUN, rows, _RISEN)  # all of them are there: they were begun, or confirmed
        for run_id in batch.regapped:
            self._connection.execute(delete(GAP).where(GAP.c.run == run_id))
            gaps = [{"run": run_id, "first": gap.first, "last": gap.last} for gap in batch.runs[run_id].gaps()]
            if gaps:
                self._connection.execute(insert(GAP), gaps)


def _compare(connection: Connection, rows: list[RecordRow]) -> tuple[list[RecordRow], list[RecordRow]]:
    """Which of these are not stored after all, and which are stored with other content."""
    wanted: dict[int, list[RecordRow]] = defaultdict(list)
    for row in rows:
        wanted[row.run].append(row)
    missing, conflicts = [], []
    for run, asked in wanted.items():
        first, last = min(row.seq for row in asked), max(row.seq for row in asked)
        found = connection.execute(select(RECORD).where(and_(RECORD.c.run == run, RECORD.c.seq.between(first, last))))
        stored = {row.seq: RecordRow(*row) for row in found}
        for row in asked:
            there = stored.get(row.seq)
            if there is None:
                missing.append(row)
                stored[row.seq] = row
            elif there._replace(stored_ms=row.stored_ms) != row:
                conflicts.append(row)
    return missing, conflicts


def _conflict_aside(row: RecordRow) -> Aside:
    found = repr(row._replace(stored_ms=0))
    return Aside(
        why=FindingKind.CONFLICT,
        topic=f"run {row.run}",
        reason="this name is stored with other content",
        found=found,
        digest=sha256(found.encode()).hexdigest(),
        seq=row.seq,
    )
