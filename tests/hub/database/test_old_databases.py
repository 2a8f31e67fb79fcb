"""Databases that earlier versions left, as they were: each is brought up, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import inspect

from hub.__main__ import main
from hub.database.engine import open_engine
from hub.database.migrate import migrate
from hub.database.schema import SchemaError, prepare_schema
from tests.hub.test_schema import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.databases import PostgresServer

GOLDEN = Path(__file__).parents[2] / "golden" / "databases"
KEPT = sorted(GOLDEN.glob("r*.sql"))
BEFORE_FACTS_HAD_A_TIME = [file for file in KEPT if file.stem < "r0004"]
KEPT_BY_POSTGRESQL = sorted(GOLDEN.glob("p*.sql"))
WITH_TIME = [file for file in (*KEPT, *KEPT_BY_POSTGRESQL) if file not in BEFORE_FACTS_HAD_A_TIME]
WITH_ALARMS = [file for file in WITH_TIME if file.stem[1:] >= "0026"]
MADE_ANEW = ("alembic_version", "coverage_", "ledger_", "stint", "watched")
"""What begins so is not what happened, but follows from it."""
GONE: set[tuple[str, str]] = set()
"""Columns that a later revision took away on purpose."""
LOST_MS = int(datetime(2026, 3, 5, 2, tzinfo=UTC).timestamp() * 1000)
ALWAYS = "2000-01-01"
SEEN = "kiosk, heard_ms, online, session, reader, clock, version, queued"


def file_of(kept: Path, tmp_path: Path) -> Engine:
    with sqlite3.connect(tmp_path / "old") as connection:
        connection.executescript(kept.read_text(encoding="utf-8"))
    connection.close()
    return open_engine(f"sqlite:///{tmp_path / 'old'}")


@pytest.fixture(params=BEFORE_FACTS_HAD_A_TIME, ids=lambda file: file.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = file_of(request.param, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture(params=[*KEPT, *KEPT_BY_POSTGRESQL], ids=lambda file: file.stem)
def any_old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param in KEPT:
        engine = file_of(request.param, tmp_path)
        yield engine
        engine.dispose()
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    database = postgres.make()
    with psycopg.connect(f"host={postgres.folder} user=hub dbname={database}") as connection:
        connection.execute(request.param.read_bytes())
    engine = open_engine(postgres.url(database))
    yield engine
    engine.dispose()
    postgres.drop(database)


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def content(engine: Engine, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Each table's rows in those columns, as text in one order: what a row holds does not depend on how it is written."""
    told = {}
    with engine.connect() as connection:
        for table, names in columns.items():
            wanted = ", ".join(f'"{name}"' for name in names)
            told[table] = sorted(map(repr, connection.exec_driver_sql(f'SELECT {wanted} FROM "{table}"')))
    return told


