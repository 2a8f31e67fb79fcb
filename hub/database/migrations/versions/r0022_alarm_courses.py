"""What has counted towards the next step of an alarm, over a restart; and why a message was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "alarm_course",
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("matter", sa.String(length=32), nullable=False),
        sa.Column("duty_class", sa.String(length=32), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("looked_ms", sa.BigInteger(), nullable=False),
        sa.Column("mild_ms", sa.BigInteger(), nullable=False),
        sa.Column("severe_ms", sa.BigInteger(), nullable=False),
        sa.Column("waited_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("station", "matter", name=op.f("pk_alarm_course")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("message", recreate="always" if is_sqlite else "never") as message:
        message.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
