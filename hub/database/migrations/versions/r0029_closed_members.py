"""How a station left an alarm of several: that it closed, or was back."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Go on from the revision before."""
    with op.batch_alter_table("alarm_member", schema=None) as member:
        member.add_column(sa.Column("has_closed", sa.Boolean(), nullable=False, server_default=sa.false()))
