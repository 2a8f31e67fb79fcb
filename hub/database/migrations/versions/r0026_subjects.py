"""Whom the city's identity service calls what, of accounts that sign in by it."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Go on from the revision before."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    person = sa.Column("person", sa.String(length=32), nullable=False, server_default="")  # read back it is ('')
    with op.batch_alter_table(
        "account", recreate="always" if is_sqlite else "never", reflect_args=(person,)
    ) as account:
        account.add_column(sa.Column("subject", sa.String(length=64), nullable=False, server_default=""))
        account.create_index(account.f("ix_account_subject"), ["subject"], unique=False)
