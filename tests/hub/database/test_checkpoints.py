"""The log is moved into the database beside the commits, and never at the cost of one."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, contextmanager
from shutil import copyfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from hub.database.checkpoints import Checkpoints, move_log
from hub.database.engine import open_engine
from tests.patience import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE tap (seq)")
    yield made
    made.dispose()


def store(engine: Engine, seq: int) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO tap VALUES (?)", (seq,))


def in_the_file(engine: Engine) -> list[int]:
    """What the database has without its log."""
    copy = f"{engine.url.database}.copy"
    copyfile(engine.url.database, copy)
    with closing(sqlite3.connect(copy)) as alone:
        try:
            return [seq for (seq,) in alone.execute("SELECT seq FROM tap ORDER BY seq")]
        except sqlite3.DatabaseError:  # no table yet, or copied while it was written
            return []


@contextmanager
def running(engine: Engine) -> Iterator[Checkpoints]:
    checkpoints = Checkpoints(engine)
    checkpoints.start()
    try:
        yield checkpoints
    finally:
        checkpoints.stop()


def test_what_was_committed_is_soon_in_the_database_itself(engine: Engine) -> None:
    with running(engine) as checkpoints:
        store(engine, 1)
        before = in_the_file(engine)
        checkpoints.want()

        moved = eventually(lambda: in_the_file(engine) == [1])

    assert (before, moved) == ([], True)


def test_what_somebody_still_reads_past_stays_in_the_log_and_no_commit_waits_for_it(engine: Engine) -> None:
    store(engine, 1)
    with engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM tap").all()
        store(engine, 2)
        left = move_log(engine)
        store(engine, 3)
        reader.rollback()

    assert left > 0
    assert move_log(engine) == 0
    assert in_the_file(engine) == [1, 2, 3]


def test_a_database_that_cannot_be_opened_is_tried_again_at_the_next_commit(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'not there' / 'hub.sqlite'}")
    tries = threading.Semaphore(0)

    def note(*_: Any) -> None:
        tries.release()

    event.listen(engine, "do_connect", note)
    with running(engine) as checkpoints:
        for _ in range(2):
            checkpoints.want()
            assert tries.acquire(timeout=60)
        is_alive = checkpoints.thread.is_alive()
    engine.dispose()

    assert is_alive
