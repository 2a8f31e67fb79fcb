"""Alembic, set up for this package: no settings file, the connection handed over."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def alembic_config(connection: Connection | None = None) -> Config:
    """Where the revisions are, and the connection that they run on."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    return config


def newest_revision() -> str | None:
    """The revision that the package ends at."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def upgrade(connection: Connection) -> None:
    """Bring the tables up to the newest revision, within the caller's transaction."""
    command.upgrade(alembic_config(connection), "head")
