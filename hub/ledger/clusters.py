"""Where one person's taps fall apart into clusters that can be folded each by itself. Pure.

Nothing a tap does reaches beyond its cluster: no stint lasts over twelve hours, and a forgotten leave looks no further
back than to a stint that ended in the twelve hours before. So two taps belong together within twelve hours, or where a
station of the first closes in the twelve hours before the second: there its stint may have ended. A `step_out` comes
seconds after its leave.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.register.rulebook import Rulebook
from station.duty import Limits
from station.fold import PlacedTap
from station.names import StationCode
from station.stints import LATELY

LONGEST: Final = Limits().longest
REACH: Final = 2 * LONGEST + timedelta(hours=24)  # nothing further away decides whether a tap is linked to another

AT_FIRST: Final = REACH + timedelta(hours=24)  # so that a cluster of one day is found at the first look


def clusters(taps: Sequence[PlacedTap], book: Rulebook) -> list[list[PlacedTap]]:
    """One person's taps, in order, cut where nothing reaches over."""
    found: list[list[PlacedTap]] = []
    for tap in taps:
        if found and are_linked(found[-1], tap, book):
            found[-1].append(tap)
        else:
            found.append([tap])
    return found


def are_linked(earlier: Sequence[PlacedTap], later: PlacedTap, book: Rulebook) -> bool:
    """Whether a tap belongs to those before it.

    Args:
        earlier: in order; only those of the last twelve hours before their last matter.
        later: none of them is later.
        book: which station is open when.
    """
    last_at = earlier[-1].at
    if later.at - last_at <= LONGEST:
        return True
    if later.at - last_at > LONGEST + LATELY:
        return False
    stations = {tap.station for tap in earlier if last_at - tap.at <= LONGEST}
    return any(_may_end_after(station, last_at, later.at - LATELY, book) for station in stations)


def _may_end_after(station: StationCode, last_at: datetime, moment: datetime, book: Rulebook) -> bool:
    """Whether a stint that began there by `last_at` may end at that moment or later, since nobody said so."""
    rules = book.rules(station, last_at.astimezone(book.zone).date(), moment.astimezone(book.zone).date())
    reach = last_at + rules.limits.off_hours
    return any(stretch.opens_at <= reach and stretch.closes_at >= moment for stretch in rules.stretches(last_at, reach))


def around(
    moments: Sequence[PlacedTap],
    taps_between: Callable[[datetime, datetime], list[PlacedTap]],
    book: Rulebook,
) -> list[PlacedTap]:
    """All taps of the clusters that these moments lie in, or lay in.

    Args:
        moments: one person's taps as they are or were, not far apart; they link like any other.
        taps_between: that person's taps as they are, from one moment to another, both included.
        book: which station is open when.
    """
    first, last = min(moments).at, max(moments).at
    since, until, further = first - AT_FIRST, last + AT_FIRST, REACH
    while True:
        taps = taps_between(since, until)
        everything = sorted({*taps, *moments})
        touched = [
            cluster for cluster in clusters(everything, book) if cluster[-1].at >= first and cluster[0].at <= last
        ]
        low, high = touched[0][0].at, touched[-1][-1].at
        if low - REACH >= since and high + REACH <= until:
            return [tap for tap in taps if low <= tap.at <= high]
        since, until = min(since, low - further), max(until, high + further)
        further *= 2  # where a station never closes, a cluster may be a year long
