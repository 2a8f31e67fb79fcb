"""The site key can be changed: when it was, which kiosk has which, and what cards are called under each."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "key_change",
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("began_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_key_change")),
    )
    op.create_table(
        "card_name",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("former", sa.String(length=32), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=False),
        sa.Column("learned_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", "former", "said_by", name=op.f("pk_card_name")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("kiosk_seen", recreate="always" if is_sqlite else "never") as seen:
        for name in ("key_mark", "next_mark"):
            seen.add_column(sa.Column(name, sa.String(length=16), nullable=False, server_default=""))
