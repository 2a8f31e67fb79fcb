"""What a tap does: decided at the kiosk, at once, with or without a link (rules, "What a tap does")."""

from datetime import datetime

from station.duty import StationRules
from station.forgotten import forgot
from station.names import StationCode
from station.records import Action
from station.stints import Standing, Stint


def decide(latest: Stint | None, station: StationCode, at: datetime, rules: StationRules) -> Action:
    """The action of a tap outside the guard.

    Args:
        latest: the person's latest stint as `at` finds it. Before a boot's first sync the caller passes only
            one that was begun in that boot: a clock that stood still must not send anybody home.
        station: where the tap is.
        at: when it is.
        rules: those of that station.
    """
    here = latest if latest is not None and latest.station == station else None
    if here is not None and here.standing is not Standing.OFF:
        return Action.LEAVE if here.standing is Standing.ON else Action.RETURN
    return Action.ARRIVE if forgot(here, at, rules) is None else Action.LEAVE
