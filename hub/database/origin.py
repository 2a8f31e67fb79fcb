"""Where this database comes from: made here, or put back from a backup; and which backup of it is the newest.

A backup says of itself that it is one (`backup`). So whoever serves it knows that it was put back, since when, and that
later backups are not its own: it claims nothing of them.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from hub.database.dialect import dialect_of
from hub.database.journal_tables import Origin, Run
from hub.database.tables import Edition
from hub.database.transactions import reading, table_of, upsert, writing

_ORIGIN = table_of(Origin)
_RUN = table_of(Run)
_EDITION = table_of(Edition)


@dataclass(frozen=True, slots=True)
class KnownOrigin:
    """What the database says of itself.

    Attributes:
        since_ms: when it was last put back; 0 is never.
        backup: the file name of its newest backup; empty for none.
        backup_ms: when that was made.
        is_put_back: it was put back just now.
    """

    since_ms: int = 0
    backup: str = ""
    backup_ms: int = 0
    is_put_back: bool = False


def recall_origin(engine: Engine, now_ms: int) -> KnownOrigin:
    """What is known at a start; a backup that is served becomes a database of its own.

    Raises:
        StoreTroubleError: the database cannot be used.
    """
    with writing(engine) as connection:
        row = connection.execute(select(_ORIGIN)).one_or_none()
        if row is not None and not row.is_copy:
            return KnownOrigin(row.since_ms, row.backup, row.backup_ms)
        is_put_back = row is not None or _was_forgotten(connection)
        since_ms = now_ms if is_put_back else 0
        upsert(connection, Origin, [Origin(since_ms=since_ms).model_dump()])
    return KnownOrigin(since_ms, is_put_back=is_put_back)


def _was_forgotten(connection: Connection) -> bool:
    """Whether the database knows more than one that was just made, though it has no row."""
    return dialect_of(connection).forgets_origin and connection.execute(select(_RUN.c.id).limit(1)).first() is not None


def knows_anything(engine: Engine) -> bool:
    """Whether anything was ever stored or entered here.

    Raises:
        StoreTroubleError: the database cannot be read.
    """
    with reading(engine) as connection:
        rows = (connection.execute(select(table).limit(1)).first() for table in (_RUN, _EDITION, _ORIGIN))
        return any(row is not None for row in rows)


def note_backup(engine: Engine, file_name: str, made_ms: int) -> None:
    """Note that this backup is the newest.

    Raises:
        StoreTroubleError: it is not noted.
    """
    with writing(engine) as connection:
        connection.execute(_ORIGIN.update().values(backup=file_name, backup_ms=made_ms))
