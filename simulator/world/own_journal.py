"""What the hub's own journal says of taps, and how the ledger has each of them, as plain JSON."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from simulator.world.database import driver_of
from station.amending import AMEND
from station.milliseconds import ms_of
from station.names import HUB_KIOSK

_SAID = """
    SELECT run.epoch, record.seq, run.station, record.body FROM record JOIN run ON run.id = record.run
    WHERE run.kiosk = ? AND record.kind = ? ORDER BY run.station, record.seq
"""
_TAPS = """
    SELECT run.kiosk, run.epoch, tap.seq, run.station, tap.token, tap.action, tap.at_ms, tap.recorded_ms,
        tap.mark, tap.confirmed_ms
    FROM ledger_tap AS tap JOIN run ON run.id = tap.run ORDER BY tap.at_ms, run.kiosk, run.epoch, tap.seq
"""


def amendments_of(engine: Engine) -> list[dict[str, Any]]:
    """All that leads ever said, what was taken back among it."""
    with engine.connect() as connection:
        rows = driver_of(connection).execute(_SAID, (HUB_KIOSK, AMEND)).fetchall()
    return [_said(*row) for row in rows]


def amended_taps(engine: Engine) -> list[dict[str, Any]]:
    """Every tap of the ledger, in order of time."""
    with engine.connect() as connection:
        rows = driver_of(connection).execute(_TAPS).fetchall()
    return [
        {
            "name": [kiosk, epoch, seq], "station": station, "token": token, "action": action, "at_ms": at_ms,
            "recorded_ms": at_ms if recorded_ms is None else recorded_ms, "void": mark == "void",
            "confirmed_ms": confirmed_ms,
        }
        for kiosk, epoch, seq, station, token, action, at_ms, recorded_ms, mark, confirmed_ms in rows
    ]  # fmt: skip


def _said(epoch: str, seq: int, station: str, body: str) -> dict[str, Any]:
    fields = json.loads(body)
    at = fields.get("at")
    return {
        "name": [HUB_KIOSK, epoch, seq], "station": station, "change": fields["change"], "of": fields.get("of"),
        "person": fields.get("person"), "action": fields.get("action"), "proves": bool(fields.get("evidence")),
        "at_ms": None if at is None else ms_of(datetime.fromisoformat(at)),
    }  # fmt: skip
