"""The ledger of either database, for the tests that say `usefixtures("either_database")`."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from hub.database.engine import open_engine
from tests.databases import KINDS, PostgresServer
from tests.hub.cities import make_city
from tests.hub.ledger import bench


@pytest.fixture(scope="module", params=KINDS)
def either_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where `ledger_bench` keeps what it stores."""
    if request.param == "sqlite":
        yield
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")

    @contextmanager
    def city() -> Iterator[Engine]:
        database = postgres.lend()
        engine = open_engine(postgres.url(database))
        make_city(engine, ("S-01", "S-02"))
        try:
            yield engine
        finally:
            engine.dispose()
            postgres.take_back(database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "city", city)
        yield
