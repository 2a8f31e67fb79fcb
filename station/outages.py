"""Which stations that fall silent together have one alarm between them. Pure.

Of a scope (a district, say) `FEWEST` or more whose silence has lasted long enough to be told, and began within
`WINDOW`, are a group: a line, a power cut or a broker, not so many kiosks. Each silent station is told of by one alarm,
its own or its group's. What a group is told of is `unwatched` alone: nothing of it stands for a vacancy.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Final, NamedTuple

FEWEST: Final = 4  # of fewer, each has an alarm of its own
STRAGGLERS: Final = 2  # a group of which no more than these are left is over, and each of them has its own
WINDOW: Final = timedelta(minutes=10)  # kiosks of one line are missed one by one
JOINS: Final = timedelta(minutes=20)  # after a group began; what falls silent later is another matter, and told anew
_BETWEEN: Final = ":"  # in no scope


class Silence(NamedTuple):
    """One station of which nobody can tell, and for so long that it is to be told.

    Attributes:
        scope: what it may share with others.
        since: from when on, as far as it was seen.
        group: which group it is in; empty for none.
        is_told: whether it has an alarm of its own, about which nobody has done anything.
    """

    scope: str
    since: datetime
    group: str = ""
    is_told: bool = False


class Grouped(NamedTuple):
    """Who is in which group from now on, and which groups are over; their last ones are in none."""

    groups: Mapping[str, frozenset[str]]
    over: frozenset[str]


def group_name(scope: str, number: int = 1) -> str:
    """What one of the groups of a scope is called while it runs; the first as the scope itself."""
    return scope if number == 1 else f"{scope}{_BETWEEN}{number}"


def scope_of(group: str) -> str:
    """What the stations of a group have in common."""
    return group.partition(_BETWEEN)[0]


def grouped(silences: Mapping[str, Silence], running: Mapping[str, datetime]) -> Grouped:
    """Put silent stations together; the order in which they are given changes nothing.

    Args:
        silences: by station, those who are silent now; whose own alarm somebody looks after is not among them.
        running: since when what each group there is tells of.
    """
    groups: dict[str, set[str]] = {name: set() for name in running}
    free: dict[str, dict[str, Silence]] = defaultdict(dict)
    for station, one in silences.items():
        name = one.group if one.group in groups else _joins(one, running)
        if name:
            groups[name].add(station)
        else:
            free[one.scope][station] = one
    over = frozenset(name for name, members in groups.items() if len(members) <= STRAGGLERS)
    for scope, ones in free.items():
        together = _together(ones)
        if len(together) >= FEWEST:
            name = next(name for n in count(1) if (name := group_name(scope, n)) not in running)
            groups[name] = together
    return Grouped({name: frozenset(members) for name, members in groups.items() if name not in over}, over)


def _joins(one: Silence, running: Mapping[str, datetime]) -> str:
    """The first group that it belongs to though it comes late; empty for none."""
    if one.is_told:
        return ""
    near = (name for name, since in running.items() if scope_of(name) == one.scope and abs(one.since - since) <= JOINS)
    return min(near, default="")


def _together(free: Mapping[str, Silence]) -> set[str]:
    """Those whose silence began with the last one's that is to be told now; nobody where there is no such one."""
    last = max((one.since for one in free.values() if not one.is_told), default=None)
    return set() if last is None else {code for code, one in free.items() if abs(last - one.since) <= WINDOW}
