"""The statements of the hot path: whole batches in one durable transaction each.

What is to be written is gathered by `intake`, what it means is known by `rows` and `runs`. Once `write` has
returned, the batch outlives a power cut; where it raises, nothing of the batch is stored.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, update

from hub.database.dialect import dialect_of, run_sql
from hub.database.journal_tables import Gap, JournalRecord, KioskSeen, Run
from hub.database.transactions import StoreTroubleError, reading, table_of, upsert, writing
from hub.findings import FindingKind
from hub.intake.aside import Aside, put_aside
from hub.intake.rows import Row
from hub.intake.runs import KnownRun, Stretch, stored_stretches
from station.names import MAX_SEQ, Epoch, KioskId, StationCode

RECORD: Final = table_of(JournalRecord)
RUN: Final = table_of(Run)
GAP: Final = table_of(Gap)
# Spelled out: after an outage a thousand runs are asked for at once, and making a statement takes longer than asking.
FIND_RUN: Final = "SELECT id, station, kept_from, through, last_at_ms FROM run WHERE kiosk = ? AND epoch = ?"
FIND_GAPS: Final = "SELECT first, last FROM gap WHERE run = ? ORDER BY first"
FIND_ISLANDS: Final = """\
SELECT min(seq), max(seq) FROM (
    SELECT seq, seq - row_number() OVER (ORDER BY seq) AS place FROM record WHERE run = ? AND seq > ?
) AS placed GROUP BY place ORDER BY min(seq)"""
FIND_YOUNGEST: Final = """\
SELECT seq, CASE WHEN clock = 'synced' AND at_ms > stored_ms THEN at_ms ELSE stored_ms END FROM record
WHERE run = ? AND seq >= ? AND (stored_ms > ? OR (clock = 'synced' AND at_ms > ?))
ORDER BY seq LIMIT 1"""
COUNT_OLDER: Final = "SELECT count(*), max(seq) FROM record WHERE run = ? AND seq BETWEEN ? AND ?"


class Held(NamedTuple):
    """How far a run was stored at some moment; 0 where not even its beginning was.

    Attributes:
        next_ms: when the first record behind that was stored; None where there is none.
    """

    through: int
    next_ms: int | None


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

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    again: list[tuple[Any, ...]] = field(default_factory=list)
    runs: dict[int, KnownRun] = field(default_factory=dict)
    regapped: set[int] = field(default_factory=set)
    seen: list[dict[str, Any]] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows or self.again or self.runs or self.seen or self.aside)


class Store:
    """The journal in the database. All writing comes from one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._next_run: int | None = None

    def write(self, batch: Batch, at_ms: int) -> list[Row]:
        """Store a batch for good.

        Returns:
            The records of it whose names were stored already with other content; they are kept aside.

        Raises:
            StoreTroubleError: nothing of the batch is stored.
        """
        with writing(self._engine) as connection:
            _write_new_runs(connection, batch)
            conflicts = self._write_rows(connection, batch)
            _write_runs(connection, batch)
            if batch.seen:
                upsert(connection, KioskSeen, batch.seen)
            if batch.aside or conflicts:
                put_aside(connection, [*batch.aside, *map(_conflict_aside, conflicts)], at_ms)
        for run in batch.runs.values():
            run.is_new = False
        return conflicts

    def find_run(self, kiosk: KioskId, epoch: Epoch) -> KnownRun | None:
        """A run and what of it is stored; None if none of it is.

        Raises:
            StoreTroubleError: it cannot be read.
        """
        with reading(self._engine) as connection:
            row = run_sql(connection, FIND_RUN, (kiosk, epoch)).one_or_none()
            if row is None:
                return None
            gaps = run_sql(connection, FIND_GAPS, (row.id,))
            beyond = run_sql(connection, FIND_ISLANDS, (row.id, row.through))
            stored = stored_stretches(row.through, [Stretch(*gap) for gap in gaps], [Stretch(*one) for one in beyond])
            return KnownRun(row.id, kiosk, epoch, StationCode(row.station), row.kept_from, stored, row.last_at_ms)

    def new_run(self, kiosk: KioskId, epoch: Epoch, station: StationCode) -> KnownRun:
        """A run that nothing is stored of yet; it gets into the database with its first record.

        Raises:
            StoreTroubleError: its id cannot be found out.
        """
        if self._next_run is None:
            with reading(self._engine) as connection:
                self._next_run = (connection.execute(select(func.max(RUN.c.id))).scalar() or 0) + 1
        run = KnownRun(self._next_run, kiosk, epoch, station, is_new=True)
        self._next_run += 1
        return run

    def held_since(self, run: KnownRun, first: int, moment_ms: int) -> Held:
        """How far the run from `first` on was stored already at that moment.

        A record that was made later, by a clock that was right, was not stored then, whatever the hub's clock said.

        Raises:
            StoreTroubleError: it cannot be read.
        """
        asked = (run.id, first, moment_ms, moment_ms)
        with reading(self._engine) as connection:
            youngest = run_sql(connection, FIND_YOUNGEST, asked).one_or_none()
            seq, next_ms = youngest or (MAX_SEQ, None)
            if seq == first:
                return Held(0, next_ms)
            count, last = run_sql(connection, COUNT_OLDER, (run.id, first, seq - 1)).one()
        if not count or count != last + 1 - first:  # something is missing, and may come at any time
            return Held(0, moment_ms)
        return Held(last, next_ms)

    def probe(self) -> None:
        """Find out whether the database can be written.

        Raises:
            StoreTroubleError: it cannot.
        """
        with writing(self._engine) as connection:
            connection.execute(update(RUN).where(RUN.c.id == -1).values(through=0))

    def _write_rows(self, connection: Connection, batch: Batch) -> list[Row]:
        doubtful = batch.again
        if batch.rows:
            stored = _insert_new(connection, batch.rows)
            if stored != len(batch.rows):  # somebody else wrote: then the names tell
                doubtful = [*batch.rows, *batch.again]
        if not doubtful:
            return []
        missing, conflicts = _compare(connection, doubtful)
        if _insert_new(connection, missing) != len(missing):
            raise StoreTroubleError("a row is refused, and not for its name")
        return conflicts


