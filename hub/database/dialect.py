"""The one place where SQLite and PostgreSQL differ: what each is asked in its own way.

`sqlite` and `postgresql` keep this contract; everybody else writes what both understand. In SQL that is spelled out a
`?` stands for each value, and it goes through `run_sql`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

from sqlalchemy import URL, Connection, CursorResult, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert
BACKENDS: Final = {"sqlite": "hub.database.sqlite:Sqlite", "postgresql": "hub.database.postgresql:Postgresql"}


class Dialect(Protocol):
    """One sort of database. Holds nothing: any thread may ask."""

    backup_suffix: str
    """Of the file that a backup is."""
    forgets_origin: bool
    """Whether a backup has no row of `Origin`, rather than one that says that it is a copy."""
    rows_locked: str
    """Ends a SELECT whose rows nobody else may change until the transaction ends."""
    takes_rows_together: bool
    """Whether one statement of many rows is better than many that the driver sends together (`rows_together`)."""

    def open(self, address: URL, busy_timeout_s: float) -> Engine:
        """An engine whose commits are on the disk when they return.

        Raises:
            ConfigError: the address cannot stand.
        """

    def make_place(self, address: URL) -> None:
        """Make what must be there before the database is.

        Raises:
            DataDirError: it cannot be made.
        """

    def is_there(self, engine: Engine) -> bool:
        """Whether there is a database to look into; True where only asking it can tell."""

    def weaknesses(self, engine: Engine) -> list[str]:
        """What makes a commit less than durable here, each a sentence.

        Raises:
            SQLAlchemyError: the database cannot be asked.
        """

    def unfit(self, connection: Connection) -> str | None:
        """Why this database can never be worked with, as a sentence goes on after its name; None where it can."""

    def is_itself(self, connection: Connection) -> bool:
        """Whether it is still the database that the connection was opened to: a file may be deleted or replaced."""

    def begin_changing(self, connection: Connection) -> None:
        """Be the only one who changes tables or city until the transaction ends; waits for others."""

    def begin_storing(self, connection: Connection) -> None:
        """See to it that what is read from here on is still so at the commit, rows locked where others write too."""

    def begin_erasing(self, connection: Connection) -> None:
        """See to it that what this connection overwrites or deletes from here on is nowhere in the files any more."""

    def begin_snapshot(self, connection: Connection) -> None:
        """See the database as it is now until the transaction ends."""

    def spell(self, sql: str) -> str:
        """The same statement, its `?` as the driver has them."""

    def among(self, column: str) -> str:
        """The condition that a column is one of several integers; its one value is made by `several`."""

    def several(self, numbers: Sequence[int]) -> Any:
        """Integers as one value of a statement."""

    def insert(self, table: Table) -> Insert:
        """An INSERT that can be told what to do where the key is there."""

    def insert_new(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> int:
        """Store whole rows, but for those whose keys are there already; how many were stored."""

    def continue_numbers(self, connection: Connection, table: Table) -> None:
        """Let the numbers that the database gives to rows go on behind those that are there."""

    def sole_hub(self, engine: Engine) -> AbstractContextManager[Callable[[], str | None]]:
        """Be the only hub of that database while the block lasts; as `sole_hub.sole_hub`.

        Raises:
            TakenError: another one is.
        """

    def is_served(self, engine: Engine) -> bool:
        """Whether a hub has it now."""

    def size_of(self, engine: Engine) -> int:
        """How many bytes it takes, about.

        Raises:
            SQLAlchemyError: the database cannot be asked.
        """

    def copy_into(self, aside: Path, engine: Engine, pause: Callable[[int, int], None]) -> None:
        """Make that file a sound backup of the database as it is now; `pause` as for `make_backup`.

        Raises:
            BackupError: it cannot be made, or is not sound.
        """

    def move_log(self, engine: Engine) -> int:
        """Move what was committed from a log into the database; returns how many pages are left in the log.

        Raises:
            SQLAlchemyError: it cannot be moved now.
        """


@cache
def dialect_named(name: str) -> Dialect:
    """That sort of database, loaded when it is first asked for.

    Raises:
        KeyError: there is none of that name.
    """
    module, _, made = BACKENDS[name].partition(":")
    return cast("Dialect", getattr(import_module(module), made)())


def dialect_of(database: Engine | Connection) -> Dialect:
    """What sort of database that is."""
    return dialect_named(database.dialect.name)


def place_of(engine: Engine) -> str:
    """Where that is, for a person: without a password."""
    return engine.url.database or "" if engine.dialect.name == "sqlite" else engine.url.render_as_string()


def run_sql(connection: Connection, sql: str, values: Any = ()) -> CursorResult[*tuple[Any, ...]]:
    """Run SQL that is spelled out, with a tuple of values, or a list of such."""
    return connection.exec_driver_sql(dialect_of(connection).spell(sql), values)
