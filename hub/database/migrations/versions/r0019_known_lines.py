"""Addresses from which people came in, so that guesses from elsewhere hold nobody up."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "known_line",
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("proof", name=op.f("pk_known_line")),
    )
    with op.batch_alter_table("known_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_line_last_ms"), ["last_ms"], unique=False)
