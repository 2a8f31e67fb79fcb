"""What is asked of kiosks over the wire: until now the hub asked nothing of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "kiosk_command",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("args", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_command")),
    )
    with op.batch_alter_table("kiosk_command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_command_expires_ms"), ["expires_ms"], unique=False)
        batch_op.create_index(batch_op.f("ix_kiosk_command_kiosk"), ["kiosk"], unique=False)
