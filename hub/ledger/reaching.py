"""Up to which moment the ledger has everything that the kiosks wrote: until then it can be relied on.

Follows from the journal and the ledger; who is in service the caller says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from hub.database.ledger_tables import LedgerRun
from hub.intake.rows import moment_of
from hub.ledger.journal import RECORD, RUN, read_outlines, read_runs
from hub.ledger.placing import ordered
from station.names import KioskId, StationCode
from station.records import ClockState


def settled_until(
    connection: Connection, in_service: Mapping[StationCode, Iterable[KioskId]]
) -> dict[StationCode, datetime | None]:
    """For each station the moment up to which all its kiosks in service are settled and folded.

    Args:
        connection: to read by.
        in_service: each station's kiosks; None comes out where there is none, or one of which nothing is settled.
    """
    found: dict[StationCode, datetime | None] = {}
    for station, kiosks in in_service.items():
        moments = [_kiosk_settled_ms(connection, kiosk) for kiosk in kiosks]
        known = [ms for ms in moments if ms is not None]
        found[station] = moment_of(min(known)) if known and len(known) == len(moments) else None
    return found


def _kiosk_settled_ms(connection: Connection, kiosk: KioskId) -> int | None:
    """The end of the kiosk's unbroken records: its last one, or the last before a hole that may still be filled."""
    outlines = read_outlines(connection, kiosk)
    names = read_runs(connection, kiosk)
    throughs = {
        row.id: row.through for row in connection.execute(select(RUN.c.id, RUN.c.through).where(RUN.c.kiosk == kiosk))
    }
    settled_ms: int | None = None
    for epoch in ordered({epoch: outlines[name.id] for epoch, name in names.items() if name.id in outlines}):
        outline = outlines[names[epoch].id]
        if throughs[outline.run] < outline.last_seq:
            return _before_hole(connection, outline, throughs[outline.run]) or settled_ms
        settled_ms = outline.last_ms
    return settled_ms


def _before_hole(connection: Connection, outline: LedgerRun, through: int) -> int | None:
    """When the record at the end of what is unbroken was made; None where that is not sure."""
    statement = select(RECORD.c.at_ms).where(
        RECORD.c.run == outline.run, RECORD.c.seq == through, RECORD.c.clock == ClockState.SYNCED.value
    )
    at_ms: int | None = connection.execute(statement).scalar()
    return None if at_ms is None else min(at_ms, outline.last_ms)
