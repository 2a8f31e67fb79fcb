"""Indexes by which taps and stints that wait for somebody's word are found."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go on from the revision before."""
    reviewed = "confirmed_ms IS NULL AND (\"end\" = 'assumed' OR claimed IS {yes} OR uncertain IS {yes})"
    op.create_index(
        "ix_ledger_tap_mark", "ledger_tap", ["at_ms"], unique=False, sqlite_where=sa.text("mark IS NOT NULL"),
        postgresql_where=sa.text("mark IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_stint_review", "stint", ["began_ms"], unique=False, sqlite_where=sa.text(reviewed.format(yes="1")),
        postgresql_where=sa.text(reviewed.format(yes="true")),
    )  # fmt: skip
