"""A run's row tells how often it was written, so that several intakes know when what they remember is old."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go on from the revision before."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"  # which would write the column behind the constraints
    with op.batch_alter_table("run", recreate="always" if is_sqlite else "never") as run:
        run.add_column(sa.Column("revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
