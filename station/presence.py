"""Who is there now: stints seen at one moment, counted, and as the wire has them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from station.names import StationCode
from station.stints import Standing, Stint
from station.wire.messages import PersonSeen


class Headcount(NamedTuple):
    """Volunteers on duty, and stepped out within their budget."""

    on_duty: int = 0
    stepped_out: int = 0


def headcount(latest: Iterable[Stint], at: datetime) -> Headcount:
    """How many count at that moment, given each counted person's latest stint as it finds it."""
    standings = [one.standing for one in latest if one.counts(at) and not (one.claimed or one.unproven)]
    return Headcount(standings.count(Standing.ON), standings.count(Standing.OUT))


def seen(stint: Stint, *, counted: bool = True) -> PersonSeen:
    """A stint as presence tells it."""
    return PersonSeen(
        state=stint.standing,
        since=stint.began_at,
        out_since=stint.out_since,
        ended_at=stint.ended_at,
        mark=stint.end,
        period=stint.period,
        counts_from=stint.counts_from,
        claimed=stint.claimed or stint.unproven,
        counted=counted,
    )


def stint_of(told: PersonSeen, station: StationCode) -> Stint:
    """The stint that presence told of, for a kiosk to fold its own taps on."""
    return Stint(
        station=station,
        began_at=told.since,
        period=told.period,
        counts_from=told.counts_from,
        ended_at=told.ended_at,
        end=told.mark,
        out_since=told.out_since,
        claimed=told.claimed,
    )
