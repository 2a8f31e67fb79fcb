"""Codes by which kiosks are set up over the line; until now they were by a stick alone."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "kiosk_claim",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.Column("key_mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_kiosk_claim")),
    )
    with op.batch_alter_table("kiosk_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_claim_kiosk"), ["kiosk"], unique=False)
