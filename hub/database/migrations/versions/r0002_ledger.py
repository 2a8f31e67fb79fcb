"""The ledger of stints and of watching: empty at first; the hub that starts next fills it from the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make its tables; nothing that is stored changes."""
    op.create_table(
        "ledger_card",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "ledger_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ledger_station",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("weeks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("station"),
    )
    op.create_table(
        "ledger_run",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("folded", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_mono_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_boot", sa.String(), nullable=False),
        sa.Column("last_stored_ms", sa.BigInteger(), nullable=False),
        sa.Column("tail_known", sa.Boolean(), nullable=False),
        sa.Column("has_doubt", sa.Boolean(), nullable=False),
        sa.Column("has_unset", sa.Boolean(), nullable=False),
        sa.Column("is_tip", sa.Boolean(), nullable=False),
        sa.Column("boots", sa.String(), nullable=False),
        sa.Column("known_from_ms", sa.BigInteger(), nullable=True),
        sa.Column("known_to_ms", sa.BigInteger(), nullable=True),
        sa.Column("low_ms", sa.BigInteger(), nullable=True),
        sa.Column("high_ms", sa.BigInteger(), nullable=True),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("alive_ms", sa.BigInteger(), nullable=True),
        sa.Column("alive_mono_ms", sa.BigInteger(), nullable=True),
        sa.Column("readers", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"]),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_table(
        "ledger_tap",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("of_seq", sa.BigInteger(), nullable=True),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("earliest_ms", sa.BigInteger(), nullable=True),
        sa.Column("latest_ms", sa.BigInteger(), nullable=True),
        sa.Column("mark", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["run.id"]),
        sa.PrimaryKeyConstraint("run", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_tap_token", "ledger_tap", ["token", "at_ms"])

    op.create_table(
        "stint",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("tapped_ms", sa.BigInteger(), nullable=False),
        sa.Column("began_ms", sa.BigInteger(), nullable=False),
        sa.Column("period_opens_ms", sa.BigInteger(), nullable=True),
        sa.Column("period_closes_ms", sa.BigInteger(), nullable=True),
        sa.Column("counts_from_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.String(), nullable=False),
        sa.Column("outs", sa.String(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("unmatched", sa.Boolean(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"]),
        sa.PrimaryKeyConstraint("run", "seq"),
    )
    op.create_index("ix_stint_person", "stint", ["person", "tapped_ms"])
    op.create_index("ix_stint_station", "stint", ["station", "began_ms"])

    op.create_table(
        "watched",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"]),
        sa.PrimaryKeyConstraint("run", "joint", "since_ms"),
        sqlite_with_rowid=False,
    )
