"""Gives the version that is offered out to kiosks, as `rollout` says, by the command `update`; and says how far it is.

What came of each stands in the commands' rows. All calls come from the intake's thread, or from a command at the
terminal.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from hub.asking.asked import ask
from hub.asking.kinds import UPDATE
from hub.database.transactions import changing, reading
from hub.durable_file import write_over
from hub.findings import FindingKind, Findings
from hub.register.directory import Directory
from hub.updates.on_their_way import on_their_way
from hub.updates.quiet_hour import quietest_hour
from hub.updates.rollout import KioskOnItsWay, UpdateStep, ask_now, why_stopped
from hub.updates.shelf import FOLDER, UpdateShelf
from hub.updates.switched_off import SwitchedOff
from station.clock import Clock
from station.names import KioskId, StationCode

EVERY_S: Final = 10.0
HALT: Final = "halted"  # a file: somebody has stopped it
BY: Final = "rollout"
TOLD_BEFORE: Final = timedelta(hours=12)  # so long a station that never closes knows before its only kiosk is changed
RECKONED_ANEW: Final = timedelta(hours=6)


class Giving:
    """Does something every 10 s.

    Args:
        engine: the database.
        clock: whose now it is.
        data_dir: the hub's.
        directory: the city as it is known.
        findings: where it stands that a kiosk will be changed in opening hours.
        seconds: that pass.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        data_dir: Path,
        directory: Callable[[], Directory],
        *,
        findings: Findings,
        seconds: Callable[[], float],
    ) -> None:
        self._engine, self._clock, self._directory, self._seconds = engine, clock, directory, seconds
        self._findings = findings
        self._switched_off = SwitchedOff(findings)
        self._told_at: dict[str, datetime] = {}
        self._quiet: dict[StationCode, tuple[datetime, int]] = {}
        self._shelf, self._halt = UpdateShelf(data_dir), data_dir / FOLDER / HALT
        self._next_s = 0.0
        self._has_said = False

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
        self._shelf.renew(now, anyway=not self._has_said)  # it may have been put back from a backup
        self._has_said = True
        if self._halt.exists():
            self._tell([], version, now)
            self._switched_off.look([], version)
            return
        with reading(self._engine) as connection:
            directory = self._directory()

            def hour_of(station: StationCode) -> int:
                return self._quiet_hour(connection, station, directory.zone, now)

            kiosks = on_their_way(connection, directory, version, now, hour_of)
        self._tell(kiosks, version, now)
        self._switched_off.look(kiosks, version)
        asked = ask_now([self._once_told(each, now) for each in kiosks], version)
        if asked:
            with changing(self._engine) as connection:
                if self._halt.exists():  # whoever halts it withdraws what is asked until then, and nothing later
                    return
                for kiosk in asked:
                    ask(connection, KioskId(kiosk), UPDATE, by=BY, now=now, args={"version": version})

    def _quiet_hour(self, connection: Connection, station: StationCode, zone: ZoneInfo, now: datetime) -> int:
        reckoned_at, hour = self._quiet.get(station, (None, 0))
        if reckoned_at is None or now - reckoned_at > RECKONED_ANEW:
            hour = quietest_hour(connection, station, zone, now)
            self._quiet[station] = now, hour
        return hour

    def _tell(self, kiosks: list[KioskOnItsWay], version: str, now: datetime) -> None:
        """Say whose only kiosk will be changed while the station is open; and of the others that it is over."""
        waiting = {each.id: each for each in kiosks if each.quiet_hour is not None}
        for id_ in self._told_at.keys() - waiting.keys():
            del self._told_at[id_]
            self._findings.end(FindingKind.UPDATE_HOUR, id_)
        for id_ in waiting.keys() - self._told_at.keys():
            self._told_at[id_], hour = now, waiting[id_].quiet_hour
            text = f"takes version {version} at the quietest hour, from {hour}:00 on; no tap for some minutes"
            self._findings.report(FindingKind.UPDATE_HOUR, id_, text, station=StationCode(waiting[id_].station))

    def _once_told(self, kiosk: KioskOnItsWay, now: datetime) -> KioskOnItsWay:
        if kiosk.quiet_hour is None or now - self._told_at[kiosk.id] >= TOLD_BEFORE:
            return kiosk
        return replace(kiosk, may_now=False)


def set_halt(data_dir: Path, reason: str) -> None:
    """Let nobody further be asked; with an empty reason they are again."""
    path = data_dir / FOLDER / HALT
    if reason:
        write_over(path, reason.encode())
    else:
        path.unlink(missing_ok=True)


def rollout_told(kiosks: list[KioskOnItsWay], version: str, data_dir: Path) -> Mapping[str, Any]:
    """How far the roll-out is, in numbers and a reason why it goes no further."""
    halt = data_dir / FOLDER / HALT
    counts = {step.value: sum(each.step is step for each in kiosks) for step in UpdateStep}
    stopped = (halt.read_text() if halt.exists() else "") or why_stopped(kiosks, version)
    stuck = sorted(each.id for each in kiosks if each.is_stuck)
    return {"version": version, "stopped": stopped, "stuck": stuck, **counts}
