"""Both databases, for every test of the hub that touches one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from tests.databases import KINDS, PostgresServer, binaries, file_url, postgres_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The one server of this process."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed; wanted is the package postgresql")
    with postgres_server() as server:
        yield server


@pytest.fixture(params=KINDS)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes an empty database, and tells its address; asked for the same name again, the same one."""
    if request.param == "sqlite":
        yield lambda name: f"sqlite:///{tmp_path / name}"
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    made: dict[str, str] = defaultdict(postgres.make)
    yield lambda name: postgres.url(made[name])
    for database in made.values():
        postgres.drop(database)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own, which has its tables."""
    if request.param == "sqlite":
        url = file_url(tmp_path)
        engine = open_engine(url)
        prepare_schema(engine)
        engine.dispose()
        yield url
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    database = postgres.lend()
    yield postgres.url(database)
    postgres.take_back(database)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """That database, opened as the hub opens it."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()
