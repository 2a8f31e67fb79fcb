"""PostgreSQL: many writers at a time, kept apart by locks on rows; the log is the server's own affair.

Its driver, psycopg, is asked for only where such a database is named. Where a lock stands for no row, it is an
advisory one of the numbers below, which are ours alone within our database.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from hub.database import dump
from hub.database.dialect import place_of
from hub.database.sole_hub import TakenError, whoami
from hub.database.transactions import reading, told_as_trouble
from hub.saying import say
from station.errors import ConfigError

DRIVER: Final = "postgresql+psycopg"
CONNECT_TIMEOUT_S: Final = 5
TRIES: Final = 10
PAUSE_S: Final = 0.05  # a hub that was killed is missed by the server within this, some time or other
LOST_AFTER_S: Final = 15  # a machine that is gone without a word: its locks are let go, and a wait for it ends
_LOCKS: Final = 0x5A47
_SERVING, _CHANGING = 1, 2
_MILLISECONDS: Final = 1000
_TRY_SERVING: Final = f"SELECT pg_try_advisory_lock({_LOCKS}, {_SERVING})"
_LET_GO: Final = f"SELECT pg_advisory_unlock({_LOCKS}, {_SERVING})"
_CHANGE: Final = f"SELECT pg_advisory_xact_lock({_LOCKS}, {_CHANGING})"
_WHO_SERVES: Final = f"""\
SELECT coalesce(nullif(application_name, ''), 'another hub') FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = {_LOCKS} AND objid = {_SERVING}
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""  # noqa: S608 -- our own numbers
_WEAK: Final = "SELECT name FROM pg_settings WHERE setting = 'off' AND name IN ('fsync', 'full_page_writes') ORDER BY 1"
_STATE: Final = "SELECT pg_is_in_recovery(), current_setting('server_encoding')"
_WAIT_FOR_DISK: Final = """\
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"""


class Postgresql:
    """A `Dialect`."""

    backup_suffix: Final = dump.SUFFIX
    forgets_origin: Final = True
    rows_locked: Final = " FOR NO KEY UPDATE"  # not FOR UPDATE: rows that refer to them may come in meanwhile
    takes_rows_together: Final = False  # the driver sends many as one

    def open(self, address: URL, busy_timeout_s: float) -> Engine:
        """An engine that waits so long for a lock, and dials anew what has gone since it was used last."""
        if address.drivername not in {"postgresql", DRIVER}:
            raise ConfigError(
                say(
                    "database: {drivername} is not supported; wanted is {driver}://USER@HOST/NAME",
                    drivername=address.drivername,
                    driver=DRIVER,
                )
            )
        if not address.database:
            raise ConfigError(
                say(
                    "database: {address!r} names no database; wanted is {driver}://USER@HOST/NAME",
                    address=address,
                    driver=DRIVER,
                )
            )
        try:
            engine = create_engine(
                address.set(drivername=DRIVER),
                hide_parameters=True,
                connect_args={
                    "connect_timeout": CONNECT_TIMEOUT_S,
                    "client_encoding": "utf8",
                    "tcp_user_timeout": LOST_AFTER_S * _MILLISECONDS,
                    "options": _options(busy_timeout_s),
                },
                pool_pre_ping=True,
            )
        except ModuleNotFoundError as exc:
            raise ConfigError(
                say(
                    "{name} is not installed; wanted is: pip install '.[postgresql]' in Zaigang's folder", name=exc.name
                )
            ) from exc
        event.listen(engine, "connect", _make_durable)
        return engine

    def make_place(self, address: URL) -> None:
        """Nothing: somebody made the database, and gave it to us."""

    def is_there(self, engine: Engine) -> bool:  # noqa: ARG002 -- the contract's
        """Only asking can tell."""
        return True

    def weaknesses(self, engine: Engine) -> list[str]:
        """What the server leaves to luck."""
        with reading(engine) as connection:
            return [
                f"the database server has {name} = off; wanted is on, or a power failure loses what was settled"
                for (name,) in connection.exec_driver_sql(_WEAK)
            ]

    def unfit(self, connection: Connection) -> str | None:
        """A standby, or one that cannot hold everybody's name."""
        is_standby, encoding = connection.exec_driver_sql(_STATE).one()
        if is_standby:
            return "is a standby, which may only be read; wanted is the address of its primary"
        if encoding != "UTF8":
            return say("keeps text as {encoding}; wanted is a database made with ENCODING 'UTF8'", encoding=encoding)
        return None

    def is_itself(self, connection: Connection) -> bool:  # noqa: ARG002 -- the contract's
        """It is: the server has it open."""
        return True

    def begin_changing(self, connection: Connection) -> None:
        """Take the lock that all take who change tables or city."""
        connection.exec_driver_sql(_CHANGE)

    def begin_storing(self, connection: Connection) -> None:
        """Nothing: who reads what others write locks its rows."""

    def begin_erasing(self, connection: Connection) -> None:
        """Nothing: the rows of before go with the next vacuum, which PostgreSQL sees to by itself."""

    def begin_snapshot(self, connection: Connection) -> None:
        """One view for all statements."""
        connection.execution_options(isolation_level="REPEATABLE READ")

    def spell(self, sql: str) -> str:
        """As psycopg has it."""
        return _spelled(sql)

    def among(self, column: str) -> str:
        """An array."""
        return f"{column} = ANY(?)"

    def several(self, numbers: Sequence[int]) -> Any:
        """A list."""
        return list(numbers)

    def insert(self, table: Table) -> postgresql.Insert:
        """SQLAlchemy's."""
        return postgresql.insert(table)

    def insert_new(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> int:
        """All in one statement, as JSON: half as fast again as rows one by one, and simpler than COPY."""
        if not rows:
            return 0
        names = table.c.keys()
        told = json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False)
        return connection.exec_driver_sql(_insert_new(table), (told,)).rowcount

    def continue_numbers(self, connection: Connection, table: Table) -> None:
        """A sequence knows nothing of rows that came with their numbers."""
        column = table.autoincrement_column
        if column is not None:
            ahead = func.coalesce(func.max(column) + 1, 1)
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, ahead, False)))  # noqa: FBT003 -- the server's order

    @contextmanager
    def sole_hub(self, engine: Engine) -> Iterator[Callable[[], str | None]]:
        """By an advisory lock of a connection of its own: the server takes it from whoever goes."""
        serving = _Serving(engine)
        try:
            with told_as_trouble():
                holder = serving.take()
                for _ in range(TRIES):
                    if holder is not None:
                        time.sleep(PAUSE_S)
                        holder = serving.take()
            if holder is not None:
                raise TakenError(holder, place_of(engine))
            yield serving.keep
        finally:
            serving.leave()

    def is_served(self, engine: Engine) -> bool:
        """Whether that lock is held."""
        with reading(engine) as connection:
            return connection.exec_driver_sql(_WHO_SERVES).first() is not None

    def size_of(self, engine: Engine) -> int:
        """As the server has it; a dump takes less."""
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())

    def copy_into(self, aside: Path, engine: Engine, pause: Callable[[int, int], None]) -> None:
        """By `pg_dump`."""
        dump.dump_into(aside, engine, pause)

    def move_log(self, engine: Engine) -> int:  # noqa: ARG002 -- the contract's
        """Nothing: the server does."""
        return 0


