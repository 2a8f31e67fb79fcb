"""A kiosk may be revoked: it was stolen, and nothing that it says counts any more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go on from the revision before."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"  # which would write the column behind the constraints
    with op.batch_alter_table("kiosk", recreate="always" if is_sqlite else "never") as kiosk:
        kiosk.add_column(sa.Column("revoked_ms", sa.BigInteger(), nullable=True))
