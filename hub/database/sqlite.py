"""SQLite: one file, one writer at a time, and a log beside it that somebody has to move."""

import contextlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import ConnectionPoolEntry

from hub.data_dir import make_data_dir
from hub.database import file_copy, file_lock
from hub.database.pen import ConnectionInTurn, Pen
from hub.database.rows_together import pieces
from hub.saying import say
from station.errors import ConfigError

LOG_BYTES = 64 << 20  # what the log keeps on the disk after a long reading or a backup made it grow
LOG_PAGES = 4000  # from then on a commit moves them itself; `checkpoints` is before it where a hub runs
CACHE_KIB = 4096  # of pages a connection: the ends of 1,000 runs
_OPENED: Final = "zaigang.opened"


class Sqlite:
    """A `Dialect`."""

    backup_suffix: Final = file_copy.SUFFIX
    forgets_origin: Final = False
    rows_locked: Final = ""  # who has begun to write is alone
    takes_rows_together: Final = True

    def open(self, address: URL, busy_timeout_s: float) -> Engine:
        """An engine that waits so long for another process to finish writing, and for other threads of this one."""
        if address.database in {None, "", ":memory:"}:
            raise ConfigError(
                say(
                    "database: {address} names no file, and would keep nothing; wanted is sqlite:///PATH",
                    address=address,
                )
            )
        arguments = {"timeout": busy_timeout_s, "factory": ConnectionInTurn}
        engine = create_engine(address, connect_args=arguments, hide_parameters=True, pool_use_lifo=True)
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", partial(_put_in_turn, Pen(busy_timeout_s)))
        event.listen(engine, "connect", _make_durable)
        return engine

    def make_place(self, address: URL) -> None:
        """The directory."""
        make_data_dir(Path(address.database or "").parent)

    def is_there(self, engine: Engine) -> bool:
        """Whether the file is there, and more than a name: one that is opened is made."""
        file = file_of(engine)
        return file.exists() and file.stat().st_size > 0

    def weaknesses(self, engine: Engine) -> list[str]:  # noqa: ARG002 -- the contract's
        """None: all that matters is said when a connection is made."""
        return []

    def unfit(self, connection: Connection) -> str | None:  # noqa: ARG002 -- the contract's
        """Nothing makes it so."""
        return None

    def is_itself(self, connection: Connection) -> bool:
        """Whether the file that bears its name is the one that was opened."""
        opened = connection.info.get(_OPENED)
        return opened is None or opened == _number_of(file_of(connection.engine))

    def begin_changing(self, connection: Connection) -> None:
        """Take the write lock before the first read, in turn among this process's threads.

        Python's sqlite3 begins a transaction only at the first INSERT: what was read before may be stale by then,
        and tables are not made in one piece.
        """
        driver = connection.connection.driver_connection
        assert driver is not None
        if not driver.in_transaction:
            if isinstance(driver, ConnectionInTurn):
                driver.await_turn()
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    begin_storing = begin_changing

    def begin_erasing(self, connection: Connection) -> None:
        """Overwritten with zeros, where it would else lie about in free space."""
        connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def begin_snapshot(self, connection: Connection) -> None:
        """Begin: Python's driver begins no transaction to read."""
        connection.exec_driver_sql("BEGIN")

    def spell(self, sql: str) -> str:
        """As it is."""
        return sql

    def among(self, column: str) -> str:
        """Through JSON: so many marks would be another statement each time."""
        return f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608 -- our own columns

    def several(self, numbers: Sequence[int]) -> Any:
        """A JSON array."""
        return json.dumps(numbers)

    def insert(self, table: Table) -> sqlite.Insert:
        """SQLAlchemy's."""
        return sqlite.insert(table)

    def insert_new(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> int:
        """Many at once."""
        stored = 0
        for piece in pieces(len(rows)):
            some = rows[piece]
            values = tuple(chain.from_iterable(some))
            stored += connection.exec_driver_sql(_insert_new(table, len(some)), values).rowcount
        return stored

    def continue_numbers(self, connection: Connection, table: Table) -> None:
        """It does so by itself."""

    def sole_hub(self, engine: Engine) -> AbstractContextManager[Callable[[], str | None]]:
        """By a lock on a file beside the database, for the system takes it away from a dead process at once."""
        return file_lock.held(file_of(engine))

    def is_served(self, engine: Engine) -> bool:
        """Whether that lock is held."""
        return file_lock.is_held(file_of(engine))

    def size_of(self, engine: Engine) -> int:
        """With its log."""
        file = file_of(engine)
        return sum(path.stat().st_size for path in (file, Path(f"{file}-wal")) if path.exists())

    def copy_into(self, aside: Path, engine: Engine, pause: Callable[[int, int], None]) -> None:
        """By SQLite's online backup."""
        file_copy.copy_into(aside, file_of(engine), pause)

    def move_log(self, engine: Engine) -> int:
        """As much of it as nobody reads."""
        with engine.connect() as connection:
            _, pages, moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
        return int(pages - moved)


def file_of(engine: Engine) -> Path:
    """Where it lies."""
    return Path(engine.url.database or "")


def _number_of(file: Path) -> int | None:
    with contextlib.suppress(OSError):
        return file.stat().st_ino
    return None


@cache
def _insert_new(table: Table, count: int) -> str:
    """The statement that stores so many rows.

    `OR IGNORE` passes over more than keys that are there, but `ON CONFLICT` keeps a second journal for a statement of
    several rows, which costs half as much again where each belongs to another run.
    """
    names = table.c.keys()
    marks = ", ".join(["(" + ", ".join("?" * len(names)) + ")"] * count)
    return f"INSERT OR IGNORE INTO {table.name} ({', '.join(names)}) VALUES {marks}"  # noqa: S608 -- our own columns


def _make_private(_dialect: object, _record: object, arguments: list[str], _options: object) -> None:
    """See to it that the file is its owner's alone: volunteers' names are in it. Its log gets the same mode.

    A file that is there is never opened here: closing it would drop every lock that this process has on it (fcntl(2)),
    and the next process to leave the database would take itself for the last one and throw the log away.
    """
    path = arguments[0]
    with contextlib.suppress(OSError):  # SQLite says better what is wrong with the place
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.chmod(path, 0o600)  # noqa: PTH101 -- as it came from SQLAlchemy


def _put_in_turn(pen: Pen, connection: ConnectionInTurn, _entry: ConnectionPoolEntry) -> None:
    connection.pen = pen


def _make_durable(connection: object, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # DBAPI's, which has no type
    cursor.execute("PRAGMA journal_mode=WAL")  # readers never wait for the intake
    cursor.execute("PRAGMA synchronous=FULL")  # WAL alone loses the last commits with the power
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    cursor.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")
    (_, _, file) = cursor.execute("PRAGMA database_list").fetchone()
    cursor.close()
    entry.info[_OPENED] = _number_of(Path(file))
