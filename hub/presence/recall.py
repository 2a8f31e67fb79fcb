"""What the hub reads back when it starts: the last hours of the journal, and who was heard when.

A record whose clock was in doubt says nothing of its age: such are read where they were stored in these hours, and
with them the last older one by a clock that was right, for they are placed by it.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, or_, select
from sqlmodel import col

from hub.database.journal_tables import JournalRecord, KioskSeen, Run
from hub.database.transactions import reading, table_of
from hub.intake.rows import Row
from hub.intake.runs import KnownRun, Stretch
from station.names import Epoch, KioskId, StationCode
from station.records import ClockSet, ClockState, Note, Started

PAGE: Final = 500  # rows read at once
MOST_BEFORE: Final = 50  # runs that are looked through for a clock that was right
_SYNCED: Final = ClockState.SYNCED.value


def records_since(engine: Engine, since_ms: int) -> Iterator[tuple[KnownRun, list[Row]]]:
    """The records made and stored since then, run by run, each in order of seq, and what their time hangs on.

    Raises:
        StoreTroubleError: they cannot be read.
    """
    with reading(engine) as connection:
        runs = connection.execute(_runs_since(since_ms)).all()
        read = {run.id for run in runs}
        for run in runs:
            rows = _tail(connection, run.id, since_ms)
            if rows:
                yield _known(run), rows
            if rows and not _is_known(rows[0]):
                yield from _behind(connection, run.kiosk, rows[0], read)


def last_seen(engine: Engine) -> list[KioskSeen]:
    """What was last heard of each kiosk.

    Raises:
        StoreTroubleError: it cannot be read.
    """
    with reading(engine) as connection:
        return [KioskSeen(**row) for row in connection.execute(select(KioskSeen)).mappings()]


def _runs_since(since_ms: int) -> Select[Any]:
    """The runs with a record made, or stored, since then."""
    record = table_of(JournalRecord)
    last_stored = (
        select(record.c.stored_ms).where(record.c.run == Run.id).order_by(record.c.seq.desc()).limit(1)
    ).scalar_subquery()
    return select(Run).where(or_(col(Run.last_at_ms) >= since_ms, last_stored >= since_ms)).order_by(col(Run.id))


def _known(run: Any) -> KnownRun:
    kiosk, epoch, station = KioskId(run.kiosk), Epoch(run.epoch), StationCode(run.station)
    stored = [Stretch(1, run.through)] if run.through else []
    return KnownRun(run.id, kiosk, epoch, station, stored=stored, last_at_ms=run.last_at_ms)


def _tail(connection: Connection, run: int, since_ms: int) -> list[Row]:
    """The end of a run: read backwards, until what was stored before then, and what is in doubt has its ground."""
    rows: list[Row] = []
    record = table_of(JournalRecord)
    newest_first = select(record).where(record.c.run == run).order_by(record.c.seq.desc())
    wants_ground = False
    with connection.execute(newest_first, execution_options={"yield_per": PAGE}) as found:
        for each in found:
            row = Row(*each)
            is_known, is_old = _is_known(row), row.stored_ms < since_ms
            if is_old and not wants_ground:
                break
            if is_known and wants_ground:
                rows.append(row if row.at_ms >= since_ms else _ground(row))
            elif (not is_old and (row.at_ms >= since_ms or not is_known)) or row.seq == 1:
                rows.append(row)
            wants_ground = not is_known and (wants_ground or not is_old)
    rows.reverse()
    return rows


def _behind(connection: Connection, kiosk: str, first: Row, read: set[int]) -> Iterator[tuple[KnownRun, list[Row]]]:
    """The runs before one that begins in doubt, back to a clock that was right; of each only what tells the time."""
    record = table_of(JournalRecord)
    for _ in range(MOST_BEFORE):
        before = json.loads(first.body or "{}").get("before") if first.kind == Started.KIND else None
        if before is None:
            return
        run = connection.execute(select(Run).where(col(Run.kiosk) == kiosk, col(Run.epoch) == before)).first()
        if run is None or run.id in read:
            return
        read.add(run.id)
        of_the_run = select(record).where(record.c.run == run.id)
        begun = connection.execute(of_the_run.where(record.c.seq == 1)).first()
        right = or_(record.c.clock == _SYNCED, record.c.kind == ClockSet.KIND)
        last = connection.execute(of_the_run.where(right).order_by(record.c.seq.desc()).limit(1)).first()
        rows = [Row(*row) for row in (begun, last) if row is not None]
        if rows:
            yield _known(run), [row if row.kind == Started.KIND else _ground(row) for row in rows]
        if begun is None or last is not None:
            return
        first = rows[0]


def _is_known(row: Row) -> bool:
    return row.clock == _SYNCED or row.kind == ClockSet.KIND


def _ground(row: Row) -> Row:
    """A record of which nothing counts any more but that its clock was right."""
    return row._replace(kind=Note.KIND, clock=_SYNCED, token=None, action=None, body=None)
