"""A station's taps of some days are found without going through all that it ever had."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Go on from the revision before."""
    op.create_index("ix_ledger_tap_run_at_ms", "ledger_tap", ["run", "at_ms"], unique=False)
    op.create_index(op.f("ix_run_station"), "run", ["station"], unique=False)
