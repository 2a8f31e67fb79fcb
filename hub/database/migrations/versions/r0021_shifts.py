"""Who is expected on duty when: nobody was until now."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "shift_week",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("shifts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name=op.f("fk_shift_week_station")),
        sa.PrimaryKeyConstraint("station", "from_day", name=op.f("pk_shift_week")),
    )
    op.create_table(
        "shift_day",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shifts", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name=op.f("fk_shift_day_station")),
        sa.PrimaryKeyConstraint("station", "day", name=op.f("pk_shift_day")),
    )
