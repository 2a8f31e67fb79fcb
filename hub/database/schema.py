"""Whether the database has the tables that this version works with; an empty one gets them at once.

Cheap enough for every start, and without Alembic, whose import costs a serving hub memory: an older database is
brought up by `migrate`, which does import it. That both ways give the same tables is a test's work.
"""

from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from hub.database import (  # noqa: F401 -- to import them fills the metadata
    account_tables,
    alarm_tables,
    amend_table,
    claim_table,
    command_table,
    coverage_tables,
    history_table,
    import_tables,
    inbox_table,
    journal_tables,
    key_tables,
    ledger_tables,
    people_tables,
    personal_tables,
    shift_tables,
    tables,
)
from hub.database.dialect import dialect_of
from hub.database.transactions import trouble_said
from hub.errors import HubError
from hub.saying import Said, as_said, say

HEAD: Final = "0029"
"""The newest revision in `hub/database/migrations/versions`; a test holds them together."""

ALEMBIC_VERSION: Final = Table(  # as Alembic itself makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
METADATA: Final = SQLModel.metadata


class SchemaError(HubError):
    """The database cannot be worked with as it is; the text says what a person must do."""


def prepare_schema(engine: Engine) -> None:
    """Make sure that the tables are there: an empty database gets them, a current one is left alone.

    Raises:
        SchemaError: the tables are older or newer than this version, or none of ours, or cannot be read.
    """
    try:
        with engine.begin() as connection:
            unfit = dialect_of(connection).unfit(connection)
            if unfit is not None:
                raise SchemaError(say("{place} {unfit}", place=_place(engine), unfit=as_said(unfit)))
            dialect_of(connection).begin_changing(connection)  # two processes that find it empty must not both make it
            found = _revision(connection)
            if found is None:
                _make(connection)
    except SQLAlchemyError as exc:
        raise SchemaError(say("{place} cannot be opened: {why}", place=_place(engine), why=trouble_said(exc))) from exc
    if found not in {None, HEAD}:
        raise SchemaError(
            say(
                "{place} has the tables of revision {found}, this version works with {head}; "
                "if they are older, run: zaigang-hub migrate",
                place=_place(engine),
                found=found,
                head=HEAD,
            )
        )


def _revision(connection: Connection) -> str | None:
    """The revision of the tables; None where there is no table at all."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if ALEMBIC_VERSION.name not in names:
        raise SchemaError(
            say(
                "{place} holds other tables than ours; wanted is a database of its own", place=_place(connection.engine)
            )
        )
    return connection.execute(select(ALEMBIC_VERSION.c.version_num)).scalar() or "none"


def _make(connection: Connection) -> None:
    METADATA.create_all(connection)
    ALEMBIC_VERSION.create(connection)
    connection.execute(insert(ALEMBIC_VERSION).values(version_num=HEAD))


def _place(engine: Engine) -> Said:
    return say("the database {url}", url=engine.url.render_as_string(hide_password=True))
