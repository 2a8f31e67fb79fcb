"""What could not be read when it came, tried again with today's code: single records, and whole journal messages.

A record is kept under its name, so one that can be read now becomes what it is. Of a message kept aside, the records
come in that are missing: most have been sent again by their kiosk, one by one. Whatever cannot be read yet stays.
"""

import json
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, select, update

from hub.database.journal_tables import Quarantine
from hub.database.transactions import reading, table_of, writing
from hub.findings import FindingKind
from hub.intake.reading import read_journal
from hub.intake.rows import UNREADABLE, RecordRow, row_of, rows_of
from hub.intake.runs import RunKey
from hub.intake.store import Store
from hub.ledger.queries import RECORD
from station.errors import WireError
from station.names import Seq, StationCode
from station.wire.codec import read_record
from station.wire.topics import Leaf, read_address

ASIDE: Final = table_of(Quarantine)


def reread_messages(engine: Engine) -> int:
    """Store what messages kept aside say; returns how many records were missing.

    Raises:
        StoreTroubleError: some are not tried yet; trying again stores nothing twice.
    """
    store, count = Store(engine), 0
    with reading(engine) as connection:
        aside = connection.execute(select(ASIDE).where(ASIDE.c.why == FindingKind.UNREADABLE.value)).all()
    for kept in aside:
        said = _read_message(kept)
        if said is not None:
            count += store.add(*said, kept.last_ms)
            with writing(engine) as connection:
                connection.execute(delete(ASIDE).where(ASIDE.c.id == kept.id))
    return count


def reread(connection: Connection) -> int:
    """Try all single records again, as part of the connection's transaction; returns how many could be read."""
    count = 0
    for stored in connection.execute(select(RECORD).where(RECORD.c.kind == UNREADABLE)).all():
        row = _read_record(RecordRow(*stored))
        if row is not None:
            there = (RECORD.c.run == row.run, RECORD.c.seq == row.seq)
            connection.execute(update(RECORD).where(*there).values(row._asdict()))
            count += 1
    return count


def _read_message(kept: Any) -> tuple[RunKey, StationCode, list[RecordRow]] | None:
    """Whose records it holds; None where it still cannot be read."""
    try:
        address, message = read_address(kept.topic), read_journal(kept.found.encode())
    except WireError:
        return None
    if address.leaf is not Leaf.JOURNAL or address.kiosk is None:
        return None
    rows = [RecordRow(*row) for row in rows_of(message, 0, kept.first_ms)]
    return (address.kiosk, message.epoch), address.station, rows


def _read_record(stored: RecordRow) -> RecordRow | None:
    """The row of the record that this one is by now; None where it still cannot be read."""
    try:
        fields = json.loads(json.loads(stored.body or "{}")["found"])
    except (
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ):  # what was found is no JSON, or was too long to be kept whole
        return None
    record = read_record(fields, Seq(stored.seq))
    row = row_of(record, stored.run, stored.stored_ms)
    return None if row.kind == UNREADABLE else row
