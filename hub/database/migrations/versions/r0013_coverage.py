"""What came of each station's days: until now each was reckoned when somebody asked."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go on from the revision before."""
    figures = (
        "opened_ms", "met_ms", "minimum_ms", "vacant_ms", "unknown_ms", "partial_ms", "assumed_ms", "union_ms",
        "person_ms", "supplemented_ms",
    )  # fmt: skip
    verdicts = ("kept", "supplemented", "unproven", "short", "closed", "running")
    op.create_table(
        "coverage_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in figures),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("short_ms", sa.Integer(), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", "station", name=op.f("pk_coverage_day")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("coverage_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_day_station"), ["station"], unique=False)
    op.create_table(
        "coverage_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*figures, "short_ms")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in verdicts),
        sa.PrimaryKeyConstraint("month", "station", name=op.f("pk_coverage_month")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coverage_gap",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.Column("duty_class", sa.String(length=32), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("before_ms", sa.BigInteger(), nullable=True),
        sa.Column("after_ms", sa.BigInteger(), nullable=True),
        sa.Column("watched", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("station", "day", "began_ms", name=op.f("pk_coverage_gap")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coverage_due",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("station", "day", name=op.f("pk_coverage_due")),
    )
    with op.batch_alter_table("coverage_due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_due_day"), ["day"], unique=False)
    op.create_table(
        "coverage_revision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_coverage_revision")),
    )
    with op.batch_alter_table("coverage_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_revision_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_coverage_revision_station"), ["station"], unique=False)
    op.create_table(
        "coverage_station",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("kiosks", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_coverage_station")),
    )
