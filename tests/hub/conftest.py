"""Both databases, for every test of the hub that touches one."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment

from hub.database.engine import open_engine
from hub.web.kit import frame
from tests.databases import (
    KINDS,
    PostgresServer,
    binaries,
    file_url,
    make_tables,
    only_sqlite,
    postgres_server,
)  # fmt: skip
from tests.hub.sites import made_once
from tests.hub.templates import CompiledOnce
from tests.statements import compiled_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a browser once, over a file: what its pages send goes over both databases in the tests beside, as requests.

    All others go over both: a hub over PostgreSQL costs a twentieth of a second more than one over a file.
    """
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("browser"):
        metafunc.definition.add_marker(only_sqlite)


@pytest.fixture(scope="session", autouse=True)
def _compile_templates_once() -> Iterator[None]:
    """Each hub that a test starts would else compile all of them anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "Environment", partial(Environment, bytecode_cache=CompiledOnce()))
        yield


@pytest.fixture(scope="session", autouse=True)
def _compile_statements_once() -> Iterator[None]:
    """Each database that a test opens would else have all of them compiled anew."""
    with compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _make_sites_once() -> Iterator[None]:
    """Each hub that a test starts would else make anew what its site holds requests to."""
    with made_once():
        yield


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
        make_tables(engine)
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
