"""One hub a database, and who looks whether there is one stands in no hub's way."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.database import file_lock as module
from hub.database.engine import open_engine
from hub.database.sole_hub import TakenError, is_served, sole_hub
from tests.databases import file_url, only_sqlite


def test_a_database_is_served_while_a_hub_has_it(engine: Engine) -> None:
    before = is_served(engine)
    with sole_hub(engine):
        meanwhile = is_served(engine)

    assert (before, meanwhile, is_served(engine)) == (False, True, False)


def test_looking_makes_no_file(tmp_path: Path) -> None:
    engine = open_engine(file_url(tmp_path))

    is_served(engine)

    assert list(tmp_path.iterdir()) == []


def test_a_second_hub_is_refused_and_told_who_has_it(engine: Engine) -> None:
    with sole_hub(engine), pytest.raises(TakenError, match=r"process [0-9]+ on .* serves"), sole_hub(engine):
        pass

    with sole_hub(engine):
        pass


def test_a_hub_of_another_database_stands_in_nobodys_way(new_database: Callable[[str], str]) -> None:
    engines = [open_engine(new_database(name)) for name in ("one", "other")]

    with sole_hub(engines[0]):
        served = [is_served(engine) for engine in engines]

    for engine in engines:
        engine.dispose()
    assert served == [True, False]


@only_sqlite
def test_a_hub_that_starts_while_somebody_looks_is_not_refused(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sole_hub(engine):
        pass  # which makes the file
    looking = (tmp_path / "hub.sqlite.lock").open("rb")
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(module.time, "sleep", lambda _: looking.close())

    with sole_hub(engine):
        served = is_served(engine)

    assert served
    assert looking.closed
