"""What amendments make of taps and stints: until now nobody could correct a tap."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go on from the revision before."""
    with op.batch_alter_table("ledger_tap", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("proves", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("stint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unproven", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("end_unproven", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("confirmed_ms", sa.BigInteger(), nullable=True))