class _Serving:
    """The lock by which one hub serves, on a connection that is ours until we leave."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self) -> str | None:
        """Try to have it; who else has it where somebody does."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closed when we leave, and the lock gone with it
        self._connection = connection
        connection.exec_driver_sql("SELECT set_config('application_name', %s, false)", (whoami(),))
        if connection.exec_driver_sql(_TRY_SERVING).scalar_one():
            return None
        holder = connection.exec_driver_sql(_WHO_SERVES).scalar()
        self.leave()
        return str(holder or "another hub")

    def keep(self) -> str | None:
        """Look whether we have it, and take it again where the server has forgotten us; who else has it now."""
        try:
            if self._connection is not None:
                self._connection.exec_driver_sql("SELECT 1")
                return None
        except SQLAlchemyError:
            self.leave()
        try:
            return self.take()
        except SQLAlchemyError:  # nobody has a database that cannot be reached, and the intake tells of that
            self.leave()
            return None

    def leave(self) -> None:
        """Let it go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError), connection:
                connection.exec_driver_sql(_LET_GO)  # the server sees only some time later that a line is closed


def _options(busy_timeout_s: float) -> str:
    """What the server is asked to do for each of our connections."""
    wanted = {
        "lock_timeout": round(busy_timeout_s * _MILLISECONDS),
        "tcp_keepalives_idle": LOST_AFTER_S // 3,
        "tcp_keepalives_interval": LOST_AFTER_S // 3,
        "tcp_keepalives_count": 2,
    }
    return " ".join(f"-c {name}={value}" for name, value in wanted.items())


def _make_durable(connection: Any, _: ConnectionPoolEntry) -> None:
    """Where the server lets commits return before they are on the disk, it does not let ours."""
    connection.autocommit = True
    connection.execute(_WAIT_FOR_DISK)
    connection.autocommit = False


@cache
def _spelled(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


@cache
def _insert_new(table: Table) -> str:
    names = ", ".join(f'"{c.name}"' for c in table.c)
    types = ", ".join(f'"{c.name}" {c.type.compile(dialect=postgresql.dialect())}' for c in table.c)  # type: ignore[no-untyped-call]
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM json_to_recordset(%s::json) AS row ({types}) "  # noqa: S608 -- our own columns
        "ON CONFLICT DO NOTHING"
    )