def _insert_new(connection: Connection, rows: list[tuple[Any, ...]]) -> int:
    """Store the rows whose names are not there yet; how many these were."""
    return dialect_of(connection).insert_new(connection, RECORD, rows)


def _write_new_runs(connection: Connection, batch: Batch) -> None:
    new = [
        {"id": run.id, "kiosk": run.kiosk, "epoch": run.epoch, "station": run.station,
         "kept_from": 1, "through": 0, "last_at_ms": 0}
        for run in batch.runs.values()
        if run.is_new
    ]  # fmt: skip
    if new:
        connection.execute(insert(RUN), new)


def _write_runs(connection: Connection, batch: Batch) -> None:
    if batch.runs:
        run_sql(
            connection,
            "UPDATE run SET kept_from=?, through=?, last_at_ms=? WHERE id=?",
            [(run.kept_from, run.through, run.last_at_ms, run.id) for run in batch.runs.values()],
        )
    for run_id in batch.regapped:
        connection.execute(delete(GAP).where(GAP.c.run == run_id))
        gaps = [{"run": run_id, "first": gap.first, "last": gap.last} for gap in batch.runs[run_id].gaps()]
        if gaps:
            connection.execute(insert(GAP), gaps)


def _compare(connection: Connection, rows: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[Row]]:
    """Which of these are not stored after all, and which are stored with other content."""
    wanted: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        wanted[row[0]].append(row)
    missing, conflicts = [], []
    for run, asked in wanted.items():
        first, last = min(row[1] for row in asked), max(row[1] for row in asked)
        found = connection.execute(select(RECORD).where(and_(RECORD.c.run == run, RECORD.c.seq.between(first, last))))
        stored = {row.seq: tuple(row) for row in found}
        for row in asked:
            there = stored.get(row[1])
            if there is None:
                missing.append(row)
                stored[row[1]] = row
            elif there[:-1] != row[:-1]:  # but for when it was stored
                conflicts.append(Row(*row))
    return missing, conflicts


def _conflict_aside(row: Row) -> Aside:
    found = repr(row._replace(stored_ms=0))
    return Aside(
        why=FindingKind.CONFLICT,
        topic=f"run {row.run}",
        reason="this name is stored with other content",
        found=found,
        digest=sha256(found.encode()).hexdigest(),
        seq=row.seq,
    )
