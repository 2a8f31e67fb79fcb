"""A developer's command: write the next revision from the difference between tables and revisions."""

import sys

from alembic import command
from sqlalchemy import create_engine

from hub.database.migrations.upgrading import alembic_config, newest_revision, upgrade


def draft(message: str) -> None:
    """Write the revision; it is a draft until somebody has read it."""
    with create_engine("sqlite://").connect() as connection:
        if newest_revision() is not None:
            upgrade(connection)
        number = f"{int(newest_revision() or 0) + 1:04}"
        command.revision(alembic_config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    draft(sys.argv[1])
