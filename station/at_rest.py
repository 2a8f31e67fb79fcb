"""When a station's kiosk may be changed: not while it is open, nor in the hour before or after. Pure."""

from datetime import datetime, timedelta
from typing import Final

from station.hours import Calendar

REST: Final = timedelta(minutes=60)


def is_at_rest(calendar: Calendar, now: datetime) -> bool:
    """Whether no period of the station touches the hour before or after that moment."""
    first, last = calendar.local_day(now - REST), calendar.local_day(now + REST)
    periods = calendar.periods_about(first, last)
    return not any(period.opens_at < now + REST and now - REST < period.closes_at for period in periods)
