"""What the hub holds of a kiosk, record by record, and when each was made, by the rule that the hub itself goes by."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine

from simulator.world.database import driver_of
from station.names import Epoch
from station.records import ClockSet, ClockState, Tap
from station.succession import Begun, in_order
from station.truetime import AHEAD_MS, Placed, TimeMark, place

_OF_A_RUN: Final = """
    SELECT seq, kind, token, action, clock, at_ms, boot, mono_ms, stored_ms, body FROM record WHERE run = ? ORDER BY seq
"""


class _Row(NamedTuple):
    seq: int
    kind: str
    token: str | None
    action: str | None
    clock: str
    at_ms: int
    boot: str
    mono_ms: int
    stored_ms: int
    body: str | None

    def mark(self, epoch: Epoch) -> TimeMark:
        is_sync = self.kind == ClockSet.KIND
        return TimeMark(epoch, self.at_ms, ClockState(self.clock), self.boot, self.mono_ms, is_sync, self.stored_ms)

    @property
    def begun(self) -> Begun:
        before = json.loads(self.body or "{}").get("before")
        return Begun(None if before is None else Epoch(before), self.at_ms)


def records_of(engine: Engine, kiosk: str) -> Iterator[dict[str, Any]]:
    """All records of a kiosk at the hub, in the order they were made, as plain JSON; taps with all that is judged."""
    with engine.connect() as connection:
        driver = driver_of(connection)
        runs = driver.execute("SELECT id, epoch FROM run WHERE kiosk = ?", (kiosk,)).fetchall()
        rows = {Epoch(epoch): [*map(_Row._make, driver.execute(_OF_A_RUN, (run,)))] for run, epoch in runs}
    order = in_order({epoch: own[0].begun for epoch, own in rows.items() if own})
    named = [(epoch, row) for epoch in order for row in rows[epoch]]
    for (epoch, row), placed in zip(named, _placed(named), strict=True):
        record: dict[str, Any] = {
            "kiosk": kiosk, "epoch": epoch, "seq": row.seq, "kind": row.kind, "clock": row.clock, "boot": row.boot,
            "mono_ms": row.mono_ms, "placed_ms": placed.at_ms,
        }  # fmt: skip
        if row.kind == Tap.KIND:
            record |= {"card": row.token, "action": row.action, "placed": placed._asdict()}
        yield record


def _placed(named: Sequence[tuple[Epoch, _Row]]) -> Sequence[Placed]:
    if all(row.clock == ClockState.SYNCED and row.at_ms <= row.stored_ms + AHEAD_MS for _, row in named):
        return [Placed(row.at_ms, ClockState.SYNCED) for _, row in named]
    return place([row.mark(epoch) for epoch, row in named])
