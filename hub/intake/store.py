"""The journal in the database: one durable transaction a batch, and what else is asked of it.

What is to be written is gathered by `intake`, what it means is known by `rows` and `runs`, the statements of the hot
path stand in `storing`. Once a `storing` block has ended, its batch outlives a power cut; where it raises, nothing of
the batch is stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlalchemy import Engine, delete
from sqlmodel import col

from hub.database.dialect import run_sql
from hub.database.journal_tables import Quarantine
from hub.database.transactions import reading, snapshot, writing
from hub.findings import FindingKind
from hub.intake.aside import Aside, put_aside
from hub.intake.rows import RecordRow
from hub.intake.runs import KnownRun, RunKey
from hub.intake.storing import Batch, Looking, Storing
from station.names import MAX_SEQ, Epoch, KioskId, StationCode
from station.wire.messages import MAX_JOURNAL_BYTES

PROBE: Final = "probe"
FIND_YOUNGEST: Final = """\
SELECT seq, CASE WHEN clock = 'synced' AND at_ms > stored_ms THEN at_ms ELSE stored_ms END FROM record
WHERE run = ? AND seq >= ? AND (stored_ms > ? OR (clock = 'synced' AND at_ms > ?))
ORDER BY seq LIMIT 1"""
COUNT_OLDER: Final = "SELECT count(*), max(seq) FROM record WHERE run = ? AND seq BETWEEN ? AND ?"


class StoredExtent(NamedTuple):
    """How far a run was stored at some moment; 0 where not even its beginning was.

    Attributes:
        next_ms: when the first record behind that was stored; None where there is none.
    """

    through: int
    next_ms: int | None


class Store:
    """The journal of one database; others may write it too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def looking(self) -> Iterator[Looking]:
        """A look at runs, all as of one moment.

        Raises:
            StoreTroubleError: they cannot be read.
        """
        with snapshot(self._engine) as connection:
            yield Looking(connection)

    @contextmanager
    def storing(self) -> Iterator[Storing]:
        """One transaction, on the disk once the block has ended.

        Raises:
            StoreTroubleError: nothing of it is stored, as far as is known.
        """
        with writing(self._engine) as connection:
            yield Storing(connection)

    def find_run(self, kiosk: KioskId, epoch: Epoch) -> KnownRun | None:
        """A run and what of it is stored; None if none of it is. Also of a backup by an older version.

        Raises:
            StoreTroubleError: it cannot be read.
        """
        with snapshot(self._engine) as connection:
            return Looking(connection, revision="0 AS revision").find((kiosk, epoch))

    def add(self, name: RunKey, station: StationCode, rows: list[RecordRow], at_ms: int) -> int:
        """Store those of these records of one run that are missing, whatever their kiosk holds; how many these were.

        Raises:
            StoreTroubleError: none is stored.
        """
        known: dict[RunKey, KnownRun] = {}
        with self.storing() as storing:
            storing.confirm([name], known)
            storing.begin({} if known else {name: station}, known)
            run = known[name]
            missing = [row._replace(run=run.id) for row in rows if not run.holds(row.seq)]
            for row in missing:
                run.add(row.seq, row.seq)
                run.last_at_ms = max(run.last_at_ms, row.at_ms)
            storing.write(Batch(list(missing), runs={run.id: run}, regapped={run.id}), at_ms)
        return len(missing)

    def held_since(self, run: KnownRun, first: int, moment_ms: int) -> StoredExtent:
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
                return StoredExtent(0, next_ms)
            count, last = run_sql(connection, COUNT_OLDER, (run.id, first, seq - 1)).one()
        if not count or count != last + 1 - first:  # something is missing, and may come at any time
            return StoredExtent(0, moment_ms)
        return StoredExtent(last, next_ms)

    def probe(self) -> None:
        """Find out whether the database can be written, by as much as a kiosk sends at once.

        Raises:
            StoreTroubleError: it cannot.
        """
        as_much = Aside(FindingKind.UNREADABLE, "", "a try whether storing works", "." * MAX_JOURNAL_BYTES, PROBE)
        with writing(self._engine) as connection:
            put_aside(connection, [as_much], 0)
        with writing(self._engine) as connection:
            connection.execute(delete(Quarantine).where(col(Quarantine.digest) == PROBE))
