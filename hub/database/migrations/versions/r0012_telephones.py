"""Telephone numbers, what people agreed to, and who was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_table(
        "telephone",
        sa.Column("whose", sa.String(length=32), nullable=False),
        sa.Column("of", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("whose", "of", name=op.f("pk_telephone")),
    )
    op.create_table(
        "consent",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("matter", sa.String(length=32), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["volunteer.person"], name=op.f("fk_consent_person")),
        sa.PrimaryKeyConstraint("person", "matter", "agreed_on", name=op.f("pk_consent")),
    )
    op.create_table(
        "erased_number",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erased_number")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"  # which would write the column behind the constraints
    with op.batch_alter_table("volunteer", recreate="always" if is_sqlite else "never") as volunteer:
        volunteer.add_column(sa.Column("erased_on", sa.Date(), nullable=True))