def test_it_gets_the_tables_that_this_version_makes(
    any_old: Engine, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    name = f"sqlite:///{tmp_path / 'made'}"
    if any_old.dialect.name == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        name = postgres.url(postgres.make())
    made = open_engine(name)
    prepare_schema(made)

    migrate(any_old)

    assert tables_of(any_old) == tables_of(made)
    made.dispose()


@pytest.mark.parametrize("any_old", WITH_TIME, ids=lambda file: file.stem, indirect=True)  # of the others below
def test_since_facts_have_a_time_nothing_is_lost(any_old: Engine) -> None:
    found = inspect(any_old)
    kept = [table for table in found.get_table_names() if not table.startswith(MADE_ANEW)]
    columns = {table: [column["name"] for column in found.get_columns(table)] for table in kept}
    before = content(any_old, columns)

    migrate(any_old)

    now = inspect(any_old)
    columns_now = {table: {column["name"] for column in now.get_columns(table)} for table in now.get_table_names()}
    assert {
        (table, name) for table in kept for name in columns[table] if name not in columns_now.get(table, ())
    } == GONE
    same = {table: names for table, names in columns.items() if not GONE & {(table, name) for name in names}}
    assert content(any_old, same) == {table: before[table] for table in same}
    assert [len(before[table]) for table in ("record", "holding", "loss", "volunteer")] == [8, 3, 2, 3]


@pytest.mark.parametrize("any_old", WITH_ALARMS, ids=lambda file: file.stem, indirect=True)
def test_an_alarm_and_its_steps_outlast_a_table_made_anew(any_old: Engine) -> None:
    migrate(any_old)

    assert rows(any_old, "SELECT number, station, over_ms IS NULL FROM alarm ORDER BY number") == [
        (1, "h1", False), (2, "b1", True)
    ]  # fmt: skip
    assert rows(any_old, "SELECT alarm, what FROM alarm_step ORDER BY number") == [(1, "raised"), (2, "raised")]
    with any_old.begin() as connection:  # its numbers go on
        connection.exec_driver_sql(
            "INSERT INTO alarm (station, matter, lack, level, since_ms, raised_ms, on_duty, wanted, ending)"
            " VALUES ('h1', 'staff', 'vacant', 1, 1, 1, 0, 1, '')"
        )
    assert rows(any_old, "SELECT max(number) FROM alarm") == [(3,)]


def test_what_happened_and_who_there_is_stays(old: Engine) -> None:
    tables = ("city", "district", "kind_authority", "edition", "record", "finding")
    before = {table: rows(old, f"SELECT * FROM {table}") for table in tables}
    runs = rows(old, "SELECT id, kiosk, epoch, station, kept_from, through, last_at_ms FROM run")
    people = rows(old, "SELECT person, number, full_name, star, trained_on FROM volunteer")
    seen = rows(old, f"SELECT {SEEN} FROM kiosk_seen")
    kiosks = rows(old, "SELECT id, station, entrance, in_service_from, in_service_to FROM kiosk")
    stations = rows(old, "SELECT code, name, short_name, district, kind, lead, created_on FROM station")

    migrate(old)

    assert {table: rows(old, f"SELECT * FROM {table}") for table in tables} == before
    assert rows(old, f"SELECT {SEEN}, key_mark, next_mark FROM kiosk_seen") == [(*row, "", "") for row in seen]
    assert rows(old, "SELECT id, station, entrance, in_service_from, in_service_to FROM kiosk") == kiosks
    assert rows(old, "SELECT id, kiosk, epoch, station, kept_from, through, last_at_ms FROM run") == runs
    assert rows(old, "SELECT person, number, full_name, star, trained_on FROM volunteer") == people
    assert rows(old, "SELECT code, name, short_name, district, kind, lead, created_on FROM station") == stations
    assert len(people) == 3
    assert len(before["record"]) == 8


def test_a_card_was_its_holders_since_always_and_lost_from_when_it_was_revoked(old: Engine) -> None:
    holders = set(rows(old, "SELECT token, person FROM card WHERE person IS NOT NULL"))
    revoked = {token for (token,) in rows(old, "SELECT token FROM card WHERE revoked_at IS NOT NULL")}
    members = set(rows(old, "SELECT station, person FROM station_volunteer"))

    migrate(old)

    assert {(token, person) for token, _, _, person in rows(old, "SELECT * FROM holding")} == holders
    assert {(begin, until) for _, begin, until, _ in rows(old, "SELECT * FROM holding")} == {(0, None)}
    assert set(rows(old, "SELECT * FROM loss")) == {(token, LOST_MS, None) for token in revoked}
    assert set(rows(old, "SELECT * FROM membership")) == {(*member, ALWAYS, None) for member in members}
    assert [len(rows(old, f"SELECT * FROM {table}")) for table in ("card", "holding", "loss")] == [5, 3, 2]


def test_hours_minimum_and_target_are_terms_the_first_since_always(old: Engine) -> None:
    migrate(old)

    terms = {(station, day): rest for station, day, *rest in rows(old, "SELECT * FROM terms")}
    usual = [[day, *span] for day in range(7) for span in ((480, 690), (870, 1050))]
    assert terms.keys() == {("h1", ALWAYS), ("b1", ALWAYS), ("b1", date(2026, 4, 1).isoformat())}
    assert terms["h1", ALWAYS] == [repr(usual).replace(" ", ""), 0, 1, 2, "{}"]
    assert terms["b1", ALWAYS][0].endswith("[4,540,720],[5,600,720]]")
    assert terms["b1", "2026-04-01"][0].startswith("[[0,600,660]")
    assert {tuple(terms["b1", day][2:4]) for day in (ALWAYS, "2026-04-01")} == {(2, 3)}


def test_the_ledger_is_made_anew_and_a_loss_takes_nothing_of_the_past(
    any_old: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", any_old.url.render_as_string(hide_password=False))

    status = main(["migrate"])

    assert status == 0
    assert len(rows(any_old, "SELECT * FROM ledger_tap")) == 6
    assert len(rows(any_old, "SELECT * FROM stint")) == 5


def test_a_row_that_refers_to_nothing_keeps_the_tables_as_they_were(old: Engine) -> None:
    with old.begin() as connection:
        connection.exec_driver_sql("DELETE FROM district")
    before = tables_of(old)

    with pytest.raises(SchemaError, match=r"as they were: .* from station to a district that is not there"):
        migrate(old)

    assert tables_of(old) == before
