"""What the hub holds of a kiosk, record by record, and when each was made, by the rule that the hub itself goes by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from station.names import Epoch
from station.records import ClockSet, ClockState
from station.succession import Begun, in_order
from station.truetime import Mark, Placed, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

_OF_A_RUN: Final = """
    SELECT seq, kind, token, action, clock, at_ms, boot, mono_ms, stored_ms, body FROM record WHERE run = ? ORDER BY seq
"""


def records_of(engine: Engine, kiosk: str) -> Iterator[dict[str, Any]]:
    """All records of a kiosk at the hub, in the order they were made, as plain JSON."""
    with engine.connect() as connection:
        runs = connection.exec_driver_sql("SELECT id, epoch FROM run WHERE kiosk = ?", (kiosk,)).all()
        rows = {Epoch(epoch): connection.exec_driver_sql(_OF_A_RUN, (run,)).all() for run, epoch in runs}
    order = in_order({epoch: Begun(_before(own[0]), own[0].at_ms) for epoch, own in rows.items() if own})
    named = [(epoch, row) for epoch in order for row in rows[epoch]]
    for (epoch, row), placed in zip(named, _placed([_mark(epoch, row) for epoch, row in named]), strict=True):
        yield {
            "kiosk": kiosk, "epoch": epoch, "seq": row.seq, "kind": row.kind, "card": row.token, "action": row.action,
            "clock": row.clock, "boot": row.boot, "mono_ms": row.mono_ms, "placed": placed._asdict(),
        }  # fmt: skip


def _placed(marks: Sequence[Mark]) -> Sequence[Placed]:
    if all(mark.is_known for mark in marks):
        return [Placed(mark.at_ms, mark.clock) for mark in marks]
    return place(marks)


def _mark(epoch: Epoch, row: Any) -> Mark:
    is_sync = row.kind == ClockSet.KIND
    return Mark(epoch, row.at_ms, ClockState(row.clock), row.boot, row.mono_ms, is_sync, row.stored_ms)


def _before(row: Any) -> Epoch | None:
    before = json.loads(row.body or "{}").get("before")
    return None if before is None else Epoch(before)
