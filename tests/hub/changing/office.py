"""A small city in a database, and somebody who changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlmodel import SQLModel, select

from hub.changing.proposal import Outcome, apply, preview
from hub.database.history_table import ChangeRow
from hub.database.transactions import reading, writing
from hub.register.reading import read_directory
from hub.register.rulebook import Rulebook
from station.hours import SHANGHAI
from tests.hub.cities import raise_edition
from tests.hub.ledger.bench import in_memory, small_city

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand
    from hub.register.directory import Directory

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)  # ten in the morning at the stations, a Thursday
TODAY = date(2026, 3, 5)


def at(text: str) -> datetime:
    """A moment in the city, as `2026-03-05 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ms(text: str) -> int:
    return int(at(text).timestamp() * 1000)


@dataclass
class Office:
    """Stations S-01 and S-02 with kiosks K-01-1 and K-02-1; p1 to p3 and p4 to p6, each with a card since always."""

    now: datetime = NOW
    engine: Any = field(default_factory=lambda: in_memory(small_city()))

    def give(self, *commands: CityCommand, why: str = "") -> Outcome:
        with writing(self.engine) as connection:
            return apply(connection, commands, by="somebody", at=self.now, zone=SHANGHAI, why=why)

    def preview(self, *commands: CityCommand, why: str = "") -> Outcome:
        with reading(self.engine) as connection:
            return preview(connection, commands, by="somebody", at=self.now, zone=SHANGHAI, why=why)

    def refusals(self, *commands: CityCommand, why: str = "") -> list[str]:
        return [str(refusal) for _, refusal in self.give(*commands, why=why).refusals]

    def rows(self, model: type[SQLModel]) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            in_order = select(model).order_by(*inspect(model).primary_key)  # else as it lies there
            return [dict(row) for row in connection.execute(in_order).mappings()]

    def history(self) -> list[dict[str, Any]]:
        return self.rows(ChangeRow)

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        with reading(self.engine) as connection:
            tables = SQLModel.metadata.sorted_tables
            return {t.name: sorted(map(tuple, connection.execute(t.select())), key=repr) for t in tables}

    def directory(self) -> Directory:
        with reading(self.engine) as connection:
            return read_directory(connection, SHANGHAI)

    def book(self) -> Rulebook:
        return Rulebook(self.directory())

    def edition(self) -> int:
        return self.directory().edition


__all__ = ["NOW", "TODAY", "Office", "at", "ms", "raise_edition"]
