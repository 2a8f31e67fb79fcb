"""Moments as whole milliseconds of UTC since 1970, as tables and the ledger have them: the one place that converts.

A moment is rounded down, never to the nearest: what is true from a moment on is true of a record in its very
millisecond, and nothing is put later than it was.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)


def ms_of(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - EPOCH_START) // MILLISECOND


def moment_of(ms: int) -> datetime:
    """The moment of so many milliseconds since 1970."""
    return EPOCH_START + timedelta(milliseconds=ms)


def moment_or_none(ms: int | None) -> datetime | None:
    """As `moment_of`, where there may be none."""
    return None if ms is None else moment_of(ms)
