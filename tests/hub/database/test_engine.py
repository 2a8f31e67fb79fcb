"""The hub's database beside others who open it too: an import, a rebuild, somebody who looks."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.database.engine import open_engine

if TYPE_CHECKING:
    from pathlib import Path

WRITES_AND_LEAVES = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("INSERT INTO tap VALUES (1)")
database.commit()
database.close()
"""


def test_who_leaves_does_not_take_the_log_of_a_hub_along_that_has_several_connections(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    engine = open_engine(f"sqlite:///{file}")
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        first = stack.enter_context(engine.connect())
        first.exec_driver_sql("CREATE TABLE tap (seq)")
        first.commit()
        second = stack.enter_context(engine.connect())
        second.exec_driver_sql("SELECT * FROM tap").all()
        second.rollback()

        subprocess.run([sys.executable, "-c", WRITES_AND_LEAVES, str(file)], check=True)
        first.exec_driver_sql("INSERT INTO tap VALUES (2)")
        first.commit()

        seen = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT seq FROM tap').fetchall())"
        said = subprocess.run(
            [sys.executable, "-c", seen, str(file)], check=True, capture_output=True, text=True
        ).stdout
        assert file.with_name("hub.sqlite-wal").exists()
    assert said == "[(1,), (2,)]\n"


def test_the_file_is_its_owners_alone_even_where_it_was_there_before(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE tap (seq)")
    file.chmod(0o644)

    engine = open_engine(f"sqlite:///{file}")
    engine.connect().close()
    engine.dispose()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_statement_that_fails_tells_the_log_no_name_and_no_proof(database_url: str) -> None:
    engine = open_engine(database_url)
    with closing(engine.connect()) as connection, pytest.raises(SQLAlchemyError) as failed:
        connection.execute(text("SELECT * FROM nowhere WHERE full_name = :name"), {"name": "样本人"})
    engine.dispose()

    assert "nowhere" in str(failed.value)
    assert "样本人" not in str(failed.value)
