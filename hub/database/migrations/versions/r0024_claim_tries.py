"""Wrong codes for kiosks are counted for each place by itself: nobody makes void what was told to another."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Go on from the revision before."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("kiosk_claim", recreate="always" if is_sqlite else "never") as claim:
        claim.add_column(sa.Column("wrong_from", sa.String(), nullable=False, server_default="{}"))
