"""A PostgreSQL database in one file, by its own `pg_dump`, which reads one snapshot; put back by `pg_restore`.

What says where the database comes from is left out: one that has runs and no such row has been put back.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from hub.database.backup import BackupError
from hub.database.journal_tables import GapRow, JournalRecord, Origin, Run
from hub.database.transactions import table_of

SUFFIX: Final = ".dump"
_DEBIAN: Final = Path("/usr/lib/postgresql")
_END: Final = "\\."
_NOTHING: Final = "\\N"


def dump_into(aside: Path, engine: Engine, pause: Callable[[int, int], None]) -> None:
    """Make that file a dump of the database, read back from its beginning to its end.

    Raises:
        BackupError: it cannot be made, or cannot be read back.
    """
    left_out = f"--exclude-table-data={table_of(Origin).name}"
    _run(["pg_dump", "--format=custom", "--no-owner", left_out, f"--file={aside}"], pause, engine)
    _run(["pg_restore", f"--file={os.devnull}", str(aside)], pause)


def open_dump(file: Path) -> Engine:
    """An engine over what a dump tells of runs: how far each was stored, and its gaps; no record.

    Raises:
        OperationalError: it cannot be read.
    """
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    with engine.begin() as connection:
        for model in (Run, GapRow, JournalRecord):
            table_of(model).create(connection)
        for model in (Run, GapRow):
            rows = list(_rows_of(file, table_of(model).name))
            if rows:
                connection.execute(insert(table_of(model)), rows)
    return engine


def _rows_of(file: Path, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table of ours in which no value has to be spelled otherwise: names and numbers."""
    command = [_found("pg_restore"), "--data-only", f"--table={table}", "--file=-", str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own arguments
    if told.returncode:
        raise OperationalError(" ".join(command[:1]), None, BackupError(_first_line(told.stderr)))
    names: list[str] | None = None
    for line in told.stdout.splitlines():
        if names is not None and line != _END:
            yield {name: value for name, value in zip(names, line.split("\t"), strict=True) if value != _NOTHING}
        elif names is None and line.startswith("COPY "):
            names = [name.strip(' "') for name in line[line.index("(") + 1 : line.index(")")].split(",")]
        else:
            names = None


def _run(command: list[str], pause: Callable[[int, int], None], engine: Engine | None = None) -> None:
    environ = dict(os.environ)
    if engine is not None:
        command, environ["PGPASSWORD"] = _addressed(command, engine)
    command[0] = _found(command[0])
    with subprocess.Popen(  # noqa: S603 -- our own arguments
        command, env=environ, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            while process.poll() is None:
                pause(1, 1)
        except BaseException:
            process.kill()
            raise
        assert process.stderr is not None
        told = process.stderr.read()
    if process.returncode:
        raise BackupError(_first_line(told) or f"{command[0]} ended with {process.returncode}")


def _addressed(command: list[str], engine: Engine) -> tuple[list[str], str]:
    """The command with the database's address, and the password, which no list of processes may show."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 -- only where there is such a database

    _, address = engine.dialect.create_connect_args(engine.url)
    del address["context"]  # SQLAlchemy's own, for psycopg
    password = str(address.pop("password", "")) or os.environ.get("PGPASSWORD", "")
    return [*command, f"--dbname={make_conninfo(**address)}"], password


def _found(program: str) -> str:
    """Where it is: on the path, or where Debian has it.

    Raises:
        BackupError: nowhere.
    """
    newest = sorted(_DEBIAN.glob(f"*/bin/{program}"), key=lambda path: [int(n) for n in path.parts[4].split(".")])
    found = shutil.which(program) or (str(newest[-1]) if newest else None)
    if found is None:
        raise BackupError(f"{program} is not installed; wanted is the package postgresql-client")
    return found


def _first_line(told: str) -> str:
    return told.strip().partition("\n")[0]
