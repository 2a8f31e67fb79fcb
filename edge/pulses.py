"""When the journal must say "still watching" though nothing happened (protocol, Records, `pulse`). Pure."""

from datetime import datetime, timedelta
from typing import Final

from station.hours import Calendar

SILENCE_MS: Final = 5 * 60 * 1000
BEFORE: Final = timedelta(minutes=60)
AFTER: Final = timedelta(minutes=6)  # one more after the close, so that the last stretch of it is seen to its end


def is_pulse_due(at: datetime, calendar: Calendar | None, silent_ms: int | None) -> bool:
    """Whether a pulse belongs here, given that the reader answers.

    Args:
        at: now.
        calendar: the station's; None where it is not known, or the time is not: then every hour counts.
        silent_ms: since the last record of this run; None if there is none.
    """
    if silent_ms is not None and silent_ms < SILENCE_MS:
        return False
    if calendar is None:
        return True
    return any(
        period.opens_at - BEFORE <= at <= period.closes_at + AFTER
        for period in calendar.stretches(at - AFTER, at + BEFORE)
    )
