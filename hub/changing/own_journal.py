"""The hub's own journal: one run of kiosk `hub` for each station, in which amendments are written, and nothing else.

Read and written in the caller's transaction, which holds the write lock: so seqs follow each other, whoever writes.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from hub.database.journal_tables import JournalRecord, Run
from hub.database.ledger_tables import LedgerRun, LedgerTap, StintRow
from station.amending import AMEND, Amendment, read_amendment
from station.names import HUB_KIOSK, Epoch, RecordName, Seq
from station.records import ClockState

_BOOT: Final = "hub"
UNWRITTEN: Final = Epoch("0" * 16)
"""Of a run that is not there yet: no made-up epoch is that."""


class FoundTap(NamedTuple):
    """A tap of the ledger, as commands ask for it; `began_ms` of the stint that it made, `ended_ms` likewise."""

    station: str
    token: str
    action: str
    at_ms: int
    recorded_ms: int | None
    began_ms: int | None
    ended_ms: int | None


class OwnJournal:
    """What is written in it, and what is to be.

    Args:
        connection: to read and write by.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[RecordName, dict[RecordName, Amendment]]] = {}
        self.new: dict[str, list[Amendment]] = defaultdict(list)

    def amendments(self, station: str) -> Mapping[RecordName, Amendment]:
        """A station's, by name, those taken among them."""
        return self._of(station)[1]

    def find(self, name: RecordName) -> FoundTap | None:
        """The ledger's tap of that name, if it is folded."""
        row = self._connection.execute(
            select(
                col(Run.station), col(LedgerTap.token), col(LedgerTap.action), col(LedgerTap.at_ms),
                col(LedgerTap.recorded_ms), col(StintRow.began_ms), col(StintRow.ended_ms),
            )
            .join(Run, col(Run.id) == col(LedgerTap.run))
            .outerjoin(
                StintRow, (col(StintRow.run) == col(LedgerTap.run)) & (col(StintRow.seq) == col(LedgerTap.seq))
            )
            .where(
                col(Run.kiosk) == name.kiosk, col(Run.epoch) == name.epoch, col(LedgerTap.seq) == name.seq,
            )
        ).one_or_none()  # fmt: skip
        return None if row is None else FoundTap(*row)

    def first_ms(self, station: str) -> int | None:
        """When that station's kiosks first recorded anything, as far as it is folded; None where they never did."""
        first = func.min(func.coalesce(col(LedgerRun.known_from_ms), col(LedgerRun.last_ms)))
        theirs = select(first).join(Run, col(Run.id) == col(LedgerRun.run))
        found: int | None = self._connection.execute(
            theirs.where(col(Run.station) == station, col(Run.kiosk) != HUB_KIOSK)
        ).scalar()
        return found

    def take(self, station: str, amendment: Amendment) -> None:
        """One more is to be written."""
        last, known = self._of(station)
        following = last._replace(seq=Seq(last.seq + 1))
        self._known[station] = following, {**known, following: amendment}
        self.new[station].append(amendment)

    def write(self, at_ms: int) -> None:
        """Write what was taken."""
        for station, new in self.new.items():
            run, last = self._run(station)
            rows = [_row(run, last + n, one, at_ms) for n, one in enumerate(new, 1)]
            self._connection.execute(insert(JournalRecord), rows)
            written = {"through": last + len(new), "last_at_ms": at_ms, "revision": col(Run.revision) + 1}
            self._connection.execute(update(Run).where(col(Run.id) == run).values(**written))

    def _of(self, station: str) -> tuple[RecordName, dict[RecordName, Amendment]]:
        if station not in self._known:
            found = self._connection.execute(
                select(col(Run.epoch), col(JournalRecord.seq), col(JournalRecord.body))
                .join(JournalRecord, col(JournalRecord.run) == col(Run.id))
                .where(col(Run.kiosk) == HUB_KIOSK, col(Run.station) == station)
                .order_by(col(JournalRecord.seq))
            ).all()
            known = {
                RecordName(HUB_KIOSK, Epoch(epoch), Seq(seq)): read_amendment(json.loads(body or "{}"))
                for epoch, seq, body in found
            }
            last = max(known, default=RecordName(HUB_KIOSK, UNWRITTEN, Seq(0)))
            self._known[station] = last, known
        return self._known[station]

    def _run(self, station: str) -> tuple[int, int]:
        """The run of a station, and its last seq; begun where there is none."""
        of_station = col(Run.kiosk) == HUB_KIOSK, col(Run.station) == station
        found = self._connection.execute(select(col(Run.id), col(Run.through)).where(*of_station)).one_or_none()
        if found is None:
            epoch = secrets.token_hex(8)
            self._connection.execute(insert(Run).values(kiosk=HUB_KIOSK, epoch=epoch, station=station))
            found = self._connection.execute(select(col(Run.id), col(Run.through)).where(*of_station)).one()
        return found[0], found[1]


def _row(run: int, seq: int, amendment: Amendment, at_ms: int) -> dict[str, Any]:
    body = json.dumps(amendment.fields, ensure_ascii=False, separators=(",", ":"))
    return {
        "run": run, "seq": seq, "kind": AMEND, "at_ms": at_ms, "clock": ClockState.SYNCED.value, "boot": _BOOT,
        "mono_ms": 0, "body": body, "stored_ms": at_ms,
    }  # fmt: skip
