"""What Alembic runs for every command: our tables, on the connection that the caller hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from hub.database.schema import METADATA


def _spell_type(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Spell our own column types as SQLAlchemy's, so that a revision stands when they are long gone."""
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=_spell_type,
    render_as_batch=True,  # SQLite alters a table by making it anew
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
