"""Bringing the database's tables up to this version, in one transaction, or leaving them as they were."""

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from hub.database.dialect import dialect_of
from hub.database.schema import ALEMBIC_VERSION, HEAD, SchemaError, prepare_schema
from hub.database.transactions import trouble_said
from hub.saying import say


def migrate(engine: Engine) -> bool:
    """Bring the tables up to `HEAD`.

    Returns:
        Whether they were older, so that the ledger is to be made anew.

    Raises:
        SchemaError: they are newer than this version, none of ours, or cannot be changed; nothing was.
    """
    found = _revision(engine)
    if found is not None:
        _upgrade(engine)
    prepare_schema(engine)
    return found not in {None, HEAD}


def _revision(engine: Engine) -> str | None:
    try:
        if not inspect(engine).has_table(ALEMBIC_VERSION.name):
            return None
        with engine.connect() as connection:
            return connection.execute(select(ALEMBIC_VERSION.c.version_num)).scalar() or "none"
    except SQLAlchemyError as exc:
        raise SchemaError(say("the database cannot be opened: {why}", why=trouble_said(exc))) from exc


def _upgrade(engine: Engine) -> None:
    from alembic.util.exc import CommandError  # noqa: PLC0415 -- only an old database needs it, and pays for it

    from hub.database.migrations.upgrading import upgrade  # noqa: PLC0415 -- as above

    try:
        with engine.begin() as connection:
            _stop_enforcing(connection)
            dialect_of(connection).begin_changing(connection)
            upgrade(connection)
            _check_references(connection)
    except CommandError as exc:
        raise SchemaError(
            say("the database was made by another version: {exc}; wanted is a newer zaigang-hub", exc=exc)
        ) from exc
    except SQLAlchemyError as exc:
        raise SchemaError(
            say("the tables could not be changed, and are as they were: {why}", why=trouble_said(exc))
        ) from exc
    finally:
        engine.dispose()  # no connection goes on that does not enforce references


def _stop_enforcing(connection: Connection) -> None:
    """SQLite alters a table by making it anew: what refers to it would go with the old. Before a transaction only."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = sorted({(row.table, row.parent) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
    if broken:
        told = ", ".join(f"{table} to a {referred} that is not there" for table, referred in broken)
        raise SchemaError(
            say("the tables could not be changed, and are as they were: rows refer from {told}", told=told)
        )
