"""When a station's kiosk may be changed: not while it is open, nor in the hour before or after. Pure."""

from datetime import datetime, timedelta
from typing import Final

from station.hours import HORIZON, Calendar, join

REST: Final = timedelta(minutes=60)


def is_at_rest(calendar: Calendar, now: datetime) -> bool:
    """Whether no period of the station touches the hour before or after that moment."""
    first, last = calendar.local_day(now - REST), calendar.local_day(now + REST)
    periods = calendar.periods_about(first, last)
    return not any(period.opens_at < now + REST and now - REST < period.closes_at for period in periods)


def never_rests(calendar: Calendar, now: datetime) -> bool:
    """Whether there is no such moment in the eight days to come: it is open round the clock, or nearly so."""
    until = now + HORIZON
    periods = calendar.periods_about(calendar.local_day(now), calendar.local_day(until))
    shorter = 2 * REST - timedelta.resolution
    return any(
        each.opens_at - REST < now and until < each.closes_at + REST for each in join(periods, lambda _: shorter)
    )


def may_be_changed(calendar: Calendar, now: datetime) -> bool:
    """Whether a kiosk there takes an update now; at a station that never rests the hub chooses the moment."""
    return is_at_rest(calendar, now) or never_rests(calendar, now)
