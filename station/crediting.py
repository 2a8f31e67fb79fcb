"""What a stint earns of a volunteer's hours, kept exactly; rounded only where it is shown. Pure.

Whoever counts nowhere (nobody's card, a lost one) earns nothing: that is for who asks to know.
"""

from datetime import datetime, timedelta
from typing import Final

from station.accounting import common, length, united
from station.amending import MOST_CONFIRMED
from station.coverage import Interval
from station.duty import StationRules
from station.stints import End, Stint

BEFORE_OPENING: Final = timedelta(minutes=30)  # who is there earlier waits, or comes for another reason
_NOTHING: Final = timedelta(0)


def credited(stint: Stint, rules: StationRules, now: datetime, confirmed_until: datetime | None = None) -> timedelta:
    """How long it counts for the person's hours.

    Args:
        stint: as `now` finds it.
        rules: its station's.
        now: up to when one that runs has earned.
        confirmed_until: until when a lead accepted it, whatever its taps prove; None: nobody has.
    """
    if confirmed_until is not None:
        return min(max(confirmed_until - stint.began_at, _NOTHING), MOST_CONFIRMED)
    if stint.counts_from is None or stint.is_off_hours or stint.claimed or stint.unproven:
        return _NOTHING
    until = stint.ended_at or stint.out_since or now  # who is out earns that time by coming back
    if stint.end_unproven:
        until = min(until, stint.proven_until)
    if stint.end is End.LATE and stint.period is not None:
        until = min(until, stint.period.closes_at)
    calendar = rules.calendar
    paid = united(
        Interval(one.opens_at - BEFORE_OPENING, one.closes_at + rules.terms_at(one.opens_at).limits.grace)
        for one in calendar.periods_about(calendar.local_day(stint.counts_from), calendar.local_day(until))
    )
    return length(common([Interval(stint.counts_from, until)], paid))
