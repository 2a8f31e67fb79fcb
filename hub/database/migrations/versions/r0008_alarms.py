"""Alarms, channels and the messages between them: until now nobody was told of an empty station."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "alarm",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("matter", sa.String(length=32), nullable=False),
        sa.Column("lack", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("raised_ms", sa.BigInteger(), nullable=False),
        sa.Column("on_duty", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("acknowledged_ms", sa.BigInteger(), nullable=True),
        sa.Column("snoozed_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("over_ms", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(
            "ix_alarm_running",
            ["station", "matter"],
            unique=True,
            sqlite_where=sa.text("over_ms IS NULL"),
            postgresql_where=sa.text("over_ms IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_alarm_station"), ["station"], unique=False)

    op.create_table(
        "channel",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("sort", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("mobiles", sa.String(), nullable=False),
        sa.Column("district", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("tells_short", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("removed_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel")),
    )
    op.create_table(
        "alarm_step",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.number"], name=op.f("fk_alarm_step_alarm")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarm_step")),
    )
    with op.batch_alter_table("alarm_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_step_alarm"), ["alarm"], unique=False)

    op.create_table(
        "message",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("on_duty", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_ms", sa.BigInteger(), nullable=True),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.number"], name=op.f("fk_message_alarm")),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name=op.f("fk_message_channel")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_alarm"), ["alarm"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_due_ms"), ["due_ms"], unique=False)
