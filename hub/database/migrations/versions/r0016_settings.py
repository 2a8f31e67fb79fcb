"""What the hub wants of kiosks' settings: until now they stood at the kiosk alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "kiosk_settings",
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_kiosk_settings")),
    )
