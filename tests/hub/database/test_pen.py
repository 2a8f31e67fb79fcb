"""Threads of one process that write to SQLite: in turn, as they came."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from hub.database.engine import open_engine
from hub.database.pen import ConnectionInTurn, Pen
from hub.database.transactions import StoreTroubleError, writing
from tests.patience import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(params=[0.1])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}", busy_timeout_s=request.param)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wrote (who TEXT)")
    yield engine
    engine.dispose()


def write(engine: Engine, who: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO wrote VALUES (?)", (who,))


def pen_of(engine: Engine) -> Pen:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, ConnectionInTurn)
        assert driver.pen is not None
        return driver.pen


class Writer(threading.Thread):
    """Writes once, and keeps what went wrong."""

    def __init__(self, engine: Engine, who: str) -> None:
        super().__init__(daemon=True)
        self._engine = engine
        self._who = who
        self.fault: StoreTroubleError | None = None

    def run(self) -> None:
        try:
            write(self._engine, self._who)
        except StoreTroubleError as exc:
            self.fault = exc


def start(pen: Pen, writer: Writer, *, awaited: int) -> None:
    """Let it come to wait for the pen."""
    writer.start()
    eventually(lambda: pen.awaited == awaited or not writer.is_alive())


@pytest.mark.parametrize("engine", [PATIENCE_S], indirect=True)
def test_who_waits_to_write_goes_before_whoever_comes_later_even_where_that_one_is_quicker(engine: Engine) -> None:
    pen = pen_of(engine)
    ledger, alarms = Writer(engine, "ledger"), Writer(engine, "alarms")

    with writing(engine) as connection:
        start(pen, ledger, awaited=1)
        start(pen, alarms, awaited=2)
        connection.exec_driver_sql("INSERT INTO wrote VALUES ('intake')")
    write(engine, "intake again, at once")

    for one in (ledger, alarms):
        one.join(PATIENCE_S)
        assert one.fault is None
    with engine.connect() as connection:
        told = [row[0] for row in connection.exec_driver_sql("SELECT who FROM wrote ORDER BY rowid")]
    assert told == ["intake", "ledger", "alarms", "intake again, at once"]


def _fails_within(engine: Engine, _file: Path) -> None:
    with pytest.raises(KeyError), writing(engine):
        raise KeyError


def _is_locked_by_another_process(engine: Engine, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTroubleError), writing(engine):
            pass


def _fails_at_its_end(engine: Engine, _file: Path) -> None:
    def write_what_hangs_in_the_air() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            connection.exec_driver_sql("INSERT INTO part VALUES (7)")

    with pytest.raises(StoreTroubleError):
        write_what_hangs_in_the_air()


@pytest.mark.parametrize("trouble", [_fails_within, _is_locked_by_another_process, _fails_at_its_end])
def test_the_pen_is_handed_on_where_a_writing_fails(
    engine: Engine, tmp_path: Path, trouble: Callable[[Engine, Path], None]
) -> None:
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    engine.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE part (of INTEGER REFERENCES whole (id))")
        connection.exec_driver_sql("CREATE TABLE whole (id INTEGER PRIMARY KEY)")

    trouble(engine, tmp_path / "hub.sqlite")

    pen = pen_of(engine)
    assert pen.take()
    pen.hand_on()


def test_a_connection_that_is_thrown_away_while_it_writes_hands_the_pen_on(engine: Engine) -> None:
    pen = pen_of(engine)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, ConnectionInTurn)
        driver.await_turn()
        driver.execute("BEGIN IMMEDIATE")

        connection.invalidate()

    assert pen.take()


def test_who_waits_too_long_waits_no_more_and_takes_nobodys_turn() -> None:
    pen = Pen(0.01)
    assert pen.take()

    assert not pen.take()

    pen.hand_on()
    assert pen.awaited == 0
    assert pen.take()
