"""A ledger, and the coverage that is kept of it, on a clock that is moved by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from hub.coverage.keeper import CoverageKeeper
from hub.coverage.reckoning import DAY, GAP
from hub.database.transactions import reading, snapshot
from hub.rebuilding.anew import made_anew
from hub.rebuilding.recounting import coverage_differences
from hub.register.rulebook import Rulebook
from station.hours import SHANGHAI

if TYPE_CHECKING:
    from tests.hub.ledger.bench import LedgerBench

THURSDAY = date(2026, 3, 5)
HOUR_MS = 3_600_000


class HandClock:
    """Shows what it is set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class CoverageBench:
    """Keeps the coverage of a ledger."""

    def __init__(self, hub: LedgerBench, at: str) -> None:
        self.hub = hub
        self.clock = HandClock(moment(at))
        self.restart()

    def restart(self) -> None:
        """Begin as after a crash."""
        self.keeper = CoverageKeeper(self.hub.engine, self.hub.directory(), self.clock)  # type: ignore[arg-type]

    def catch_up(self, at: str = "") -> None:
        """Let time come to that moment, learn the city, and reckon all that is due."""
        if at:
            self.clock.at = moment(at)
        self.keeper.learn(self.hub.directory())
        self.keeper.catch_up()

    def day(self, day: date = THURSDAY, station: str = "S-01") -> dict[str, Any]:
        (found,) = [row for row in self.hub.rows(DAY) if (row["day"], row["station"]) == (day, station)]
        return found

    def hours(self, *names: str, day: date = THURSDAY, station: str = "S-01") -> list[float]:
        """Figures of a day."""
        row = self.day(day, station)
        return [row[f"{name}_ms"] / HOUR_MS for name in names]

    def gaps(self, day: date = THURSDAY, station: str = "S-01") -> list[dict[str, Any]]:
        return [row for row in self.hub.rows(GAP) if (row["day"], row["station"]) == (day, station)]

    def differences(self) -> list[str]:
        """Between what is kept and what a ledger made anew comes to, of all days."""
        directory = self.hub.directory()
        book = Rulebook(directory)
        with snapshot(self.hub.engine) as connection:
            with made_anew(connection, book, lambda work, _: work):
                found = list(coverage_differences(connection, directory, book, self.clock.now(), Random(1)))
            connection.rollback()
        return found

    def due(self) -> int:
        with reading(self.hub.engine) as connection:
            from hub.ledger.touched import DUE

            return len(connection.execute(DUE.select()).all())


def moment(text: str) -> datetime:
    """As `2026-03-05 12:00`, where the stations are."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]
