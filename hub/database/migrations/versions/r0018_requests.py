"""What volunteers ask to be corrected, and whose account is which volunteer's."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "amend_request",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("station", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_amend_request")),
    )
    with op.batch_alter_table("amend_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amend_request_person"), ["person"], unique=False)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("account", recreate="always" if is_sqlite else "never") as account:
        account.add_column(sa.Column("person", sa.String(length=32), nullable=False, server_default=""))
