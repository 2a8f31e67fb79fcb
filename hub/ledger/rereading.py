"""Records that could not be read when they came, tried again with today's code.

What was found then is kept under the record's name, so one that can be read now becomes what it is; all others stay.
Whole messages in quarantine are left alone: their kiosk has sent each record again by itself, or a note in its place.
"""

import json

from sqlalchemy import Connection, select, update

from hub.intake.rows import UNREADABLE, Row, row_of
from hub.ledger.journal import RECORD
from station.names import Seq
from station.records import Unreadable
from station.wire.codec import read_record


def reread(connection: Connection) -> int:
    """Try all again, as part of the connection's transaction; returns how many could be read."""
    count = 0
    for stored in connection.execute(select(RECORD).where(RECORD.c.kind == UNREADABLE)).all():
        row = _read_now(Row(*stored))
        if row is not None:
            there = (RECORD.c.run == row.run, RECORD.c.seq == row.seq)
            connection.execute(update(RECORD).where(*there).values(row._asdict()))
            count += 1
    return count


def _read_now(stored: Row) -> Row | None:
    """The row of the record that this one is by now; None where it still cannot be read."""
    try:
        fields = json.loads(json.loads(stored.body or "{}")["found"])
    except (ValueError, KeyError, RecursionError):  # what was found is no JSON, or was too long to be kept whole
        return None
    record = read_record(fields, Seq(stored.seq))
    return None if isinstance(record, Unreadable) else row_of(record, stored.run, stored.stored_ms)
