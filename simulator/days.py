"""One virtual day after the other, for as long as somebody watches."""

from datetime import datetime, time

from simulator.city import SimCity
from simulator.opening import DAY, ZONE
from simulator.people import begin_at, plan_day
from simulator.play import Play


async def play_days(city: SimCity, play: Play, start: datetime) -> None:
    """Play the rest of the first day from `start` on, then whole days, until the play is ended.

    A day's last act is over before the next day is planned: nobody is at a station overnight.
    """
    day = start.astimezone(ZONE).date()
    acts = begin_at(plan_day(city, day), city, start)
    while not play.is_over:
        await play.perform(acts)
        day += DAY
        dawn = datetime.combine(day, time(5), ZONE)
        await play.wait_until(dawn)
        acts = plan_day(city, day)
