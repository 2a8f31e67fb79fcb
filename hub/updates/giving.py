"""Gives the version that is offered out to kiosks, as `rollout` says, by the command `update`; and says how far it is.

What came of each stands in the commands' rows. All calls come from the intake's thread, or from a command at the
terminal.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from hub.database.command_table import KioskCommand
from hub.database.journal_tables import KioskSeen
from hub.database.transactions import reading, table_of, writing
from hub.durable_file import write_over
from hub.fleet.asking import CommandOutcome, ask
from hub.fleet.kinds import UPDATE
from hub.intake.rows import moment_of, ms_of
from hub.presence.liveness import LOST_AFTER
from hub.register.directory import Directory
from hub.updates.rollout import KioskOnItsWay, UpdateStep, ask_now, why_stopped
from hub.updates.shelf import FOLDER, UpdateShelf
from station.at_rest import is_at_rest
from station.clock import Clock
from station.names import KioskId
from station.version import rank

EVERY_S: Final = 10.0
HALT: Final = "halted"  # a file: somebody has stopped it
BY: Final = "rollout"
FAILED: Final = "failed"  # how a kiosk's refusal begins that is no "not now"


class Giving:
    """Does something every 10 s.

    Args:
        engine: the database.
        clock: whose now it is.
        data_dir: the hub's.
        directory: the city as it is known.
        seconds: that pass.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        data_dir: Path,
        directory: Callable[[], Directory],
        seconds: Callable[[], float],
    ) -> None:
        self._engine, self._clock, self._directory, self._seconds = engine, clock, directory, seconds
        self._shelf, self._halt = UpdateShelf(data_dir), data_dir / FOLDER / HALT
        self._next_s = 0.0

    def step(self) -> None:
        """Ask whoever is to be asked, and say anew that the offer holds.

        Raises:
            StoreTroubleError: the database cannot be used.
        """
        if self._seconds() < self._next_s:
            return
        self._next_s = self._seconds() + EVERY_S
        version, now = self._shelf.offered, self._clock.now()
        if not version:
            return
        self._shelf.renew(now)
        if self._halt.exists():
            return
        with reading(self._engine) as connection:
            kiosks = on_their_way(connection, self._directory(), version, now)
        asked = ask_now(kiosks, version)
        if asked:
            with writing(self._engine) as connection:
                for kiosk in asked:
                    ask(connection, KioskId(kiosk), UPDATE, by=BY, now=now, args={"version": version})


def on_their_way(connection: Connection, directory: Directory, version: str, now: datetime) -> list[KioskOnItsWay]:
    """Every kiosk in service, and how far it is."""
    seen = {row.kiosk: row for row in connection.execute(select(table_of(KioskSeen)))}
    steps = _steps(connection, version, now)
    today_of = {code: now.astimezone(station.zone).date() for code, station in directory.stations.items()}
    found = []
    for kiosk in directory.kiosks.values():
        station = directory.stations.get(kiosk.station)
        row = seen.get(kiosk.id)
        if station is None or row is None or kiosk.is_revoked or not kiosk.in_service(today_of[kiosk.station]):
            continue
        runs = bool(row.version) and rank(row.version) >= rank(version)
        step = UpdateStep.DONE if runs else steps.get(kiosk.id, UpdateStep.WAITS)
        is_there = row.online and now - moment_of(row.heard_ms) < LOST_AFTER
        today = today_of[kiosk.station]
        calendar = station.rules(since=today - timedelta(days=1), until=today + timedelta(days=1)).calendar
        found.append(KioskOnItsWay(kiosk.id, kiosk.station, step, is_there and is_at_rest(calendar, now)))
    return found


def set_halt(data_dir: Path, reason: str) -> None:
    """Let nobody further be asked; with an empty reason they are again."""
    path = data_dir / FOLDER / HALT
    if reason:
        write_over(path, reason.encode())
    else:
        path.unlink(missing_ok=True)


def told(kiosks: list[KioskOnItsWay], version: str, data_dir: Path) -> Mapping[str, Any]:
    """How far the roll-out is, in numbers and a reason why it goes no further."""
    halt = data_dir / FOLDER / HALT
    counts = {step.value: sum(each.step is step for each in kiosks) for step in UpdateStep}
    stopped = (halt.read_text() if halt.exists() else "") or why_stopped(kiosks, version)
    return {"version": version, "stopped": stopped, **counts}


def _steps(connection: Connection, version: str, now: datetime) -> dict[str, UpdateStep]:
    """By the newest command of each kiosk about that version."""
    query = select(table_of(KioskCommand)).where(col(KioskCommand.name) == UPDATE.name)
    found: dict[str, UpdateStep] = {}
    for row in connection.execute(query.order_by(col(KioskCommand.asked_ms))):
        if json.loads(row.args).get("version") != version:
            continue
        if row.outcome == CommandOutcome.REFUSED:
            found[row.kiosk] = UpdateStep.FAILED if row.said.startswith(FAILED) else UpdateStep.WAITS
        elif row.outcome == CommandOutcome.BEGUN or row.expires_ms > ms_of(now):
            found[row.kiosk] = UpdateStep.UNDER_WAY
        else:
            found[row.kiosk] = UpdateStep.WAITS
    return found
