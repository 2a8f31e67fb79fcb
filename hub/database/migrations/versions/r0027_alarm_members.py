"""Which stations an alarm of several tells of, and room for the name of what they share."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Go on from the revision before."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("alarm", "alarm_course"):
        with op.batch_alter_table(table, recreate="always" if is_sqlite else "never") as changed:
            changed.alter_column(
                "station", existing_type=sa.String(length=32), type_=sa.String(length=48), existing_nullable=False
            )
    op.create_table(
        "alarm_member",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("joined_ms", sa.BigInteger(), nullable=False),
        sa.Column("left_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.number"], name=op.f("fk_alarm_member_alarm")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarm_member")),
    )
    op.create_index(op.f("ix_alarm_member_alarm"), "alarm_member", ["alarm"], unique=False)
    op.create_index(
        "ix_alarm_member_now", "alarm_member", ["station"], unique=True,
        sqlite_where=sa.text("left_ms IS NULL"), postgresql_where=sa.text("left_ms IS NULL"),
    )  # fmt: skip
