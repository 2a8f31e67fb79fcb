"""The hub with accounts of the gate's tests, and the same city in its tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select
from sqlmodel import SQLModel

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.transactions import writing
from tests.databases import file_url, make_tables
from tests.hub.gate.conftest import CODES, GuardedHub, guarded
from tests.hub.pages.board_source import MORNING, ZONE, FakeBoardSource, city

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from hub.changing.commands import CityCommand

__all__ = ["guarded"]
TOKEN = "a1" * 16


@pytest.fixture
def desks(guarded: GuardedHub) -> GuardedHub:
    with writing(guarded.engine) as connection:
        for table, rows in _rows_of_city():
            connection.execute(delete(table))
            if rows:  # of none SQLAlchemy makes a row of defaults
                connection.execute(insert(table), rows)
                dialect_of(connection).continue_numbers(connection, table)
    assert len(city()) == len(guarded.source.rows)
    return guarded


@cache
def _rows_of_city() -> list[tuple[Table, list[dict[str, Any]]]]:
    """What stands in the tables once somebody has entered the city: in those alone that then hold something else."""
    wanted: list[CityCommand] = [asked.NameCity("云州市")]
    rows = FakeBoardSource([replace(row, district_code=CODES[row.district]) for row in city()]).rows
    wanted += [asked.EnterDistrict(code, name) for name, code in CODES.items()]
    wanted += [
        asked.EnterStation(row.code, row.name, district=row.district_code, kind=row.kind) for row in rows.values()
    ]
    wanted += [asked.EnterKiosk("zg-02-a", "ZG-02", "正门"), asked.EnterKiosk("zg-05-a", "ZG-05", "正门")]
    for number, station in (("1", "ZG-02"), ("2", "ZG-05")):
        wanted += [
            asked.EnterPerson(f"p{number}", f"N{number}", full_name=f"样本{number}"),
            asked.SetMemberships(f"p{number}", frozenset({station})),
        ]
    wanted += [asked.EnterCard(TOKEN, "iso14443a"), asked.AssignCard(TOKEN, "p1")]
    with TemporaryDirectory(prefix="zaigang-") as folder:
        engine = open_engine(file_url(Path(folder)))
        make_tables(engine)
        with writing(engine) as connection:
            before = _all_rows(connection)
            outcome = apply(connection, wanted, by="root", at=MORNING, zone=ZONE)
            after = _all_rows(connection)
        engine.dispose()
    assert not outcome.refusals
    return [(table, rows) for table, rows in after.items() if rows != before[table]]


def _all_rows(connection: Connection) -> dict[Table, list[dict[str, Any]]]:
    tables = SQLModel.metadata.sorted_tables
    return {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}
