"""Up to which moment the ledger has everything that the kiosks wrote: until then it can be relied on.

Follows from the journal and the ledger; who is in service the caller says.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from hub.intake.rows import moment_of
from hub.ledger.journal import RECORD, RUN, read_outlines
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
        moments = [_settled_ms(connection, kiosk) for kiosk in kiosks]
        known = [ms for ms in moments if ms is not None]
        found[station] = moment_of(min(known)) if known and len(known) == len(moments) else None
    return found


def _settled_ms(connection: Connection, kiosk: KioskId) -> int | None:
    """The end of the kiosk's unbroken records: its last one, or the last before a hole that may still be filled."""
    runs = connection.execute(select(RUN.c.id, RUN.c.through).where(RUN.c.kiosk == kiosk))
    throughs = {row.id: row.through for row in runs}
    settled_ms: int | None = None
    for outline in ordered(read_outlines(connection, kiosk)).values():
        through = throughs[outline.run]
        if through < outline.last_seq:
            is_last_unbroken = (RECORD.c.run == outline.run, RECORD.c.seq == through)
            is_right = RECORD.c.clock == ClockState.SYNCED.value
            at_ms: int | None = connection.execute(select(RECORD.c.at_ms).where(*is_last_unbroken, is_right)).scalar()
            return settled_ms if at_ms is None else min(at_ms, outline.last_ms)
        settled_ms = outline.last_ms
    return settled_ms
