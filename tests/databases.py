"""Databases for tests: a file for SQLite, and a PostgreSQL server of the tests' own for the other.

One server a process of tests, on a socket in a directory of its own, run by a user who is not root: PostgreSQL refuses
that one. It syncs nothing, for nobody cuts its power. Each test gets a database copied from one that has its tables.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlmodel import SQLModel

from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KINDS = ("sqlite", "postgresql")
TEMPLATE = "with_tables"
_SHAPE = """\
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_proc),
(SELECT count(*) FROM pg_trigger),
(SELECT count(*) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database())"""
_LEAVE_ALONE = """\
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"""
_SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "full_page_writes": "off", "autovacuum": "off",
    "shared_buffers": "32MB", "max_wal_size": "256MB", "max_connections": "100", "log_min_messages": "fatal",
}  # fmt: skip


def file_url(folder: Path) -> str:
    """A SQLite database there."""
    return f"sqlite:///{folder / 'hub.sqlite'}"


def make_tables(engine: Engine) -> None:
    """Give an empty database its tables; a new file of SQLite gets the content of one that was made so, once a process."""
    file = Path(engine.url.database or "")
    if engine.dialect.name != "sqlite" or file.exists():
        prepare_schema(engine)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(_file_with_tables())


@cache
def _file_with_tables() -> bytes:
    with tempfile.TemporaryDirectory(prefix="zaigang-") as folder:
        engine = open_engine(file_url(Path(folder)))
        prepare_schema(engine)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0
        engine.dispose()
        return Path(engine.url.database or "").read_bytes()


@cache
def _empty_all() -> str:
    """One statement that empties the tables that have something in them, and lets all numbers begin anew."""
    names = [table.name for table in reversed(SQLModel.metadata.sorted_tables)]
    tables = " ".join(f"IF EXISTS (SELECT FROM {name}) THEN DELETE FROM {name}; END IF;" for name in names)
    numbers = "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';"
    return f"DO $$ BEGIN {tables} {numbers} END $$"


def written_in(engine: Engine) -> str:
    """All rows of all tables as text, a line each; of a file, nothing else stands beside it then."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            driven: Any = connection.connection.driver_connection
            return "\n".join(driven.iterdump())
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        names = connection.exec_driver_sql(named).scalars().all()
        rows = [connection.exec_driver_sql(f'SELECT "{name}"::text FROM "{name}"').scalars() for name in names]
        return "\n".join(row for of_one in rows for row in of_one)


def be_impatient(engine: Engine) -> None:
    """Let it wait for nobody, by its one connection so far."""
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "PRAGMA busy_timeout = 0" if engine.dialect.name == "sqlite" else "SET lock_timeout = 1"
        )
        connection.commit()


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody else changes the city, and looks after the runs, for as long as the block lasts."""
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with other.begin() as connection:
        dialect_of(connection).begin_changing(connection)
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE run IN EXCLUSIVE MODE")
        yield
    other.dispose()


@contextmanager
def only_read(engine: Engine) -> Iterator[None]:
    """The database may only be read for as long as the block lasts."""
    for is_on in (True, False):
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA query_only = {is_on:d}")
        else:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("SET default_transaction_read_only = off")
                connection.exec_driver_sql(
                    f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = {is_on}"
                )
            engine.dispose()  # it holds for those who come from then on
        if is_on:
            yield


def restore(url: URL, dump: Path) -> None:
    """Put a database back as an operator does."""
    server = f"host={url.query['host']} user={url.username}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {url.database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {url.database} TEMPLATE template0")
    subprocess.run(
        [binaries() / "pg_restore", "--exit-on-error", "-d", f"{server} dbname={url.database}", dump], check=True
    )


def binaries() -> Path | None:
    """Where the newest PostgreSQL of this machine has its programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("postgres")
    return Path(named).resolve().parent if named else None


@cache
def _as_somebody() -> tuple[list[str], int]:
    """What a command begins with to be run by a user who is not root, and that user's number."""
    if os.getuid() != 0:
        return [], os.getuid()
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"], user.pw_uid
    raise AssertionError("nobody here can run PostgreSQL")


class PostgresServer:
    """One server, its files in a directory that goes with it."""

    def __init__(self) -> None:
        found = binaries()
        assert found is not None, "PostgreSQL is not installed; wanted is the package postgresql"
        self._binaries = found
        self.folder = Path(tempfile.mkdtemp(prefix="zaigang-pg-"))  # short: a socket's path has 107 bytes
        os.chown(self.folder, _as_somebody()[1], -1)
        self._numbers = count(1)
        self._empty: list[str] = []
        self._shape: list[tuple[object, ...]] = []
        self._do("initdb", "--no-sync", "--auth=trust", "--username=hub", "--encoding=UTF8", "--locale=C", self.data)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = {value}\n" for name, value in _SETTINGS.items())
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        self._do("pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", self.folder / "log")

    def stop(self, mode: str = "immediate") -> None:
        self._do("pg_ctl", "stop", "-w", "-s", "-D", self.data, "-m", mode)

    @contextmanager
    def as_standby(self) -> Iterator[None]:
        """A standby whose primary says nothing more, for as long as the block lasts."""
        signal = self.data / "standby.signal"
        self.stop("fast")
        signal.touch()
        self.start()
        try:
            yield
        finally:
            self.stop("fast")
            signal.unlink()
            self.start()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://hub@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """As its superuser, outside any transaction; what it answers."""
        with psycopg.connect(f"host={self.folder} user=hub dbname={database}", autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def lend(self) -> str:
        """The name of a database that has our tables, and nothing in them."""
        if not self._empty:
            self._empty.append(self.make(TEMPLATE))
            self._shape = self._shape or self.run(_SHAPE, self._empty[-1])
        return self._empty.pop()

    def take_back(self, database: str) -> None:
        """It is not used any more: emptied, which takes a tenth of the time that making one does, where it has its shape still."""
        with psycopg.connect(f"host={self.folder} user=hub dbname={database}", autocommit=True) as connection:
            connection.execute(_LEAVE_ALONE)
            has_its_shape = connection.execute(_SHAPE).fetchall() == self._shape
            if has_its_shape:
                connection.execute(_empty_all())
        if not has_its_shape:
            self.drop(database)
            return
        self._empty.append(database)

    def make(self, template: str = "template0") -> str:
        """A new database's name."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # a quarter of the time
        return name

    def drop(self, database: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def _do(self, program: str, *arguments: str | Path) -> None:
        before, _ = _as_somebody()
        subprocess.run(
            [*before, self._binaries / program, *arguments], check=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, cwd="/", env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )  # fmt: skip


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server, with a database to copy that has our tables."""
    server = PostgresServer()
    try:
        server.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        engine = open_engine(server.url(TEMPLATE))
        prepare_schema(engine)
        engine.dispose()
        yield server
    finally:
        server.close()
