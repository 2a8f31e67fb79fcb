"""What the hub reads back when it starts: the last hours of the journal, and who was heard when."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from hub.database.journal_tables import JournalRecord, KioskSeen, Run
from hub.database.transactions import reading, table_of
from hub.intake.rows import Row
from hub.intake.runs import KnownRun, Stretch
from station.names import Epoch, KioskId, StationCode

PAGE: Final = 500  # rows read at once


def records_since(engine: Engine, since_ms: int) -> Iterator[tuple[KnownRun, list[Row]]]:
    """The records made and stored since then, run by run, each in order of seq.

    Raises:
        StoreTroubleError: they cannot be read.
    """
    with reading(engine) as connection:
        for run in connection.execute(select(Run).where(col(Run.last_at_ms) >= since_ms).order_by(col(Run.id))).all():
            rows = _tail(connection, run.id, since_ms)
            if rows:
                kiosk, epoch, station = KioskId(run.kiosk), Epoch(run.epoch), StationCode(run.station)
                stored = [Stretch(1, run.through)] if run.through else []
                yield KnownRun(run.id, kiosk, epoch, station, stored=stored, last_at_ms=run.last_at_ms), rows


def last_seen(engine: Engine) -> list[KioskSeen]:
    """What was last heard of each kiosk.

    Raises:
        StoreTroubleError: it cannot be read.
    """
    with reading(engine) as connection:
        return [KioskSeen(**row) for row in connection.execute(select(KioskSeen)).mappings()]


def _tail(connection: Connection, run: int, since_ms: int) -> list[Row]:
    """The end of a run: read backwards, until what was stored before then."""
    rows: list[Row] = []
    record = table_of(JournalRecord)
    newest_first = select(record).where(record.c.run == run).order_by(record.c.seq.desc())
    with connection.execute(newest_first, execution_options={"yield_per": PAGE}) as found:
        for row in found:
            if row.stored_ms < since_ms:
                break
            if row.at_ms >= since_ms:
                rows.append(Row(*row))
    rows.reverse()
    return rows
