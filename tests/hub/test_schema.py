"""The tables: made at once where there are none, brought up where they are old, left alone where they are others'."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from hub.database.dialect import run_sql
from hub.database.engine import open_engine
from hub.database.migrate import migrate
from hub.database.migrations.upgrading import newest_revision, upgrade
from hub.database.schema import HEAD, SchemaError, prepare_schema
from hub.saying import said_by, tell
from tests.databases import make_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine


only_sqlite_schema = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
"""On PostgreSQL the first revisions were never used; from where they were is told with old databases."""
DESCRIBED = """\
SELECT table_name, concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"""


@pytest.fixture
def opened(new_database: Callable[[str], str]) -> Iterator[Callable[[str], Engine]]:
    engines: list[Engine] = []

    def make(name: str) -> Engine:
        engines.append(open_engine(new_database(name)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


def tables_of(engine: Engine) -> dict[str, set[str]]:
    """Each table's definition line by line; in which order constraints stand does not matter."""
    if engine.dialect.name == "postgresql":
        return described(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {
        name: {re.sub(r"\s+", " ", line).strip(" ,") for line in re.sub(r"\(\s*\n", "(\n", sql).splitlines()}
        for name, sql in ((name, sql.replace(f'"{name}"', name)) for name, sql in rows)
    }


def described(engine: Engine) -> dict[str, set[str]]:
    """The same of PostgreSQL, which keeps no text: columns, constraints, indexes."""
    told: dict[str, set[str]] = defaultdict(set)
    with engine.connect() as connection:
        for table, line in connection.exec_driver_sql(DESCRIBED):
            told[table].add(line)
    return dict(told)


@only_sqlite_schema
def test_the_revisions_end_at_the_tables_that_the_code_works_with(opened: Callable[[str], Engine]) -> None:
    made, migrated = opened("made"), opened("migrated")
    prepare_schema(made)

    with migrated.begin() as connection:
        upgrade(connection)

    assert newest_revision() == HEAD
    assert tables_of(migrated) == tables_of(made)


def test_an_empty_database_gets_its_tables_at_once(opened: Callable[[str], Engine]) -> None:
    engine = opened("empty")

    prepare_schema(engine)
    prepare_schema(engine)

    assert {"station", "card", "record", "alembic_version"} <= tables_of(engine).keys()


def test_a_file_that_tests_copy_has_the_same_tables(opened: Callable[[str], Engine]) -> None:
    made, copied = opened("made"), opened("copied")
    prepare_schema(made)

    make_tables(copied)

    prepare_schema(copied)  # and takes it for its own
    assert tables_of(copied) == tables_of(made)


def test_two_hubs_that_start_at_once_make_the_tables_once(opened: Callable[[str], Engine]) -> None:
    engines = [opened("shared") for _ in range(4)]
    together = Barrier(len(engines))

    def start(engine: Engine) -> None:
        together.wait(60)
        prepare_schema(engine)

    with ThreadPoolExecutor(len(engines), thread_name_prefix="hub start") as pool:
        list(pool.map(start, engines))

    with engines[0].connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [HEAD]


@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_another_revision_is_refused_with_what_to_do(opened: Callable[[str], Engine], revision: str) -> None:
    engine = opened("other")
    prepare_schema(engine)
    with engine.begin() as connection:
        run_sql(connection, "UPDATE alembic_version SET version_num = ?", (revision,))

    with pytest.raises(SchemaError, match=f"revision {revision}, this version works with {HEAD}.*zaigang-hub migrate"):
        prepare_schema(engine)


def test_somebody_elses_database_is_left_alone(opened: Callable[[str], Engine]) -> None:
    engine = opened("foreign")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (id INTEGER)")

    with pytest.raises(SchemaError, match="holds other tables than ours"):
        prepare_schema(engine)
    with pytest.raises(SchemaError, match="holds other tables than ours"):
        migrate(engine)

    assert tables_of(engine).keys() == {"orders"}


def test_a_database_of_a_newer_version_is_told_so(opened: Callable[[str], Engine]) -> None:
    engine = opened("newer")
    prepare_schema(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaError, match="made by another version"):
        migrate(engine)


def test_migrating_makes_and_then_leaves_alone(opened: Callable[[str], Engine]) -> None:
    engine = opened("fresh")
    migrate(engine)
    before = tables_of(engine)

    migrate(engine)

    assert tables_of(engine) == before


def test_a_migration_that_breaks_off_leaves_the_tables_as_they_were(opened: Callable[[str], Engine]) -> None:
    engine = opened("halfway")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("CREATE TABLE volunteer (stands_in_the_way INTEGER)")
    before = tables_of(engine)

    with pytest.raises(SchemaError, match=r"as they were: .*volunteer.* already exists"):
        migrate(engine)

    assert tables_of(engine) == before


@only_sqlite_schema
def test_a_file_that_is_no_database_is_told_in_a_sentence(opened: Callable[[str], Engine], tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, " * 100)

    with pytest.raises(SchemaError, match="cannot be opened: file is not a database"):
        prepare_schema(opened("text"))


def test_knowing_whether_the_tables_are_current_does_not_load_alembic() -> None:
    code = "import sys, hub.database.schema; print(sum(name.partition('.')[0] == 'alembic' for name in sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded == "0\n"


def test_a_database_of_others_is_refused_in_one_language(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'theirs.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE strange (a INTEGER)")

    with pytest.raises(SchemaError) as refused:
        prepare_schema(engine)
    engine.dispose()

    told = tell(said_by(refused.value), is_chinese=True)
    assert told.startswith("数据库 sqlite:///")
    assert "the database" not in told
