"""When the journal must say "still watching" though nothing happened (protocol, Records, `pulse`). Pure.

A round is made every second, hours change a few times a day: what they mean is worked out once a phase.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from station.hours import Calendar

SILENCE_MS: Final = 5 * 60 * 1000
BEFORE: Final = timedelta(minutes=60)
AFTER: Final = timedelta(minutes=6)  # one more after the close, so that the last stretch of it is seen to its end
_LONGEST: Final = timedelta(days=1)


class Phase(NamedTuple):
    """A stretch of time, half-open, all of which is alike for a kiosk's rounds.

    Attributes:
        is_open: whether the station is.
        has_pulses: whether pulses belong there.
    """

    since: datetime
    until: datetime
    is_open: bool
    has_pulses: bool

    def holds(self, at: datetime) -> bool:
        """Whether that moment lies in it."""
        return self.since <= at < self.until


def phase_from(at: datetime, calendar: Calendar) -> Phase:
    """The phase that moment lies in, from there on."""
    periods = tuple(calendar.stretches(at - AFTER, at + _LONGEST))
    pulsing = [(period.opens_at - BEFORE, period.closes_at + AFTER + datetime.resolution) for period in periods]
    edges = [*pulsing, *((period.opens_at, period.closes_at) for period in periods)]
    return Phase(
        since=at,
        until=min((moment for edge in edges for moment in edge if moment > at), default=at + _LONGEST),
        is_open=calendar.is_open(at),
        has_pulses=any(begins_at <= at < ends_at for begins_at, ends_at in pulsing),
    )


def is_pulse_due(phase: Phase | None, silent_ms: int | None) -> bool:
    """Whether a pulse belongs here, given that the reader answers.

    Args:
        phase: that of the moment; None where the hours or the time are not known: then every hour counts.
        silent_ms: since the last record of this run; None if there is none.
    """
    is_silent = silent_ms is None or silent_ms >= SILENCE_MS
    return is_silent and (phase is None or phase.has_pulses)
